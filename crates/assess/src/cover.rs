//! One person's cover from every side: projects, a firm, own payment, budget, donors. Where there is a gap, where two pay for the same day.

use crate::protection::State;
use crate::roster::Segment;
use kernel::Date;
use kernel::date::next_day;
use registers::person::Payer;

/// Cover by somebody else than a project, from a first day to a last one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Other {
    /// First day.
    pub from: Date,
    /// Last day; the end of time while it lasts.
    pub to: Date,
    /// Who pays.
    pub payer: Payer,
    /// The firm, programme or donor by name.
    pub name: String,
}

/// Days of one person, each counted once in what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    /// At work and covered by a project.
    pub covered: u32,
    /// At work and covered by no project.
    pub uncovered: u32,
    /// Of these, with other cover. It does not free the project of its duty.
    pub elsewhere: u32,
    /// Covered by two projects.
    pub twice: u32,
    /// Covered by a project and by somebody else.
    pub both: u32,
    /// Covered by two others of one kind, such as two donors: one of them pays for nothing.
    pub double: u32,
    /// Between the first and the last day known, on no list of a project.
    pub away: u32,
    /// Days without any cover between the first and the last day known: first and last day of each gap.
    pub gaps: Vec<(Date, Date)>,
}

/// Counts a person's days up to one. `stays` are the days on lists of projects, `projects` the cover of each, `others` that of others.
///
/// Time: days times lists; a working life has some thousands of days.
pub fn days(stays: &[(Date, Date)], projects: &[Vec<Segment>], others: &[Other], through: Date) -> Days {
    let spans = stays.iter().copied().chain(others.iter().map(|o| (o.from, o.to)));
    let spans: Vec<(Date, Date)> = spans.map(|(from, to)| (from, to.min(through))).filter(|s| s.0 <= s.1).collect();
    let mut out = Days::default();
    let (Some(first), Some(last)) = (spans.iter().map(|s| s.0).min(), spans.iter().map(|s| s.1).max()) else {
        return out;
    };
    let mut day = first;
    while day <= last {
        count(&mut out, day, stays, projects, others);
        let Some(next) = next_day(day) else { break };
        day = next;
    }
    out
}

fn count(out: &mut Days, day: Date, stays: &[(Date, Date)], projects: &[Vec<Segment>], others: &[Other]) {
    let on = |from: Date, to: Date| from <= day && day <= to;
    let (mut by, mut at_work) = (0u32, false);
    for segment in projects.iter().flatten().filter(|s| on(s.from, s.to)) {
        at_work = true;
        by += u32::from(segment.state == State::Covered);
    }
    let mut kinds = [0u32; Payer::ALL.len()];
    for other in others.iter().filter(|o| on(o.from, o.to)) {
        kinds[other.payer as usize] += 1;
    }
    let elsewhere = kinds.iter().any(|n| *n > 0);
    match (by, at_work) {
        (0, true) => {
            out.uncovered += 1;
            out.elsewhere += u32::from(elsewhere);
        }
        (0, false) => out.away += u32::from(!stays.iter().any(|s| on(s.0, s.1))),
        _ => out.covered += 1,
    }
    out.twice += u32::from(by > 1);
    out.both += u32::from(by > 0 && elsewhere);
    out.double += u32::from(kinds.iter().any(|n| *n > 1));
    if by == 0 && !elsewhere {
        match out.gaps.last_mut() {
            Some(gap) if next_day(gap.1) == Some(day) => gap.1 = day,
            _ => out.gaps.push((day, day)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Why;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn segment(from: &str, to: &str, state: State) -> Segment {
        Segment { from: day(from), to: day(to), state, lenient: state, why: Why::Project }
    }

    fn other(payer: Payer, from: &str, to: &str) -> Other {
        Other { from: day(from), to: day(to), payer, name: String::new() }
    }

    #[test]
    fn gaps_overlaps_and_double_payment() {
        let stays = [(day("2026-01-01"), day("2026-01-20"))];
        let projects = [vec![
            segment("2026-01-01", "2026-01-05", State::Exposed),
            segment("2026-01-06", "2026-01-20", State::Covered),
        ]];
        let others = [
            other(Payer::Own, "2026-01-04", "2026-01-10"),
            other(Payer::Donor, "2026-02-01", "2026-02-28"),
            other(Payer::Donor, "2026-02-15", "2026-03-31"),
        ];
        let d = days(&stays, &projects, &others, day("2026-03-10"));
        assert_eq!((d.covered, d.uncovered, d.elsewhere), (15, 5, 2));
        assert_eq!((d.both, d.double, d.twice), (5, 14, 0));
        assert_eq!(d.gaps, [(day("2026-01-01"), day("2026-01-03")), (day("2026-01-21"), day("2026-01-31"))]);
        assert_eq!(d.away, 31 - 20 + 28 + 10);
        assert_eq!(days(&[], &[], &[], day("2026-03-10")), Days::default());
    }
}
