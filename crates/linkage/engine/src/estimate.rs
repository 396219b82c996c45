//! Estimation of m and u: by expectation maximisation, by sampling, and from labels.
//!
//! The population is all pairs of the two lists. u of a level is how often random pairs reach it;
//! it is counted on the cross product of two samples. m is how often true pairs reach it; true
//! pairs are unknown, so each candidate pair counts by its probability under the model so far, and
//! the two steps are repeated until nothing moves. Pairs that share no blocking key are taken as
//! no match, which is what blocking claims anyhow.
//!
//! Where a right record has at most one partner, its candidates share one probability among them
//! and "nobody": twins then do not count twice, which plain expectation maximisation gets wrong.

use crate::block::{Blocks, Look};
use crate::lists::{Lists, Side, sample};
use crate::look::{Scratch, find};
use crate::model::{Comparison, Model, Outcome, Outcomes};
use crate::weight::{BILLION, Fine, ONE, Share, exp2_minus, log2_fine, to_hundredths};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How to estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Right records whose candidates are looked at.
    pub records: usize,
    /// Records of each side whose cross product gives u.
    pub random: usize,
    /// Repetitions at most.
    pub rounds: u32,
    /// A right record has at most one partner.
    pub exclusive: bool,
    /// True pairs per right record to begin with, parts per billion.
    pub expected: Share,
    /// How many pairs the probabilities of the profile count for: a level that data hardly reach
    /// keeps what the profile says.
    pub profile_counts: u64,
}

impl Default for Training {
    fn default() -> Self {
        Self { records: 20_000, random: 1_000, rounds: 25, exclusive: true, expected: BILLION / 2, profile_counts: 5 }
    }
}

/// What estimation did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimated {
    /// Repetitions until nothing moved by more than a thousandth.
    pub rounds: u32,
    /// Candidate pairs it learned from.
    pub pairs: u64,
    /// Random pairs counted for u.
    pub random_pairs: u64,
    /// True pairs per right record, parts per billion.
    pub found: Share,
}

/// Counts how often random pairs reach each level. Order of rows and threads do not matter.
pub fn count_random<L: Lists>(lists: &L, model: &Model, most: usize) -> (Vec<Vec<u64>>, u64) {
    let left = sample(lists, Side::Left, most);
    // Within one list the same records would meet themselves: take the next ones.
    let mut right = sample(lists, Side::Right, if lists.within() { 2 * most } else { most });
    if lists.within() && right.len() > 1 {
        right.drain(..right.len() / 2);
    }
    let zero = || model.comparisons.iter().map(|c| vec![0u64; c.levels.len()]).collect::<Vec<_>>();
    let add = |mut a: Vec<Vec<u64>>, b: Vec<Vec<u64>>| {
        for (x, y) in a.iter_mut().flatten().zip(b.iter().flatten()) {
            *x += y;
        }
        a
    };
    let counts = right
        .par_iter()
        .fold(zero, |mut counts, r| {
            let mut outcomes = Outcomes::default();
            for l in &left {
                if lists.within() && l == r {
                    continue;
                }
                outcomes.clear();
                lists.compare(*l, *r, &mut outcomes);
                for (count, outcome) in counts.iter_mut().zip(outcomes.as_slice()) {
                    count[usize::from(outcome.level)] += 1;
                }
            }
            counts
        })
        .reduce(zero, add);
    (counts, (left.len() * right.len()) as u64)
}

/// Candidate pairs of a sample of right records, with the end of each record's run.
struct Seen {
    outcomes: Vec<Outcomes>,
    ends: Vec<usize>,
}

fn look_at<L: Lists>(lists: &L, blocks: &Blocks, look: Look, records: usize) -> Seen {
    let rights = sample(lists, Side::Right, records);
    let runs: Vec<Vec<Outcomes>> = rights
        .par_iter()
        .map_init(Scratch::default, |scratch, right| {
            find(lists, blocks, *right, look, scratch);
            let compare = |left: &u32| {
                let mut outcomes = Outcomes::default();
                lists.compare(*left, *right, &mut outcomes);
                outcomes
            };
            scratch.found.iter().map(compare).collect()
        })
        .collect();
    let mut seen = Seen { outcomes: Vec::new(), ends: Vec::with_capacity(runs.len()) };
    for run in runs {
        seen.outcomes.extend(run);
        seen.ends.push(seen.outcomes.len());
    }
    seen
}

