//! The best assignment of one connected group, and how clear each choice is.
//!
//! Rows choose columns. A column's first row is free of charge; under a price every further row of
//! the column pays it, so that such a choice is open to a row whatever the others do. What a row
//! can have without competing (a further place, or nothing) is its *outside* value. What remains
//! is a one-to-one assignment, solved by shortest augmenting paths with potentials (Kuhn, Munkres;
//! Jonker and Volgenant, 1987), row by row: optimal, integer, and local, since a search ends at the
//! first free column. The loss of doing without a choice is found the same way, from the potentials,
//! and only as far as the margin asks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A group: values of the columns each row could have, none below nought.
pub(crate) struct Group {
    /// Column and value, for each row.
    pub(crate) rows: Vec<Vec<(u32, i64)>>,
    /// Number of columns.
    pub(crate) columns: usize,
    /// Price of a further row in a column; without one, columns take one row.
    pub(crate) further: Option<i64>,
}

/// What a row got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The column.
    pub(crate) column: u32,
    /// In a further place, at a price.
    pub(crate) further: bool,
    /// Every assignment without this choice is worse by the margin or more.
    pub(crate) clear: bool,
}

/// No column, no row.
const NONE: u32 = u32::MAX;

struct Solver<'a> {
    group: &'a Group,
    /// Row's best outside value and its column, and the best with another column.
    outside: Vec<[(i64, u32); 2]>,
    row_of: Vec<u32>,
    column_of: Vec<u32>,
    /// Potentials: `-value - u - v >= 0` for every edge, nought for chosen ones.
    u: Vec<i64>,
    v: Vec<i64>,
    // Scratch of a search, reset through `touched`.
    distance: Vec<i64>,
    from: Vec<u32>,
    touched: Vec<u32>,
    done: Vec<(u32, i64)>,
}

/// Where a search ended.
#[derive(Clone, Copy)]
enum End {
    Column(u32),
    Outside(u32),
}

/// Solves a group; a row that is best left alone gets nothing.
pub(crate) fn solve(group: &Group, margin: i64) -> Vec<Option<Choice>> {
    let mut solver = Solver::new(group);
    for row in 0..group.rows.len() as u32 {
        solver.insert(row);
    }
    let by_column = solver.edges_by_column();
    (0..group.rows.len() as u32).map(|row| solver.choice(row, margin, &by_column)).collect()
}

