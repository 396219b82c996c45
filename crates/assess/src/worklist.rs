//! Whom to call or visit first: projects without cover, by the protected worker-days an hour of staff is expected to win.
//!
//! What a contact brings is learned from contacts that are over: for each state of a project and each kind of contact, the share covered within the days that count,
//! with the yardsticks of the law data as so many contacts of before; less the share of projects nobody contacted, which is learned from projects drawn by lot and
//! left off the list. A list has a share by lot of **all** projects; the rest is the best of what remains. So both can be compared ([`compare`]): what an hour won by
//! rank, and what it won in random order.
//!
//! Whole numbers throughout; a lot is a number the caller draws for each project.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of a whole.
const WHOLE: u64 = 1_000_000;

/// Share of the interval.
const INTERVAL: f64 = 0.95;

kernel::named! {
    /// Why a project has no cover.
    Lack {
        /// Not registered.
        Exposed = "exposed",
        /// Registered, its first contribution not in.
        Registering = "registering",
    }
}

kernel::named! {
    /// A contact.
    Step {
        /// By telephone.
        Call = "call",
        /// On the site or in the office.
        Visit = "visit",
    }
}

kernel::named! {
    /// Why a project is on a list.
    Arm {
        /// By rank.
        Ranked = "ranked",
        /// By lot.
        Random = "random",
        /// Drawn by lot to be compared with, and not listed.
        Unlisted = "unlisted",
    }
}

/// A project without cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Why.
    pub lack: Lack,
    /// People there a day.
    pub crew: u64,
    /// Days of works left.
    pub days: u64,
    /// It was called already and is still without cover.
    pub called: bool,
    /// Nobody contacted it within the days that count: what becomes of it is what happens without a contact.
    pub fresh: bool,
    /// Its lot: the smallest are drawn.
    pub lot: u64,
}

/// What is believed before anything is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yardstick {
    /// Share covered after a call, and after a visit, parts per million.
    pub chance: [u64; 2],
    /// Share covered without a contact.
    pub alone: u64,
    /// Minutes of a call, and of a visit.
    pub minutes: [u64; 2],
    /// Contacts all this is worth.
    pub prior: u64,
    /// Days that count after a contact.
    pub window: u64,
}

/// A contact, or a project without one, of which it is known what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Why it had no cover.
    pub lack: Lack,
    /// The contact; none for a project that was left off.
    pub step: Option<Step>,
    /// Covered within the days that count.
    pub came: bool,
    /// Minutes it took, where somebody told.
    pub took: Option<u64>,
    /// Days it was watched: of a project that was left off, until it was covered, contacted, or the days that count were over.
    pub watched: u64,
}

/// What is believed of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Belief {
    /// Why there is no cover.
    pub lack: Lack,
    /// The contact; none: nobody contacts.
    pub step: Option<Step>,
    /// Share covered, parts per million.
    pub chance: u64,
    /// Contacts it was learned from, and of these covered.
    pub learned: [u64; 2],
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    yardstick: Yardstick,
    counts: BTreeMap<(Lack, Option<Step>), [u64; 2]>,
    /// Days projects that were left off were watched, by why they lack cover.
    watched: BTreeMap<Lack, u64>,
    took: BTreeMap<Step, [u64; 2]>,
}

impl Learned {
    /// From what came of contacts.
    #[must_use]
    pub fn of(yardstick: Yardstick, outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut out = Self { yardstick, counts: BTreeMap::new(), watched: BTreeMap::new(), took: BTreeMap::new() };
        for o in outcomes {
            let [all, came] = out.counts.entry((o.lack, o.step)).or_default();
            *all += 1;
            *came += u64::from(o.came);
            if o.step.is_none() {
                *out.watched.entry(o.lack).or_default() += o.watched;
            }
            if let (Some(step), Some(took)) = (o.step, o.took) {
                let [all, sum] = out.took.entry(step).or_default();
                *all += 1;
                *sum += took;
            }
        }
        out
    }

