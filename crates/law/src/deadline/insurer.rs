//! What the insurer owes for paying late: PP 44/2015 Articles 37 (3) and 40 (4).

use super::{Due, FOLDER, Start, count};
use crate::explained::{Arg, Step, code};
use crate::readings::Readings;
use crate::{Declined, Law};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// The rate a day, parts per million of the benefit.
pub const RATE: &str = "benefit/insurer_late_rate";
/// The kinds of deadline that are the insurer's to pay.
const KINDS: [&str; 2] = ["payment-accident", "payment-death"];

/// A benefit paid after its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsurerLate {
    /// When it was due.
    pub due: Due,
    /// Calendar days late.
    pub days: i64,
    /// What is owed on top, to the member or the heirs.
    pub compensation: Rupiah,
}

/// `1 % x days late x benefit`: the text counts days, not working days, and sets no ceiling.
/// Worked: 10,000,000 due on Monday and paid on Thursday: 3 x 1 % = 300,000.
///
/// # Errors
/// [`Declined`] for a kind that is not the insurer's to pay, an amount that is not above zero, or a
/// day without law.
pub fn insurer_late(
    kind: &str,
    start: Start,
    benefit: Rupiah,
    paid_on: Date,
    law: &Law,
) -> Result<Readings<InsurerLate>, Declined> {
    if !KINDS.contains(&kind) {
        return Err(Declined::Contradiction { first: kind.to_owned(), second: "--amount".into() });
    }
    if benefit <= Rupiah::ZERO {
        return Err(Declined::NotPositive { what: "amount" });
    }
    if paid_on < start.day() {
        return Err(Declined::DateOrder { date: paid_on, after: start.day() });
    }
    let path = format!("{FOLDER}{kind}");
    law.under_every_reading(
        start.day(),
        |law| {
            let mut due = count(&path, start, &law)?;
            let days = i64::from((paid_on - due.day()).get_days()).max(0);
            let (rate, reading) = law.number(RATE)?;
            let amount = Exact::from(benefit).at_ppm(rate) * days;
            let step = Step::new(code::INSURER_LATE).with("days", Arg::Count(days)).with("rate_ppm", Arg::Rate(rate));
            due.steps.push(step.making(amount).under(reading));
            let compensation = amount.round(Rounding::HalfUp).ok_or(Declined::TooLarge { what: "amount" })?;
            Ok(InsurerLate { due, days, compensation })
        },
        |a, b| (a.due.due, a.compensation) == (b.due.due, b.compensation),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_percent_a_day_after_the_due_day() {
        let of = |paid_on| {
            insurer_late("payment-death", date(2025, 7, 7).into(), Rupiah(10_000_000), paid_on, Law::builtin()).unwrap()
        };
        // Three working days from Monday the 7th: Thursday the 10th.
        assert_eq!(of(date(2025, 7, 10)).default().compensation, Rupiah(0));
        let late = of(date(2025, 7, 13));
        assert_eq!((late.default().days, late.default().compensation), (3, Rupiah(300_000)));
        assert!(insurer_late("claim", date(2025, 7, 7).into(), Rupiah(1), date(2025, 7, 8), Law::builtin()).is_err());
    }
}
