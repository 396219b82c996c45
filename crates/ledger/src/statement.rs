//! Bank statements: do the lines follow from one another? A line that is missing, doubled or misread breaks the balance that the next one prints.

use kernel::Date;

/// A line of a statement as it was read, in the order of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Value date.
    pub day: Date,
    /// Rupiah that came; zero on a line that took.
    pub credit: i64,
    /// Rupiah that went; zero on a line that brought.
    pub debit: i64,
    /// Balance printed after it.
    pub balance: i64,
    /// The table it was read from, and its line there.
    pub at: (u32, u32),
}

impl Line {
    /// The balance before it; none where no bank could have printed it.
    pub fn before(&self) -> Option<i64> {
        self.balance.checked_sub(self.credit)?.checked_add(self.debit)
    }
}

/// Where two lines do not follow from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The later line, by its place in the order.
    pub line: usize,
    /// Balance after the line before.
    pub expected: i64,
    /// Balance before this one, as it prints.
    pub found: i64,
}

/// Lines in the order in which they happened. Files print a day's lines from the first to the last or the other way round; each table is taken the way in
/// which its own balances break less often, the printed order where both are as good.
pub fn ordered(lines: &[Line]) -> Vec<usize> {
    let mut tables: Vec<u32> = lines.iter().map(|l| l.at.0).collect();
    tables.sort_unstable();
    tables.dedup();
    let mut backward = Vec::new();
    for table in tables {
        let mut own: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].at.0 == table).collect();
        own.sort_by_key(|i| (lines[*i].day, lines[*i].at.1));
        let forward = breaks(lines, &own);
        own.sort_by_key(|i| (lines[*i].day, std::cmp::Reverse(lines[*i].at.1)));
        if breaks(lines, &own) < forward {
            backward.push(table);
        }
    }
    let mut all: Vec<usize> = (0..lines.len()).collect();
    all.sort_by_key(|i| {
        let (table, line) = lines[*i].at;
        let line = i64::from(line);
        (lines[*i].day, table, if backward.contains(&table) { -line } else { line })
    });
    all
}

fn breaks(lines: &[Line], order: &[usize]) -> usize {
    order.windows(2).filter(|w| Some(lines[w[0]].balance) != lines[w[1]].before()).count()
}

/// Where lines in their order do not follow from one another.
pub fn gaps(lines: &[Line], order: &[usize]) -> Vec<Gap> {
    let pairs = order.windows(2).enumerate();
    pairs
        .filter_map(|(i, w)| {
            let (expected, found) = (lines[w[0]].balance, lines[w[1]].before().unwrap_or(i64::MIN));
            (expected != found).then_some(Gap { line: i + 1, expected, found })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(day: &str, amount: i64, balance: i64, at: (u32, u32)) -> Line {
        Line { day: day.parse().unwrap(), credit: amount.max(0), debit: (-amount).max(0), balance, at }
    }

    #[test]
    fn a_missing_line_breaks_the_balance() {
        let lines = [
            line("2026-10-01", 50_000, 150_000, (1, 2)),
            line("2026-10-01", -10_000, 140_000, (1, 3)),
            line("2026-10-03", 16_800, 156_800, (1, 4)),
        ];
        assert!(gaps(&lines, &ordered(&lines)).is_empty());
        let without = [lines[0].clone(), lines[2].clone()];
        assert_eq!(gaps(&without, &ordered(&without)), [Gap { line: 1, expected: 150_000, found: 140_000 }]);
    }

    #[test]
    fn newest_first_and_two_files() {
        let lines = [
            line("2026-10-03", 16_800, 156_800, (1, 2)),
            line("2026-10-01", -10_000, 140_000, (1, 3)),
            line("2026-10-01", 50_000, 150_000, (1, 4)),
            line("2026-11-02", 100, 156_900, (2, 2)),
        ];
        let order = ordered(&lines);
        assert_eq!(order, [2, 1, 0, 3]);
        assert!(gaps(&lines, &order).is_empty());
    }

    #[test]
    fn amounts_no_bank_prints_are_a_gap_and_no_crash() {
        let lines = [line("2026-10-01", 5, 5, (1, 2)), line("2026-10-02", i64::MAX, i64::MIN, (1, 3))];
        assert_eq!(gaps(&lines, &ordered(&lines)).len(), 1);
    }

    proptest::proptest! {
        /// Any history printed either way, cut into files at any day, follows from itself; with any one line left out between two others it does not.
        #[test]
        fn histories_follow_and_gaps_show(
            amounts in proptest::collection::vec((0u8..3, 1i64..1_000), 3..40),
            newest_first in proptest::bool::ANY,
            cut in 0usize..40,
            lost in 1usize..38,
        ) {
            let (mut balance, mut day) = (1_000_000i64, jiff_day());
            let mut lines = Vec::new();
            for (i, (step, amount)) in amounts.iter().enumerate() {
                for _ in 0..*step {
                    day = kernel::date::next_day(day).unwrap();
                }
                let amount = if i % 3 == 2 { -amount } else { *amount };
                balance += amount;
                lines.push(Line { day, credit: amount.max(0), debit: (-amount).max(0), balance, at: (1, 0) });
            }
            // Files are cut between days: a bank prints whole ones.
            let cut = lines.get(cut).map_or(day, |l| l.day);
            let n = lines.len() as u32;
            for (i, l) in lines.iter_mut().enumerate() {
                l.at = (if l.day < cut { 1 } else { 2 }, if newest_first { n - i as u32 } else { i as u32 });
            }
            let order = ordered(&lines);
            proptest::prop_assert!(gaps(&lines, &order).is_empty());
            if lost + 1 < lines.len() {
                let mut without = lines.clone();
                without.remove(lost);
                proptest::prop_assert!(!gaps(&without, &ordered(&without)).is_empty());
            }
        }
    }

    fn jiff_day() -> Date {
        "2026-01-01".parse().unwrap()
    }
}