    /// The share covered after a contact, or without one.
    #[must_use]
    pub fn belief(&self, lack: Lack, step: Option<Step>) -> Belief {
        let before = step.map_or(self.yardstick.alone, |s| self.yardstick.chance[s as usize]);
        let learned = self.counts.get(&(lack, step)).copied().unwrap_or_default();
        if step.is_none() {
            // Covers for each day watched, times the days that count: a project that is contacted before they are over was watched until then, and is neither thrown away nor taken for one that was not covered.
            let window = self.yardstick.window.max(1);
            let days = self.yardstick.prior * window + self.watched.get(&lack).copied().unwrap_or(0);
            let covers = before * self.yardstick.prior + learned[1] * WHOLE;
            let chance = (u128::from(covers) * u128::from(window)).checked_div(days.into()).unwrap_or(before.into());
            let chance = u64::try_from(chance).unwrap_or(WHOLE).min(WHOLE);
            return Belief { lack, step, chance, learned };
        }
        let whole = self.yardstick.prior + learned[0];
        let chance = (before * self.yardstick.prior + learned[1] * WHOLE).checked_div(whole).unwrap_or(before);
        Belief { lack, step, chance, learned }
    }

    /// Minutes of a contact.
    #[must_use]
    pub fn minutes(&self, step: Step) -> u64 {
        let before = self.yardstick.minutes[step as usize];
        let [all, sum] = self.took.get(&step).copied().unwrap_or_default();
        (before * self.yardstick.prior + sum).checked_div(self.yardstick.prior + all).unwrap_or(before).max(1)
    }

    /// What a project's best contact is worth: a call, unless a visit wins more an hour or a call was in vain.
    #[must_use]
    pub fn worth(&self, candidate: &Candidate) -> Worth {
        let alone = self.belief(candidate.lack, None).chance;
        let of = |step: Step| {
            let chance = self.belief(candidate.lack, Some(step)).chance;
            let won =
                u128::from(candidate.crew) * u128::from(candidate.days) * u128::from(chance.saturating_sub(alone));
            let expected = u64::try_from(won / u128::from(WHOLE / 1_000)).unwrap_or(u64::MAX);
            Worth { step, chance, alone, minutes: self.minutes(step), expected }
        };
        let visit = of(Step::Visit);
        if candidate.called {
            return visit;
        }
        let call = of(Step::Call);
        if visit.hourly() > call.hourly() { visit } else { call }
    }
}

/// What a contact is expected to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Worth {
    /// The contact.
    pub step: Step,
    /// Share covered after it, parts per million.
    pub chance: u64,
    /// Share covered without it.
    pub alone: u64,
    /// Minutes it takes.
    pub minutes: u64,
    /// Worker-days it is expected to win, thousandths.
    pub expected: u64,
}

impl Worth {
    /// The same an hour, thousandths.
    #[must_use]
    pub fn hourly(&self) -> u64 {
        u64::try_from(u128::from(self.expected) * 60 / u128::from(self.minutes.max(1))).unwrap_or(u64::MAX)
    }
}

/// Projects by what an hour wins, the best first; where two win the same, by lot. Time: n log n.
#[must_use]
pub fn rank(learned: &Learned, candidates: &[Candidate]) -> Vec<(usize, Worth)> {
    let mut out: Vec<(usize, Worth)> = candidates.iter().map(|c| learned.worth(c)).enumerate().collect();
    out.sort_by_key(|(i, w)| (Reverse(w.hourly()), candidates[*i].lot, *i));
    out
}

