//! One list of migrations; the database remembers how many it has.

use crate::Fault;
use rusqlite::Connection;

const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/0001_facts.sql"),
    include_str!("../migrations/0002_desk.sql"),
    include_str!("../migrations/0003_casework.sql"),
    include_str!("../migrations/0004_letters.sql"),
];

pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let known = MIGRATIONS.len() as i64;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > known {
        return Err(Fault::NewerSchema { found, known });
    }
    for migration in &MIGRATIONS[found as usize..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
