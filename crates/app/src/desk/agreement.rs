//! Do people who judge the same pair say the same? Counted over what they said themselves, not over what stands: the newest
//! decision on a pair stands, whoever took it.

use std::collections::BTreeMap;
use store::JudgementRow;

/// Pairs two people both judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// The two, in the order of their names.
    pub people: [String; 2],
    /// Pairs both judged.
    pub both: u64,
    /// Judged the same.
    pub same: u64,
}

/// How far people agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Pairs anybody judged.
    pub pairs: u64,
    /// Judged by two or more.
    pub twice: u64,
    /// Judged by two or more, all of whom say the same.
    pub same: u64,
    /// By two people; those who judged most together first.
    pub together: Vec<Together>,
    /// Pairs on which people differ.
    pub apart: Vec<JudgementRow>,
}

/// Counts agreement.
pub fn agreement(rows: Vec<JudgementRow>) -> Agreement {
    let mut out = Agreement { pairs: rows.len() as u64, ..Agreement::default() };
    let mut together: BTreeMap<[&str; 2], (u64, u64)> = BTreeMap::new();
    for row in &rows {
        for (i, (a, first)) in row.said.iter().enumerate() {
            for (b, second) in &row.said[i + 1..] {
                let (both, same) = together.entry(if a < b { [a, b] } else { [b, a] }).or_default();
                *both += 1;
                *same += u64::from(first == second);
            }
        }
    }
    out.together = together
        .into_iter()
        .map(|(people, (both, same))| Together { people: people.map(str::to_owned), both, same })
        .collect();
    out.together.sort_by_key(|t| std::cmp::Reverse(t.both));
    for row in rows.into_iter().filter(|r| r.said.len() > 1) {
        out.twice += 1;
        if row.said.iter().all(|(_, same)| *same == row.said[0].1) {
            out.same += 1;
        } else {
            out.apart.push(row);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(registration: &str, said: &[(&str, bool)]) -> JudgementRow {
        let said = said.iter().map(|(name, same)| ((*name).to_owned(), *same)).collect();
        JudgementRow { registration: registration.to_owned(), said, ..JudgementRow::default() }
    }

    #[test]
    fn people_are_counted_by_two() {
        let found = agreement(vec![
            row("1", &[("Ani", true)]),
            row("2", &[("Ani", true), ("Budi", true)]),
            row("3", &[("Budi", false), ("Ani", true)]),
            row("4", &[("Citra", true), ("Budi", true), ("Ani", false)]),
        ]);
        assert_eq!((found.pairs, found.twice, found.same), (4, 3, 1));
        let by = |a: &str, b: &str, both, same| Together { people: [a.to_owned(), b.to_owned()], both, same };
        assert_eq!(found.together, [by("Ani", "Budi", 3, 1), by("Ani", "Citra", 1, 0), by("Budi", "Citra", 1, 1),]);
        assert_eq!(found.apart.iter().map(|r| r.registration.as_str()).collect::<Vec<_>>(), ["3", "4"]);
    }
}