/// Draws a list for so many minutes of which a share goes by lot: places of candidates with what they are worth and why they are there, listed ones in the order of their lots, so that the list does not
/// tell which are which; then those that are left off to be compared with, as many as by lot, but only of projects there was no time for anyhow.
#[must_use]
pub fn draw(learned: &Learned, candidates: &[Candidate], minutes: u64, share: u64) -> Vec<(usize, Worth, Arm)> {
    let ranked = rank(learned, candidates);
    let worth: BTreeMap<usize, Worth> = ranked.iter().copied().collect();
    let mut by_lot: Vec<usize> = (0..candidates.len()).collect();
    by_lot.sort_by_key(|i| (candidates[*i].lot, *i));
    let (mut listed, mut taken, mut spent) = (Vec::new(), BTreeSet::new(), 0);
    // Something by lot on every list, unless all there is fits on it.
    let for_lots = (u128::from(minutes) * u128::from(share) / u128::from(WHOLE)) as u64;
    for i in &by_lot {
        if spent >= for_lots || share == 0 {
            break;
        }
        spent += worth[i].minutes;
        taken.insert(*i);
        listed.push((*i, worth[i], Arm::Random));
    }
    let drawn = listed.len();
    // Who is left off is drawn before the rank takes its part, from all that are not on the list by lot, as those were from all; fewer where that would leave time over.
    let mut off: Vec<usize> =
        by_lot.iter().filter(|i| !taken.contains(i) && candidates[**i].fresh).take(drawn).copied().collect();
    let by_rank = loop {
        let (mut by_rank, mut time) = (Vec::new(), spent);
        for (i, worth) in ranked.iter().filter(|(i, _)| !taken.contains(i) && !off.contains(i)) {
            if time >= minutes {
                break;
            }
            time += worth.minutes;
            by_rank.push((*i, *worth, Arm::Ranked));
        }
        if time >= minutes || off.pop().is_none() {
            break by_rank;
        }
    };
    listed.extend(by_rank);
    // By the far end of the lot: its near end is what was drawn by.
    listed.sort_by_key(|(i, ..)| (candidates[*i].lot.reverse_bits(), *i));
    listed.extend(off.iter().map(|i| (*i, worth[i], Arm::Unlisted)));
    listed
}

/// What came of a listed contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Won {
    /// Its list.
    pub list: i64,
    /// By rank, or by lot.
    pub arm: Arm,
    /// Worker-days won.
    pub won: u64,
    /// Worker-days that were expected, thousandths.
    pub expected: u64,
    /// Minutes it took.
    pub minutes: u64,
}

/// Contacts of an arm together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Contacts.
    pub contacts: u64,
    /// Of these covered within the days that count.
    pub covered: u64,
    /// Worker-days won.
    pub won: u64,
    /// Worker-days that were expected, thousandths.
    pub expected: u64,
    /// Minutes.
    pub minutes: u64,
}

impl Sum {
    fn add(&mut self, w: &Won) {
        self.contacts += 1;
        self.covered += u64::from(w.won > 0);
        self.won += w.won;
        self.expected = self.expected.saturating_add(w.expected);
        self.minutes += w.minutes;
    }

    fn less(&self, other: &Self) -> Self {
        Self { won: self.won - other.won, minutes: self.minutes - other.minutes, ..*self }
    }

    /// Worker-days an hour, tenths; none where no time was spent.
    #[must_use]
    pub fn hourly(&self) -> Option<u64> {
        u64::try_from((u128::from(self.won) * 600).checked_div(u128::from(self.minutes))?).ok()
    }

    fn rate(&self) -> Option<f64> {
        (self.minutes > 0).then(|| self.won as f64 * 60.0 / self.minutes as f64)
    }
}

/// Rank against lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Lists with contacts that can be judged.
    pub lists: usize,
    /// Nobody was won, by rank or by lot: there is no spread to tell.
    pub is_even: bool,
    /// By rank.
    pub ranked: Sum,
    /// By lot.
    pub random: Sum,
    /// What rank wins more an hour, tenths of worker-days: the estimate and the ends of the interval of 95 of 100. None where it is too little to say.
    pub difference: Option<[i64; 3]>,
}