/// Estimates the prior, m and u of a model. What the model holds is where it begins.
///
/// Integers throughout, so the same on every machine, for any number of threads and any order of
/// rows. Time: `rounds` passes over the candidates of `records` records, and `random` squared
/// comparisons. Memory: 66 bytes for each of those candidates.
pub fn estimate<L: Lists>(lists: &L, blocks: &Blocks, look: Look, model: &mut Model, how: Training) -> Estimated {
    let (random, random_pairs) = count_random(lists, model, how.random);
    let seen = look_at(lists, blocks, look, how.records);
    let start = model.clone();
    let mut expected = how.expected.clamp(1, BILLION);
    let lefts = lists.len(Side::Left).max(1) as u64;
    let rights = seen.ends.len().max(1) as u64;
    set_u(model, &random, random_pairs, expected / lefts);
    let mut rounds = 0;
    while rounds < how.rounds && !seen.outcomes.is_empty() {
        rounds += 1;
        model.prior = to_hundredths(log2_fine(expected.max(1), lefts.saturating_mul(BILLION)));
        let (counts, total) = expect(model, &seen, expected, lefts, how.exclusive);
        let before = model.clone();
        maximise(model, &start, &counts, how.profile_counts);
        expected = (u128::from(total) * u128::from(BILLION) / (u128::from(ONE) * u128::from(rights)))
            .clamp(1, u128::from(BILLION) * 100) as u64;
        set_u(model, &random, random_pairs, expected / lefts);
        if moved(&before, model) < BILLION / 1_000 {
            break;
        }
    }
    model.prior = to_hundredths(log2_fine(expected.max(1), lefts.saturating_mul(BILLION)));
    model.settle();
    Estimated { rounds, pairs: seen.outcomes.len() as u64, random_pairs, found: expected }
}

/// Expected number of true pairs at each level, 32 bits after the point, and in all.
fn expect(model: &Model, seen: &Seen, expected: Share, lefts: u64, exclusive: bool) -> (Vec<Vec<u64>>, u64) {
    let prior = log2_fine(expected.max(1), lefts.saturating_mul(BILLION));
    let fine: Vec<Vec<Fine>> = model
        .comparisons
        .iter()
        .map(|c| c.levels.iter().map(|l| if l.missing { 0 } else { log2_fine(l.m.max(1), l.u.max(1)) }).collect())
        .collect();
    let weigh = |o: &Outcomes| {
        let bars = fine.iter().zip(&model.comparisons).zip(o.as_slice());
        let bar = |((f, c), o): ((&Vec<Fine>, &Comparison), &Outcome)| {
            f[usize::from(o.level)] + (i64::from(c.adjustment(*o)) << 16) / 100
        };
        prior + bars.map(bar).sum::<Fine>()
    };
    let zero = || (fine.iter().map(|f| vec![0u64; f.len()]).collect::<Vec<_>>(), 0u64);
    let runs: Vec<(usize, usize)> =
        std::iter::once(0).chain(seen.ends.iter().copied()).zip(seen.ends.iter().copied()).collect();
    runs.par_iter()
        .fold(zero, |(mut counts, mut total), (from, to)| {
            let run = &seen.outcomes[*from..*to];
            let weights: Vec<Fine> = run.iter().map(weigh).collect();
            // Against "nobody", whose weight is nought.
            let top = weights.iter().copied().max().unwrap_or(0).max(0);
            let against: u64 = exp2_minus(top) + weights.iter().map(|w| exp2_minus(top - w)).sum::<u64>();
            for (outcomes, weight) in run.iter().zip(&weights) {
                let share = if exclusive {
                    ((u128::from(exp2_minus(top - weight)) << 32) / u128::from(against)) as u64
                } else if *weight >= 0 {
                    ((u128::from(ONE) << 32) / u128::from(ONE + exp2_minus(*weight))) as u64
                } else {
                    let odds = exp2_minus(-weight);
                    ((u128::from(odds) << 32) / u128::from(ONE + odds)) as u64
                };
                total += share;
                for (count, outcome) in counts.iter_mut().zip(outcomes.as_slice()) {
                    count[usize::from(outcome.level)] += share;
                }
            }
            (counts, total)
        })
        .reduce(zero, |(mut a, total), (b, more)| {
            for (x, y) in a.iter_mut().flatten().zip(b.iter().flatten()) {
                *x += y;
            }
            (a, total + more)
        })
}

