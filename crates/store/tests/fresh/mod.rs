//! A database of its own for a test, on the server that `PAYUNG_TEST_DATABASE` names; none where it names none, and
//! then the test runs on a file. Shared by the tests of `store` and of the program.

use postgres::{Client, NoTls};
use std::sync::atomic::{AtomicU32, Ordering};

/// Dropped with the test.
pub struct FreshDatabase {
    admin: String,
    name: String,
}

impl FreshDatabase {
    pub fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin = std::env::var("PAYUNG_TEST_DATABASE").ok().filter(|url| !url.is_empty())?;
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("payung_test_{}_{next}", std::process::id());
        let mut client = Client::connect(&admin, NoTls).expect("the server of PAYUNG_TEST_DATABASE");
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        // An order of words unlike that of bytes, where the server knows one: the store must not depend on it.
        let human = format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'id'");
        if client.batch_execute(&human).is_err() {
            client.batch_execute(&create).expect("a fresh database");
        }
        Some(Self { admin, name })
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.admin.rsplit_once('/').expect("an address with a database").0, self.name)
    }

    /// Ends every connection to it, as a restart of the server does.
    #[allow(dead_code)]
    pub fn hang_up(&self) {
        let mut client = Client::connect(&self.admin, NoTls).expect("server");
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        client.execute(end, &[&self.name]).expect("terminate");
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        if let Ok(mut client) = Client::connect(&self.admin, NoTls) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}