/// Compares what was won by rank with what was won by lot, over all lists. A list is one observation: its spread is that of leaving one out (delete-one jackknife), its interval that of Student.
#[must_use]
pub fn compare(all: &[Won], lists_min: usize) -> Compared {
    let mut lists: BTreeMap<i64, [Sum; 2]> = BTreeMap::new();
    for w in all.iter().filter(|w| w.arm != Arm::Unlisted) {
        lists.entry(w.list).or_default()[usize::from(w.arm == Arm::Random)].add(w);
    }
    let mut whole = [Sum::default(); 2];
    for sums in lists.values() {
        for (whole, sum) in whole.iter_mut().zip(sums) {
            whole.contacts += sum.contacts;
            whole.covered += sum.covered;
            whole.won += sum.won;
            whole.expected = whole.expected.saturating_add(sum.expected);
            whole.minutes += sum.minutes;
        }
    }
    let is_even = whole.iter().all(|s| s.won == 0);
    let out = Compared { lists: lists.len(), is_even, ranked: whole[0], random: whole[1], difference: None };
    if lists.len() < lists_min.max(2) {
        return out;
    }
    let without: Option<Vec<f64>> =
        lists.values().map(|sums| Some(whole[0].less(&sums[0]).rate()? - whole[1].less(&sums[1]).rate()?)).collect();
    let (Some(without), Some(ranked), Some(random)) = (without, whole[0].rate(), whole[1].rate()) else { return out };
    let n = without.len() as f64;
    let mean = without.iter().sum::<f64>() / n;
    let variance = without.iter().map(|d| (d - mean).powi(2)).sum::<f64>() * (n - 1.0) / n;
    if variance <= f64::EPSILON {
        return out;
    }
    let Ok(student) = StudentsT::new(0.0, 1.0, n - 1.0) else { return out };
    let reach = student.inverse_cdf(f64::midpoint(1.0, INTERVAL)) * variance.sqrt();
    let said = [ranked - random, ranked - random - reach, ranked - random + reach];
    Compared { difference: Some(said.map(|d| (d * 10.0).round() as i64)), ..out }
}

