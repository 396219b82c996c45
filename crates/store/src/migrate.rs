//! One list of migrations; the database remembers how many it has.

use crate::db::{Database, OptionalExtension};
use crate::dialect::Dialect;
use crate::{Fault, Vault};

pub(crate) const MIGRATIONS: [&str; 39] = [
    include_str!("../migrations/0001_facts.sql"),
    include_str!("../migrations/0002_desk.sql"),
    include_str!("../migrations/0003_casework.sql"),
    include_str!("../migrations/0004_letters.sql"),
    include_str!("../migrations/0005_account.sql"),
    include_str!("../migrations/0006_review.sql"),
    include_str!("../migrations/0007_groups.sql"),
    include_str!("../migrations/0008_officer.sql"),
    include_str!("../migrations/0009_signon.sql"),
    include_str!("../migrations/0010_people.sql"),
    include_str!("../migrations/0011_check.sql"),
    include_str!("../migrations/0012_complaint.sql"),
    include_str!("../migrations/0013_accident.sql"),
    include_str!("../migrations/0014_months.sql"),
    include_str!("../migrations/0015_foreman.sql"),
    include_str!("../migrations/0016_rights.sql"),
    include_str!("../migrations/0017_mail.sql"),
    include_str!("../migrations/0018_labour.sql"),
    include_str!("../migrations/0019_photo.sql"),
    include_str!("../migrations/0020_same_person.sql"),
    include_str!("../migrations/0021_gate.sql"),
    include_str!("../migrations/0022_override.sql"),
    include_str!("../migrations/0023_number.sql"),
    include_str!("../migrations/0024_slip.sql"),
    include_str!("../migrations/0025_webhook.sql"),
    include_str!("../migrations/0026_remind.sql"),
    include_str!("../migrations/0027_aman.sql"),
    include_str!("../migrations/0028_outreach.sql"),
    include_str!("../migrations/0029_training.sql"),
    include_str!("../migrations/0030_enrol.sql"),
    include_str!("../migrations/0031_coverage.sql"),
    include_str!("../migrations/0032_meeting.sql"),
    include_str!("../migrations/0033_mended.sql"),
    include_str!("../migrations/0034_worklist.sql"),
    include_str!("../migrations/0035_award.sql"),
    include_str!("../migrations/0036_forecast.sql"),
    include_str!("../migrations/0037_paid.sql"),
    include_str!("../migrations/0038_lists.sql"),
    include_str!("../migrations/0039_passkey.sql"),
];

/// The schema from which stays are kept as they are now: those of before are made anew from the rows.
const STAYS_SINCE: i64 = 31;

pub(crate) fn migrate(database: &mut Database, vault: &Vault) -> Result<(), Fault> {
    let known = MIGRATIONS.len() as i64;
    let dialect = database.dialect();
    let transaction = database.transaction()?;
    transaction.execute_batch(dialect.schema_place())?;
    let found: i64 = transaction.query_row(dialect.schema_version(), [], |r| r.get(0))?;
    if found > known {
        return Err(Fault::NewerSchema { found, known });
    }
    if found < known {
        for migration in &MIGRATIONS[usize::try_from(found).unwrap_or(0)..] {
            transaction.execute_batch(&dialect.schema(migration))?;
        }
        transaction.execute_batch(&dialect.schema_keep(known))?;
    }
    if (1..STAYS_SINCE).contains(&found) {
        crate::stays::rebuild(&transaction, vault)?;
    }
    if dialect == Dialect::Postgres {
        check_key(&transaction, vault)?;
    }
    transaction.commit()?;
    Ok(())
}

/// On a server the data and its key are apart, so that one could meet the other's. The database remembers which
/// key is its own, by a digest from which nobody finds the key.
fn check_key(database: &Database, vault: &Vault) -> Result<(), Fault> {
    let ours = vault.blind(&[b"key of this database"]);
    let kept: Option<Option<[u8; 16]>> =
        database.query_row("SELECT key_check FROM payung_schema", [], |r| r.get(0)).optional()?;
    match kept.flatten() {
        Some(theirs) if theirs == ours => Ok(()),
        Some(_) => Err(Fault::WrongKey),
        None => {
            database.execute("UPDATE payung_schema SET key_check = ?1", [&ours[..]])?;
            Ok(())
        }
    }
}
