//! Which letter is next, and when.

use crate::LetterKind;
use kernel::Date;
use law::deadline::{Due, Ladder, ladder};
use law::{Declined, Law, LeaveReading};

/// A letter that went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// Which.
    pub kind: LetterKind,
    /// The day on it. Its term runs from that day: the day of receipt is not known here.
    pub on: Date,
}

/// What is known of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// The duty is met, or somebody decided that it shall not count.
    pub cured: bool,
    /// Letters that went out and were not withdrawn, in any order.
    pub issued: Vec<Issued>,
    /// A letter that lies there unreleased.
    pub drafted: Option<LetterKind>,
}

/// What a city chose where no law speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Working days between a notice and the first warning.
    pub notice_days: u32,
}

/// The next step of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the duty is met. The ladder stops.
    Cured,
    /// A draft waits for somebody to release it.
    Release(LetterKind),
    /// This letter may be written; due since a day, or at once.
    Write {
        /// Which.
        kind: LetterKind,
        /// Since when; none where nothing went before it.
        since: Option<Date>,
    },
    /// The last letter's term runs.
    Wait {
        /// Which letter would follow; none where it is the insurer's turn.
        then: Option<LetterKind>,
        /// Last day of the term.
        until: Date,
    },
    /// Both warnings have run out: fine and withheld services are the insurer's to ask for.
    HandOver {
        /// Since when.
        since: Date,
    },
}

/// Last day of a warning's term: under the default reading, and the latest under any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarningTerm {
    /// By the default reading.
    pub until: Date,
    /// By the reading kindest to the employer.
    pub latest: Date,
}

/// Term of a warning issued on a day, PP 86/2013 Articles 6 and 10: the readings differ about working days.
///
/// # Errors
/// [`Declined`] for a day before the rule.
pub fn warning_term(issued: Date, law: &Law) -> Result<WarningTerm, Declined> {
    let readings = ladder(issued, None, law)?;
    let first = |l: &Ladder| l.stages.iter().find_map(|s| s.due.as_ref()).map_or(issued, Due::day);
    let until = first(readings.default());
    let latest = readings.all.iter().map(|u| first(&u.value)).max().unwrap_or(until);
    Ok(WarningTerm { until, latest })
}

/// The next step of a case on a day. A term is over when its last day is over.
///
/// # Errors
/// [`Declined`] where a letter is older than the rule.
pub fn next_step(case: &CaseFacts, policy: Policy, law: &Law, today: Date) -> Result<Next, Declined> {
    if case.cured {
        return Ok(Next::Cured);
    }
    if let Some(kind) = case.drafted {
        return Ok(Next::Release(kind));
    }
    let last = |kind: LetterKind| case.issued.iter().filter(|i| i.kind == kind).map(|i| i.on).max();
    let (first, second) = (last(LetterKind::FirstWarning), last(LetterKind::SecondWarning));
    let (until, then) = match (second, first, last(LetterKind::Notice)) {
        (Some(on), _, _) => (warning_term(on, law)?.latest, None),
        (None, Some(on), _) => (warning_term(on, law)?.latest, Some(LetterKind::SecondWarning)),
        (None, None, Some(on)) => {
            let calendar = law.calendar(LeaveReading::LeaveIsOff);
            (calendar.after_working_days(on, policy.notice_days).date, Some(LetterKind::FirstWarning))
        }
        (None, None, None) => return Ok(Next::Write { kind: LetterKind::Notice, since: None }),
    };
    Ok(match then {
        _ if today <= until => Next::Wait { then, until },
        Some(kind) => Next::Write { kind, since: Some(until) },
        None => Next::HandOver { since: until },
    })
}

/// Why a warning may not be written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooEarly {
    /// A second warning follows a first one.
    NoFirst,
    /// The last warning's term runs until the end of a day.
    TermRuns(Date),
}