/// Half of the people of projects whose number is known have fewer: counts of projects by people, in order of people. 1 where none is known.
#[must_use]
pub fn middle(counts: &[(u64, u64)]) -> u64 {
    let all: u64 = counts.iter().map(|(_, projects)| projects).sum();
    let mut seen = 0;
    for (people, projects) in counts {
        seen += projects;
        if seen * 2 >= all.max(1) {
            return (*people).max(1);
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::Drawn;

    const YARD: Yardstick =
        Yardstick { chance: [150_000, 350_000], alone: 50_000, minutes: [20, 150], prior: 20, window: 28 };

    fn city(drawn: &mut Drawn, projects: usize) -> Vec<Candidate> {
        (0..projects)
            .map(|_| Candidate {
                lack: if drawn.below(3) == 0 { Lack::Registering } else { Lack::Exposed },
                crew: 2 + drawn.below(40),
                days: 5 + drawn.below(120),
                called: drawn.below(8) == 0,
                fresh: drawn.below(5) > 0,
                lot: drawn.next(),
            })
            .collect()
    }

    #[test]
    fn experience_outweighs_the_yardstick_in_the_end() {
        let outcome = |came| Outcome { lack: Lack::Exposed, step: Some(Step::Call), came, took: Some(40), watched: 28 };
        let none = Learned::of(YARD, []);
        assert_eq!((none.belief(Lack::Exposed, Some(Step::Call)).chance, none.minutes(Step::Call)), (150_000, 20));
        // Twenty contacts, half of them covered, against twenty of before with 15 of 100.
        let some = Learned::of(YARD, (0..20).map(|i| outcome(i % 2 == 0)));
        assert_eq!(some.belief(Lack::Exposed, Some(Step::Call)).chance, 325_000);
        assert_eq!(some.minutes(Step::Call), 30);
        assert_eq!(some.belief(Lack::Registering, Some(Step::Call)).chance, 150_000, "another state");
    }

    #[test]
    fn the_worth_is_people_times_days_times_what_the_contact_adds() {
        let learned = Learned::of(YARD, []);
        let candidate = Candidate { lack: Lack::Exposed, crew: 10, days: 60, called: false, fresh: true, lot: 0 };
        let worth = learned.worth(&candidate);
        // 10 people, 60 days, ten of a hundred more than alone: 60 worker-days in 20 minutes.
        assert_eq!((worth.step, worth.expected, worth.hourly()), (Step::Call, 60_000, 180_000));
        // A call in vain is not made again: 30 of a hundred in 150 minutes.
        let again = learned.worth(&Candidate { called: true, ..candidate });
        assert_eq!((again.step, again.expected, again.hourly()), (Step::Visit, 180_000, 72_000));
    }

    #[test]
    fn a_list_keeps_its_time_its_share_and_nobody_twice() {
        let learned = Learned::of(YARD, []);
        for seed in 0..200 {
            let mut drawn = Drawn(seed);
            let size = drawn.below(60) as usize;
            let candidates = city(&mut drawn, size);
            let minutes = 30 + drawn.below(480);
            let list = draw(&learned, &candidates, minutes, 200_000);
            let mut seen = BTreeSet::new();
            assert!(list.iter().all(|(i, ..)| seen.insert(*i)), "nobody twice");
            let listed: Vec<_> = list.iter().filter(|(.., arm)| *arm != Arm::Unlisted).collect();
            let time: u64 = listed.iter().map(|(_, w, _)| w.minutes).sum();
            let off = list.len() - listed.len();
            let by_lot = listed.iter().filter(|(.., arm)| *arm == Arm::Random).count();
            assert!(off <= by_lot);
            // Full, or all there is; the last contact may run over.
            assert!(time >= minutes || listed.len() + off == candidates.len(), "{time} of {minutes}");
            assert!(time < minutes + 300, "{time} of {minutes}");
            assert!(off == 0 || time >= minutes, "nobody is left off where there was time");
            assert_eq!(list, draw(&learned, &candidates, minutes, 200_000));
            // What stands by rank is worth at least what was neither drawn nor listed.
            let worst = listed.iter().filter(|(.., arm)| *arm == Arm::Ranked).map(|(_, w, _)| w.hourly()).min();
            let left =
                (0..candidates.len()).filter(|i| !seen.contains(i)).map(|i| learned.worth(&candidates[i]).hourly());
            assert!(worst.is_none_or(|worst| left.max().is_none_or(|best| best <= worst)));
        }
    }

    /// A made-up city works through lists for half a year: what is learned comes near the truth, rank wins more than lot, and the interval holds what it should.
    #[test]
    fn rank_is_measured_against_lot() {
        let truth = |lack: Lack, step: Option<Step>| match (lack, step) {
            (Lack::Exposed, None) => 40_000,
            (Lack::Registering, None) => 150_000,
            (Lack::Exposed, Some(Step::Call)) => 250_000,
            (Lack::Registering, Some(Step::Call)) => 600_000,
            (_, Some(Step::Visit)) => 700_000,
        };
        let (mut said, mut better, mut outcomes_all) = (0, 0, Vec::new());
        for seed in 0..60 {
            let mut drawn = Drawn(seed * 7_919 + 3);
            let (mut outcomes, mut won) = (Vec::new(), Vec::new());
            for list in 0..40 {
                let candidates = city(&mut drawn, 120);
                let learned = Learned::of(YARD, outcomes.iter().copied());
                for (i, worth, arm) in draw(&learned, &candidates, 240, 200_000) {
                    let c = candidates[i];
                    let step = (arm != Arm::Unlisted).then_some(worth.step);
                    let came = drawn.below(1_000_000) < truth(c.lack, step);
                    outcomes.push(Outcome {
                        lack: c.lack,
                        step,
                        came,
                        took: None,
                        watched: if came { 14 } else { 28 },
                    });
                    if arm != Arm::Unlisted {
                        let days = if came { c.crew * c.days } else { 0 };
                        won.push(Won { list, arm, won: days, expected: worth.expected, minutes: worth.minutes });
                    }
                }
            }
            let compared = compare(&won, 8);
            assert_eq!(compared.lists, 40);
            let [_, low, _] = compared.difference.unwrap();
            said += 1;
            better += usize::from(low > 0);
            outcomes_all.extend(outcomes);
        }
        assert!(better * 10 >= said * 9, "rank was seen to be better in {better} of {said}");
        let learned = Learned::of(YARD, outcomes_all);
        for lack in Lack::ALL {
            for step in [None, Some(Step::Call)] {
                let belief = learned.belief(*lack, step);
                let off = belief.chance.abs_diff(truth(*lack, step));
                assert!(off < 40_000, "{belief:?}: {off} off");
            }
        }
    }

    /// The same projects, day after day: who is left off may be contacted tomorrow. What is learned of no contact is what happens without one.
    #[test]
    fn who_is_left_off_is_watched_until_somebody_calls() {
        let mut drawn = Drawn(11);
        let (mut outcomes, mut left_off): (Vec<Outcome>, Vec<(usize, u64)>) = (Vec::new(), Vec::new());
        let mut candidates = city(&mut drawn, 200);
        let mut covered = vec![false; candidates.len()];
        // A fifth of a hundred is covered by itself each day; 5 of a hundred in 28 days.
        for day in 0..400u64 {
            for (i, covered) in covered.iter_mut().enumerate() {
                if !*covered && drawn.below(10_000) < 18 {
                    *covered = true;
                    if let Some(at) = left_off.iter().position(|(project, _)| *project == i) {
                        let (_, since) = left_off.swap_remove(at);
                        outcomes.push(Outcome {
                            lack: Lack::Exposed,
                            step: None,
                            came: true,
                            took: None,
                            watched: day - since,
                        });
                    }
                }
            }
            left_off.retain(|(_, since)| {
                let over = day - since >= 28;
                if over {
                    outcomes.push(Outcome { lack: Lack::Exposed, step: None, came: false, took: None, watched: 28 });
                }
                !over
            });
            for (i, c) in candidates.iter_mut().enumerate() {
                c.lot = drawn.next();
                c.lack = Lack::Exposed;
                if covered[i] {
                    // Another begins in its place.
                    covered[i] = false;
                }
                c.fresh = !left_off.iter().any(|(project, _)| *project == i);
            }
            for (i, _, arm) in draw(&Learned::of(YARD, []), &candidates, 120, 200_000) {
                match arm {
                    Arm::Unlisted => left_off.push((i, day)),
                    // Contacted: watched until today, and no cover by itself.
                    _ => {
                        if let Some(at) = left_off.iter().position(|(project, _)| *project == i) {
                            let (_, since) = left_off.swap_remove(at);
                            outcomes.push(Outcome {
                                lack: Lack::Exposed,
                                step: None,
                                came: false,
                                took: None,
                                watched: day - since,
                            });
                        }
                    }
                }
            }
        }
        let belief = Learned::of(YARD, outcomes).belief(Lack::Exposed, None);
        assert!((35_000..70_000).contains(&belief.chance), "{belief:?}");
    }

    /// Where the order means nothing, the interval of 95 of 100 holds nought about so often.
    #[test]
    fn the_interval_holds_nought_where_there_is_nothing() {
        let mut held = 0;
        for seed in 0..400 {
            let mut drawn = Drawn(seed + 9_000);
            let mut won = Vec::new();
            for list in 0..30 {
                for k in 0..10 {
                    let arm = if k < 3 { Arm::Random } else { Arm::Ranked };
                    let days = if drawn.below(4) == 0 { drawn.below(2_000) } else { 0 };
                    won.push(Won { list, arm, won: days, expected: 0, minutes: 20 + drawn.below(40) });
                }
            }
            let [_, low, high] = compare(&won, 8).difference.unwrap();
            held += usize::from(low <= 0 && 0 <= high);
        }
        assert!((364..=394).contains(&held), "{held} of 400");
    }

    #[test]
    fn too_little_is_said_to_be() {
        let one = |list, arm, won| Won { list, arm, won, expected: 0, minutes: 60 };
        let few: Vec<Won> = (0..7).flat_map(|l| [one(l, Arm::Ranked, 10), one(l, Arm::Random, l as u64)]).collect();
        assert_eq!(compare(&few, 8).difference, None);
        assert_eq!(compare(&few, 8).ranked.hourly(), Some(100));
        let only = compare(&[one(1, Arm::Ranked, 5), one(2, Arm::Ranked, 5)], 2);
        assert_eq!((only.lists, only.difference), (2, None), "without lots there is nothing to compare with");
        let nothing: Vec<Won> = (0..9).flat_map(|l| [one(l, Arm::Ranked, 0), one(l, Arm::Random, 0)]).collect();
        assert!(compare(&nothing, 8).is_even && compare(&nothing, 8).difference.is_none());
        assert_eq!(middle(&[]), 1);
        assert_eq!(middle(&[(3, 5), (8, 4), (90, 1)]), 3);
        assert_eq!(middle(&[(3, 4), (8, 5), (90, 1)]), 8);
    }
}