impl<'a> Solver<'a> {
    fn new(group: &'a Group) -> Self {
        let outside = group
            .rows
            .iter()
            .map(|row| {
                let mut best = [(0, NONE); 2];
                if let Some(price) = group.further {
                    for (column, value) in row {
                        let option = (value - price, *column);
                        if option.0 > best[0].0 {
                            best = [option, best[0]];
                        } else if option.0 > best[1].0 {
                            best[1] = option;
                        }
                    }
                }
                best
            })
            .collect();
        let rows = group.rows.len();
        Self {
            group,
            outside,
            row_of: vec![NONE; group.columns],
            column_of: vec![NONE; rows],
            u: vec![0; rows],
            v: vec![0; group.columns],
            distance: vec![i64::MAX; group.columns],
            from: vec![NONE; group.columns],
            touched: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Searches from a row to the nearest end. `without` is a column the start may not take, but
    /// in which a search may end; `start_outside` is what the start has outside. Answers the end and
    /// its distance, if it is below `limit`.
    fn search(&mut self, start: u32, without: Option<u32>, start_outside: i64, limit: i64) -> Option<(End, i64)> {
        self.done.clear();
        let mut heap = BinaryHeap::new();
        let mut best: Option<(End, i64)> = None;
        let (mut row, mut at) = (start, 0i64);
        loop {
            let outside = if row == start { start_outside } else { self.outside[row as usize][0].0 };
            let end = at - outside - self.u[row as usize];
            if end < best.map_or(limit, |b| b.1) {
                best = Some((End::Outside(row), end));
            }
            for (column, value) in &self.group.rows[row as usize] {
                if row == start && without == Some(*column) {
                    continue;
                }
                let next = at - value - self.u[row as usize] - self.v[*column as usize];
                let known = &mut self.distance[*column as usize];
                if next < *known && next < best.map_or(limit, |b| b.1) {
                    if *known == i64::MAX {
                        self.touched.push(*column);
                    }
                    *known = next;
                    self.from[*column as usize] = row;
                    heap.push(Reverse((next, *column)));
                }
            }
            // The next column whose distance is final.
            let column = loop {
                match heap.pop() {
                    None => break None,
                    Some(Reverse((d, c))) if d == self.distance[c as usize] => break Some((c, d)),
                    Some(_) => {}
                }
            };
            let Some((column, d)) = column else { break };
            if d >= best.map_or(limit, |b| b.1) {
                break;
            }
            if without == Some(column) || self.row_of[column as usize] == NONE {
                best = Some((End::Column(column), d));
                break;
            }
            self.done.push((column, d));
            (row, at) = (self.row_of[column as usize], d);
        }
        best
    }

    fn reset(&mut self) {
        for column in self.touched.drain(..) {
            self.distance[column as usize] = i64::MAX;
        }
    }

    /// Brings a row in along the shortest augmenting path.
    fn insert(&mut self, row: u32) {
        let own = self.group.rows[row as usize].iter().map(|(c, value)| -value - self.v[*c as usize]).min();
        let outside = -self.outside[row as usize][0].0;
        self.u[row as usize] = own.unwrap_or(outside).min(outside);
        let found = self.search(row, None, self.outside[row as usize][0].0, i64::MAX);
        let Some((end, total)) = found else {
            self.reset();
            return;
        };
        // Potentials first: they belong to the rows as matched before the path turns over.
        self.u[row as usize] += total;
        for (column, d) in &self.done {
            self.u[self.row_of[*column as usize] as usize] += total - d;
            self.v[*column as usize] -= total - d;
        }
        let mut column = match end {
            End::Column(column) => column,
            End::Outside(last) => std::mem::replace(&mut self.column_of[last as usize], NONE),
        };
        while column != NONE {
            let taker = self.from[column as usize];
            self.row_of[column as usize] = taker;
            column = std::mem::replace(&mut self.column_of[taker as usize], column);
        }
        self.reset();
    }

    fn edges_by_column(&self) -> Vec<Vec<(u32, i64)>> {
        let mut out = vec![Vec::new(); self.group.columns];
        for (row, edges) in self.group.rows.iter().enumerate() {
            for (column, value) in edges {
                out[*column as usize].push((row as u32, *value));
            }
        }
        out
    }

    /// Least cost of giving a column away, below `limit`: to nobody, or to a row that leaves its
    /// own place to the next.
    fn give_away(&self, column: u32, limit: i64, by_column: &[Vec<(u32, i64)>], except: u32) -> i64 {
        let mut best = limit;
        let mut heap = BinaryHeap::from([Reverse((0i64, column))]);
        let mut seen = std::collections::BTreeSet::new();
        while let Some(Reverse((d, column))) = heap.pop() {
            if d >= best {
                break;
            }
            if !seen.insert(column) {
                continue;
            }
            best = best.min(d - self.v[column as usize]);
            for (row, value) in &by_column[column as usize] {
                if *row == except || self.row_of[column as usize] == *row {
                    continue;
                }
                let next = d - value - self.u[*row as usize] - self.v[column as usize];
                match self.column_of[*row as usize] {
                    NONE => best = best.min(next),
                    theirs if next < best => heap.push(Reverse((next, theirs))),
                    _ => {}
                }
            }
        }
        best
    }

    fn choice(&mut self, row: u32, margin: i64, by_column: &[Vec<(u32, i64)>]) -> Option<Choice> {
        let [first, second] = self.outside[row as usize];
        let column = self.column_of[row as usize];
        if column == NONE {
            let (_, column) = first;
            if column == NONE {
                return None;
            }
            // Instead: the next best outside, or a place others give up.
            let found = self.search(row, Some(column), second.0, margin);
            self.reset();
            // The column's own first place is the same choice at a better price, not an alternative.
            let clear = !matches!(found, Some((End::Outside(_) | End::Column(_), _)));
            return Some(Choice { column, further: true, clear });
        }
        // Without the column, a further place in it is no way out either.
        let outside = if first.1 == column { second.0 } else { first.0 };
        let found = self.search(row, Some(column), outside, margin);
        self.reset();
        let loss = match found {
            None => margin,
            Some((End::Column(end), d)) if end == column => d,
            Some((_, d)) => d + self.give_away(column, margin - d, by_column, row),
        };
        Some(Choice { column, further: false, clear: loss >= margin })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Value of the best assignment by trying everything, with one choice forbidden.
    fn brute(group: &Group, without: Option<(usize, u32)>) -> i64 {
        fn go(group: &Group, without: Option<(usize, u32)>, row: usize, taken: u32) -> i64 {
            if row == group.rows.len() {
                return 0;
            }
            let mut best = go(group, without, row + 1, taken);
            for (column, value) in &group.rows[row] {
                if without == Some((row, *column)) {
                    continue;
                }
                if taken & (1 << column) == 0 {
                    best = best.max(value + go(group, without, row + 1, taken | 1 << column));
                } else if let Some(price) = group.further {
                    best = best.max(value - price + go(group, without, row + 1, taken));
                }
            }
            best
        }
        go(group, without, 0, 0)
    }

    fn value(group: &Group, chosen: &[Option<Choice>]) -> i64 {
        let of = |(row, choice): (usize, &Option<Choice>)| {
            choice.map_or(0, |c| {
                let value = group.rows[row].iter().find(|e| e.0 == c.column).map_or(0, |e| e.1);
                value - if c.further { group.further.unwrap_or(0) } else { 0 }
            })
        };
        chosen.iter().enumerate().map(of).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn it_is_the_best_and_clear_means_clear(
            rows in prop::collection::vec(prop::collection::btree_map(0u32..5, 0i64..30, 1..5), 1..6),
            further in prop::option::of(0i64..20),
            margin in 1i64..12,
        ) {
            let group = Group { rows: rows.into_iter().map(|r| r.into_iter().collect()).collect(), columns: 5, further };
            let chosen = solve(&group, margin);
            let best = brute(&group, None);
            prop_assert_eq!(value(&group, &chosen), best);
            for (row, choice) in chosen.iter().enumerate() {
                if let Some(choice) = choice {
                    let loss = best - brute(&group, Some((row, choice.column)));
                    prop_assert_eq!(choice.clear, loss >= margin, "row {} loss {} {:?}", row, loss, chosen);
                }
            }
        }
    }
}