/// May a letter of this kind be written on a day? A notice and what clears the matter up always may; a warning only once
/// the one before it has run its term.
///
/// # Errors
/// [`Declined`] where a letter is older than the rule; inside, why not.
pub fn may_write(kind: LetterKind, case: &CaseFacts, law: &Law, today: Date) -> Result<Result<(), TooEarly>, Declined> {
    let last = |kind: LetterKind| case.issued.iter().filter(|i| i.kind == kind).map(|i| i.on).max();
    let before = match kind {
        LetterKind::FirstWarning => last(LetterKind::FirstWarning).max(last(LetterKind::SecondWarning)),
        LetterKind::SecondWarning => match last(LetterKind::FirstWarning) {
            None => return Ok(Err(TooEarly::NoFirst)),
            first => first.max(last(LetterKind::SecondWarning)),
        },
        _ => return Ok(Ok(())),
    };
    let Some(on) = before else { return Ok(Ok(())) };
    let latest = warning_term(on, law)?.latest;
    Ok(if today <= latest { Err(TooEarly::TermRuns(latest)) } else { Ok(()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const POLICY: Policy = Policy { notice_days: 7 };

    fn issued(kind: LetterKind, on: Date) -> CaseFacts {
        CaseFacts { issued: vec![Issued { kind, on }], ..CaseFacts::default() }
    }

    fn next(case: &CaseFacts, today: Date) -> Next {
        next_step(case, POLICY, Law::builtin(), today).unwrap()
    }

    #[test]
    fn a_case_climbs_by_the_legal_clock() {
        assert_eq!(
            next(&CaseFacts::default(), date(2025, 7, 1)),
            Next::Write { kind: LetterKind::Notice, since: None }
        );
        // 1 July 2025 is a Tuesday; seven working days later it is the 10th.
        let case = issued(LetterKind::Notice, date(2025, 7, 1));
        let wait = Next::Wait { then: Some(LetterKind::FirstWarning), until: date(2025, 7, 10) };
        assert_eq!(next(&case, date(2025, 7, 10)), wait);
        let write = Next::Write { kind: LetterKind::FirstWarning, since: Some(date(2025, 7, 10)) };
        assert_eq!(next(&case, date(2025, 7, 11)), write);
        // The law's own test of the ladder: ten working days from 1 July end on the 15th, ten days on the 11th.
        let case = issued(LetterKind::FirstWarning, date(2025, 7, 1));
        let wait = Next::Wait { then: Some(LetterKind::SecondWarning), until: date(2025, 7, 15) };
        assert_eq!(next(&case, date(2025, 7, 12)), wait, "the reading kindest to the employer holds");
        let case = issued(LetterKind::SecondWarning, date(2025, 7, 1));
        assert_eq!(next(&case, date(2025, 7, 16)), Next::HandOver { since: date(2025, 7, 15) });
    }

    #[test]
    fn it_stops_when_cured_and_waits_for_a_draft() {
        let cured = CaseFacts { cured: true, ..issued(LetterKind::FirstWarning, date(2025, 7, 1)) };
        assert_eq!(next(&cured, date(2026, 1, 1)), Next::Cured);
        let drafted = CaseFacts { drafted: Some(LetterKind::SecondWarning), ..cured };
        let open = CaseFacts { cured: false, ..drafted };
        assert_eq!(next(&open, date(2026, 1, 1)), Next::Release(LetterKind::SecondWarning));
    }

    #[test]
    fn a_warning_waits_for_the_term_of_the_one_before() {
        let may = |kind, case: &CaseFacts, today| may_write(kind, case, Law::builtin(), today).unwrap();
        let none = CaseFacts::default();
        let day = date(2025, 7, 1);
        assert_eq!(may(LetterKind::FirstWarning, &none, day), Ok(()), "no law asks for a notice first");
        assert_eq!(may(LetterKind::SecondWarning, &none, day), Err(TooEarly::NoFirst));
        let first = issued(LetterKind::FirstWarning, day);
        let end = date(2025, 7, 15);
        for kind in [LetterKind::FirstWarning, LetterKind::SecondWarning] {
            assert_eq!(may(kind, &first, end), Err(TooEarly::TermRuns(end)));
            assert_eq!(may(kind, &first, date(2025, 7, 16)), Ok(()));
        }
        assert_eq!(may(LetterKind::Invitation, &first, day), Ok(()));
    }

    proptest! {
        /// No day on which a second warning may be written lies within the first one's term, under any reading.
        #[test]
        fn nobody_is_warned_twice_within_a_term(start in 0i64..3000, later in 0i64..60) {
            let on = date(2018, 1, 1).checked_add(jiff::Span::new().days(start)).unwrap();
            let today = on.checked_add(jiff::Span::new().days(later)).unwrap();
            let step = next(&issued(LetterKind::FirstWarning, on), today);
            let term = warning_term(on, Law::builtin()).unwrap();
            prop_assert!(term.until <= term.latest);
            match step {
                Next::Wait { until, .. } => prop_assert!(today <= until && until == term.latest),
                Next::Write { kind, since } => {
                    prop_assert_eq!(kind, LetterKind::SecondWarning);
                    prop_assert!(since.unwrap() < today);
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