/// m from the expected counts; the profile's own probabilities count for a few pairs.
fn maximise(model: &mut Model, start: &Model, counts: &[Vec<u64>], profile_counts: u64) {
    for ((comparison, first), counts) in model.comparisons.iter_mut().zip(&start.comparisons).zip(counts) {
        let told: Vec<bool> = comparison.levels.iter().map(|l| !l.missing).collect();
        let of_profile: u128 = first.levels.iter().filter(|l| !l.missing).map(|l| u128::from(l.m)).sum::<u128>().max(1);
        let sum: u128 = counts.iter().zip(&told).filter(|(_, t)| **t).map(|(c, _)| u128::from(*c)).sum();
        let weight = u128::from(profile_counts) << 32;
        for (((level, first), count), told) in comparison.levels.iter_mut().zip(&first.levels).zip(counts).zip(&told) {
            if *told && sum + weight > 0 {
                let prior = weight * u128::from(first.m) / of_profile;
                level.m = ((u128::from(*count) + prior) * u128::from(BILLION) / (sum + weight)) as u64;
            }
        }
    }
}

/// u from the random pairs, of which a share of `matches` (parts per billion) are true ones:
/// `all = matches x m + (1 - matches) x u`. A level never seen counts as half a pair.
fn set_u(model: &mut Model, random: &[Vec<u64>], pairs: u64, matches: Share) {
    if pairs == 0 {
        model.settle();
        return;
    }
    for (comparison, counts) in model.comparisons.iter_mut().zip(random) {
        let told: u64 = comparison.levels.iter().zip(counts).filter(|(l, _)| !l.missing).map(|(_, c)| *c).sum();
        if told == 0 {
            continue;
        }
        for (level, count) in comparison.levels.iter_mut().zip(counts).filter(|(l, _)| !l.missing) {
            let all = u128::from(*count) * u128::from(BILLION) / u128::from(told);
            let of_matches = u128::from(matches) * u128::from(level.m) / u128::from(BILLION);
            let floor = (u128::from(BILLION) / (2 * u128::from(told))).max(1);
            level.u = (all.saturating_sub(of_matches) * u128::from(BILLION)
                / u128::from(BILLION.saturating_sub(matches).max(1)))
            .max(floor) as u64;
        }
    }
    model.settle();
}

/// Largest change of an m.
fn moved(a: &Model, b: &Model) -> u64 {
    let levels = |m: &Model| m.comparisons.iter().flat_map(|c| c.levels.iter().map(|l| l.m)).collect::<Vec<_>>();
    levels(a).iter().zip(&levels(b)).map(|(x, y)| x.abs_diff(*y)).max().unwrap_or(0)
}

