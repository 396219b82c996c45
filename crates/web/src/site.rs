//! What every request shares.

use app::desk::Desk;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How the site is reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Browsers reach it by HTTPS: cookies are for HTTPS only.
    pub secure: bool,
}

/// A city's site.
pub struct Site {
    /// The desk.
    pub desk: Arc<Desk>,
    /// How it is reached.
    pub settings: Settings,
    counts: Mutex<BTreeMap<(String, u16), u64>>,
    requests: AtomicU64,
}

impl Site {
    /// A site over a desk.
    pub fn new(desk: Arc<Desk>, settings: Settings) -> Self {
        Self { desk, settings, counts: Mutex::new(BTreeMap::new()), requests: AtomicU64::new(0) }
    }

    /// A number for a request: what a person reads out, and what stands in the log.
    pub(crate) fn reference(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed);
        match Desk::token() {
            Ok(token) => app::desk::hex(&token[..4]),
            Err(_) => format!("{n:08x}"),
        }
    }

    pub(crate) fn count(&self, route: &str, status: u16) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((route.to_owned(), status)).or_default() += 1;
    }

    /// Requests by route and status, for whoever watches the machine.
    pub(crate) fn metrics(&self) -> String {
        let mut out = String::from("# TYPE payung_requests_total counter\n");
        for ((route, status), n) in self.counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            out.push_str(&format!("payung_requests_total{{route=\"{route}\",status=\"{status}\"}} {n}\n"));
        }
        out
    }
}
