//! The ladder of administrative sanctions: PP 86/2013 Articles 6, 7 and 10.

use super::{Due, count};
use crate::contribution::months_between;
use crate::explained::{Arg, Step, code};
use crate::readings::Readings;
use crate::{Declined, Law, LawAt};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};

/// Term of one written warning.
pub const WARNING: &str = "sanction/warning";
/// How many written warnings there are at most.
pub const WARNINGS: &str = "sanction/warnings";
/// Term of the stage in which the fine is due.
pub const FINE_STAGE: &str = "sanction/fine_stage";
/// The fine, parts per million a month of the contribution that should have been paid.
pub const FINE_RATE: &str = "sanction/fine_rate";
/// Whether a month begun counts.
pub const FINE_MONTHS: &str = "sanction/fine_months";
/// Whether the fine ends with its stage.
pub const FINE_SPAN: &str = "sanction/fine_span";
/// The choice that ends it there.
pub const STAGE_ONLY: &str = "stage_only";
/// Public services withheld.
pub const SERVICES: &str = "sanction/services";

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `warning-1`, `warning-2`, `fine`, `services`.
    pub code: String,
    /// First day of it.
    pub from: Date,
    /// Last day to comply; none on the last rung.
    pub due: Option<Due>,
}

/// The whole ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// The rungs in order.
    pub stages: Vec<Stage>,
    /// The fine on the day asked about, where a contribution and a day were given.
    pub fine: Option<Rupiah>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// What a fine is computed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FineFacts {
    /// The contribution that should have been paid.
    pub contribution: Rupiah,
    /// The day up to which months are counted.
    pub on: Date,
}

/// The ladder from the day the first warning is served, under every reading: the warnings run ten
/// working days by Article 6 (1) and ten days by Article 10; the fine runs from the end of the
/// second warning, 0.1 percent a month of the contribution that should have been paid.
///
/// # Errors
/// [`Declined`] for a day before 24 December 2013 or a contribution that is not above zero.
pub fn ladder(first_warning: Date, fine: Option<FineFacts>, law: &Law) -> Result<Readings<Ladder>, Declined> {
    law.under_every_reading(
        first_warning,
        |law| climb(first_warning, fine, &law),
        |a, b| a.fine == b.fine && days(a).eq(days(b)),
    )
}

fn days(ladder: &Ladder) -> impl Iterator<Item = Option<Date>> {
    ladder.stages.iter().map(|s| s.due.as_ref().map(Due::day))
}

fn climb(first_warning: Date, fine: Option<FineFacts>, law: &LawAt<'_>) -> Result<Ladder, Declined> {
    let (warnings, _) = law.number(WARNINGS)?;
    let mut rungs: Vec<(String, &str)> = (1..=warnings).map(|n| (format!("warning-{n}"), WARNING)).collect();
    rungs.push(("fine".into(), FINE_STAGE));
    let (mut from, mut stages, mut steps, mut fined_from) = (first_warning, Vec::new(), Vec::new(), first_warning);
    for (code, path) in rungs {
        if path == FINE_STAGE {
            fined_from = from;
        }
        let mut due = count(path, from.into(), law)?;
        steps.append(&mut due.steps);
        let next = due.day();
        stages.push(Stage { code, from, due: Some(due) });
        from = next;
    }
    stages.push(Stage { code: "services".into(), from, due: None });
    let amount = match fine {
        Some(facts) => Some(fine_on(facts, (fined_from, from), law, &mut steps)?),
        None => None,
    };
    steps.push(Step::new(code::SERVICES_WITHHELD).under(law.reading(SERVICES)?));
    Ok(Ladder { stages, fine: amount, steps })
}

fn fine_on(
    facts: FineFacts,
    (from, stage_end): (Date, Date),
    law: &LawAt<'_>,
    steps: &mut Vec<Step>,
) -> Result<Rupiah, Declined> {
    if facts.contribution <= Rupiah::ZERO {
        return Err(Declined::NotPositive { what: "contribution" });
    }
    if facts.on <= from {
        return Ok(Rupiah::ZERO);
    }
    let (rate, reading) = law.number(FINE_RATE)?;
    // Inside its stage nothing is contested about how long the fine runs, so nothing is asked.
    let on = match facts.on > stage_end && law.choice(FINE_SPAN)?.0 == STAGE_ONLY {
        true => stage_end,
        false => facts.on,
    };
    let (months, how) = months_between(from, on, law, FINE_MONTHS)?;
    steps.push(Step::new(code::FINE_MONTHS).with("months", Arg::Count(months)).under(how));
    let amount = Exact::from(facts.contribution).at_ppm(rate) * months;
    steps.push(Step::new(code::FINE).with("rate_ppm", Arg::Rate(rate)).making(amount).under(reading));
    amount.round(Rounding::HalfUp).ok_or(Declined::TooLarge { what: "contribution" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn dues(l: &Ladder) -> Vec<Date> {
        days(l).flatten().collect()
    }

    #[test]
    fn ten_days_have_two_readings() {
        // 1 July 2025, a Tuesday, no holiday on the way.
        let all = ladder(date(2025, 7, 1), None, Law::builtin()).unwrap().all;
        let working = all.iter().find(|u| u.id().contains("working")).unwrap();
        assert_eq!(dues(&working.value), [date(2025, 7, 15), date(2025, 7, 29), date(2025, 8, 28)]);
        let calendar = all.iter().find(|u| u.id().contains("calendar")).unwrap();
        assert_eq!(dues(&calendar.value), [date(2025, 7, 11), date(2025, 7, 21), date(2025, 8, 20)]);
        assert_eq!(all[0].value.stages.len(), 4);
        assert_eq!(all[0].value.stages[3].code, "services");
    }

    #[test]
    fn the_fine_counts_from_the_end_of_the_second_warning() {
        let facts = FineFacts { contribution: Rupiah(1_000_000), on: date(2025, 8, 29) };
        let all = ladder(date(2025, 7, 1), Some(facts), Law::builtin()).unwrap();
        // 29 July to 29 August: one month of 0.1 percent.
        assert_eq!(all.default().fine, Some(Rupiah(1_000)));
        let none = FineFacts { on: date(2025, 7, 29), ..facts };
        assert_eq!(ladder(date(2025, 7, 1), Some(none), Law::builtin()).unwrap().default().fine, Some(Rupiah::ZERO));
        let bad = FineFacts { contribution: Rupiah(0), ..facts };
        assert!(ladder(date(2025, 7, 1), Some(bad), Law::builtin()).is_err());
    }
}