/// m and u from labelled pairs, together with what the model says, which counts for `model_counts`
/// pairs of each kind.
pub fn from_labels(model: &mut Model, labels: &[(Outcomes, bool)], model_counts: u64) {
    for (i, comparison) in model.comparisons.iter_mut().enumerate() {
        for matches in [true, false] {
            let mut counts = vec![0u64; comparison.levels.len()];
            for (outcomes, _) in labels.iter().filter(|(_, m)| *m == matches) {
                counts[usize::from(outcomes.as_slice()[i].level)] += 1;
            }
            let told: u64 = comparison.levels.iter().zip(&counts).filter(|(l, _)| !l.missing).map(|(_, c)| *c).sum();
            for (level, count) in comparison.levels.iter_mut().zip(&counts).filter(|(l, _)| !l.missing) {
                let share = if matches { &mut level.m } else { &mut level.u };
                let whole = u128::from(*count) * u128::from(BILLION) + u128::from(*share) * u128::from(model_counts);
                *share = (whole / u128::from((told + model_counts).max(1))).max(1) as u64;
            }
        }
    }
    model.settle();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;

    /// Two lists made from known m and u: the left one drawn evenly from `values` values a field;
    /// the right one a copy whose fields were kept with a known chance, else drawn again.
    struct Known {
        fields: Vec<(u64, u64)>,
        left: Vec<Vec<u64>>,
        right: Vec<Vec<u64>>,
    }

    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    impl Known {
        /// `fields`: number of values, per mille kept.
        fn new(records: usize, fields: &[(u64, u64)], seed: u64) -> Self {
            let mut state = seed;
            let left: Vec<Vec<u64>> =
                (0..records).map(|_| fields.iter().map(|f| next(&mut state) % f.0).collect()).collect();
            let right = left
                .iter()
                .map(|l| {
                    let copied = l.iter().zip(fields);
                    copied
                        .map(|(v, f)| if next(&mut state) % 1000 < f.1 { *v } else { next(&mut state) % f.0 })
                        .collect()
                })
                .collect();
            Self { fields: fields.to_vec(), left, right }
        }

        fn side(&self, side: Side) -> &[Vec<u64>] {
            if side == Side::Left { &self.left } else { &self.right }
        }
    }

    impl Lists for Known {
        fn len(&self, side: Side) -> usize {
            self.side(side).len()
        }
        fn order(&self, _: Side, record: u32) -> u64 {
            u64::from(record).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        }
        fn keys(&self, side: Side, record: u32, out: &mut Vec<u64>) {
            // Any two fields together.
            let own = &self.side(side)[record as usize];
            for i in 0..own.len() {
                for j in i + 1..own.len() {
                    let mut state = ((i * 16 + j) as u64) << 48 | own[i] << 24 | own[j];
                    out.push(next(&mut state));
                }
            }
        }
        fn compare(&self, left: u32, right: u32, out: &mut Outcomes) {
            for (a, b) in self.left[left as usize].iter().zip(&self.right[right as usize]) {
                out.push(u8::from(a != b), 0);
            }
        }
    }

    fn learn(known: &Known, exclusive: bool) -> (Model, Estimated) {
        let comparison = |i: usize| Comparison {
            name: format!("field {i}"),
            rare: 0,
            levels: vec![Level::new("same", 800_000_000, 100_000_000), Level::new("other", 200_000_000, 900_000_000)],
        };
        let mut model = Model { prior: 0, comparisons: (0..known.fields.len()).map(comparison).collect() };
        let blocks = Blocks::new(known);
        let look = Look { block_max: 2_000, entries_max: 20_000, candidates_max: 2_000, share: 0 };
        let how = Training { exclusive, profile_counts: 0, random: 3_000, ..Training::default() };
        let estimated = estimate(known, &blocks, look, &mut model, how);
        (model, estimated)
    }

    #[test]
    fn known_m_and_u_come_back_within_two_percent() {
        let known = Known::new(3_000, &[(400, 950), (300, 900), (200, 800), (50, 970), (500, 700)], 7);
        for exclusive in [true, false] {
            let (model, estimated) = learn(&known, exclusive);
            for (i, (comparison, (values, _))) in model.comparisons.iter().zip(&known.fields).enumerate() {
                let u = BILLION / values;
                // As the dice fell, not as they were loaded: that is what can be known.
                let agree = known.left.iter().zip(&known.right).filter(|(l, r)| l[i] == r[i]).count() as u64;
                let m = agree * BILLION / 3_000;
                let off = |a: u64, b: u64| a.abs_diff(b) * 100 / b;
                let same = &comparison.levels[0];
                assert!(off(same.m, m) <= 2, "{exclusive} {}: m {} for {m}", comparison.name, same.m);
                // A sampled count of u has its own spread: four million pairs.
                assert!(off(same.u, u) <= 2, "{exclusive} {}: u {} for {u}", comparison.name, same.u);
            }
            assert!(estimated.found.abs_diff(BILLION) < BILLION / 50, "{estimated:?}");
        }
    }

    #[test]
    fn threads_change_nothing() {
        let known = Known::new(500, &[(40, 950), (30, 900), (20, 800)], 3);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| learn(&known, true))
        };
        assert_eq!(on(1), on(2));
        assert_eq!(on(1), on(7));
    }

    #[test]
    fn labels_move_a_model_towards_what_they_say() {
        let known = Known::new(10, &[(40, 950)], 3);
        let (mut model, _) = learn(&known, true);
        let outcome = |level| {
            let mut o = Outcomes::default();
            o.push(level, 0);
            o
        };
        let labels: Vec<(Outcomes, bool)> =
            (0..100).map(|i| (outcome(u8::from(i % 10 == 0)), true)).chain([(outcome(1), false)]).collect();
        from_labels(&mut model, &labels, 0);
        assert_eq!(model.comparisons[0].levels[0].m, 900_000_000);
        assert_eq!(model.comparisons[0].levels[1].u, BILLION);
    }
}
