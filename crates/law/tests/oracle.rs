//! A second implementation of the money of the law, written from the regulations' own words and not
//! from the code: plain fractions over 128-bit integers, one number at a time, no data files. It is
//! compared with the first on a million random cases.
//!
//! Numbers of the law stand here in Rust on purpose: an oracle that read `law/` would agree with a
//! mistake in it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use kernel::{Date, Exact};
use law::Law;
use law::benefit::{
    self, Absence, Cause, DeathFacts, DisabilityFacts, Fare, Loss, Member, Wage, death, disability, incapacity,
    transport,
};
use law::contribution::{Addendum, Base, Case, Plan, determine};
use rayon::prelude::*;

/// A fraction, reduced only by its owner.
#[derive(Clone, Copy)]
struct Q(i128, i128);

impl Q {
    fn plus(self, other: Q) -> Q {
        Q(self.0 * other.1 + other.0 * self.1, self.1 * other.1).reduced()
    }

    fn times(self, num: i128, den: i128) -> Q {
        Q(self.0 * num, self.1 * den).reduced()
    }

    fn reduced(self) -> Q {
        let (mut a, mut b) = (self.0.abs(), self.1.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let g = a.max(1);
        Q(self.0 / g, self.1 / g)
    }

    /// To the nearest rupiah, halves up; never asked about negatives.
    fn nearest(self) -> i64 {
        i64::try_from((2 * self.0 + self.1).div_euclid(2 * self.1)).unwrap()
    }

    fn above(self, limit: i128) -> bool {
        self.0 > limit * self.1
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// "0.21 % up to 100 million; the amount of letter a plus 0.17 % of the excess over 100 million up to
/// 500 million; ..." Each letter starts from the finished amount of the one before.
fn by_letters(base: Q, rates: [i128; 5]) -> Q {
    const TOPS: [i128; 4] = [100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000];
    let mut amount_of_letter_before = Q(0, 1);
    let mut bottom = 0;
    for (letter, rate) in rates.iter().enumerate() {
        let excess = base.plus(Q(-bottom, 1));
        match TOPS.get(letter) {
            Some(top) if base.above(*top) => {
                amount_of_letter_before = amount_of_letter_before.plus(Q(top - bottom, 1).times(*rate, 10_000));
                bottom = *top;
            }
            _ => return amount_of_letter_before.plus(excess.times(*rate, 10_000)),
        }
    }
    amount_of_letter_before
}

struct Contribution {
    jkk: i64,
    total: i64,
}

fn contribution(value: i64, gross: bool, spk: Date) -> Contribution {
    let value = i128::from(value);
    let base = match (gross, spk < day("2022-04-01")) {
        (false, _) => Q(value, 1),
        (true, true) => Q(value * 100, 110).reduced(),
        (true, false) => Q(value * 100, 111).reduced(),
    };
    let jkk = by_letters(base, [21, 17, 13, 11, 9]);
    let jkm = by_letters(base, [3, 2, 2, 1, 1]);
    Contribution { jkk: jkk.nearest(), total: jkk.plus(jkm).nearest() }
}

/// Splitmix64: the same cases on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    /// Spread over all sizes up to 10^15, with boundaries more often than chance.
    fn value(&mut self) -> i64 {
        let edges = [100_000_000i64, 500_000_000, 1_000_000_000, 5_000_000_000];
        if self.roll(4) == 0 {
            let edge = edges[self.roll(4) as usize];
            let edge = if self.roll(2) == 0 { edge } else { edge / 100 * 111 };
            return edge + self.roll(201) as i64 - 100;
        }
        let size = 10u64.pow(self.roll(16) as u32);
        1 + self.roll(size) as i64
    }

    fn date(&mut self) -> Date {
        let edges = ["2022-03-31", "2022-04-01", "2015-07-01", "2019-12-01", "2019-12-02", "2021-03-31", "2021-04-01"];
        if self.roll(4) == 0 {
            return day(edges[self.roll(7) as usize]);
        }
        kernel::date::add_days(day("2015-07-01"), self.roll(4_200) as i32).unwrap()
    }
}

const CONTRIBUTIONS: u64 = 600_000;
const BENEFITS: u64 = 400_000;

#[test]
fn contributions_agree_on_six_hundred_thousand_cases() {
    let law = Law::builtin();
    (0..CONTRIBUTIONS).into_par_iter().for_each(|n| {
        let mut dice = Dice(n);
        let (value, next, gross, date) = (dice.value(), dice.value(), dice.roll(2) == 0, dice.date());
        let base = if gross { Base::Gross(Exact::whole(value)) } else { Base::Net(Exact::whole(value)) };
        let mut case = Case::new(base, date);
        let later = kernel::date::add_days(date, 30).unwrap();
        let changed = dice.roll(3) == 0;
        if changed {
            case.addenda.push(Addendum { value: Exact::whole(next), date: later });
        }
        case.plan = if dice.roll(2) == 0 { Plan::Lump } else { Plan::Instalments };
        let got = determine(&case, law).unwrap();
        let got = got.default();
        let (first, last) =
            (contribution(value, gross, date), contribution(if changed { next } else { value }, gross, date));
        assert_eq!(got.contribution.total.0, last.total, "{value} {next} {gross} {date}");
        assert_eq!(got.contribution.jkk.0, last.jkk, "{value} {next} {gross} {date}");
        let difference: i64 = got.addenda.iter().map(|a| a.difference.0).sum();
        assert_eq!(difference, last.total - first.total);
        // Halves, quarters, and whatever is left of a rupiah to the earlier parts.
        if case.plan == Plan::Instalments {
            let total = first.total;
            let floors = [total * 50 / 100, total * 25 / 100, total * 25 / 100];
            let parts: Vec<i64> = got.instalments.iter().map(|p| p.0).collect();
            assert_eq!(parts.iter().sum::<i64>(), total);
            assert!(parts.iter().zip(floors).all(|(part, floor)| (0..=1).contains(&(part - floor))), "{parts:?}");
        }
    });
}

fn old_law(date: Date) -> bool {
    date < day("2019-12-02")
}

/// Daily wage times 25 or 30: the practice of 2016 and 2018 up to March 2021, the regulation's text after.
fn monthly(daily: i128, date: Date) -> i128 {
    daily * if date < day("2021-04-01") { 30 } else { 25 }
}

#[test]
fn benefits_agree_on_four_hundred_thousand_cases() {
    let law = Law::builtin();
    // Percentages of the table of PP 53/2012, hundredths, typed from it once more.
    const LOSSES: [(&str, i128); 12] = [
        ("leg-both", 7000),
        ("eye-one", 3500),
        ("hearing-both", 4000),
        ("thumb-left", 1200),
        ("index-right-first-phalanx", 450),
        ("ring-left-first-phalanx", 150),
        ("auricle-both", 1000),
        ("nose-wing", 3000),
        ("nasal-septum", 1500),
        ("impotence", 3000),
        ("mental-work-capacity", 7000),
        ("smell", 1000),
    ];
    (0..BENEFITS).into_par_iter().for_each(|n| {
        let mut dice = Dice(n + 77_000_000);
        let (daily, date) = (i128::from(1 + dice.roll(2_000_000)), dice.date());
        let wage = monthly(daily, date);
        let given = Wage::Daily(Exact::whole(daily as i64));
        let at = law.at(date);
        let (periodic, funeral, least) =
            if old_law(date) { (4_800_000, 3_000_000, 16_200_000) } else { (12_000_000, 10_000_000, 20_000_000) };
        match dice.roll(4) {
            0 => {
                let facts = DeathFacts {
                    member: Member::Jakon,
                    cause: Cause::WorkAccident,
                    wage: Some(given),
                    children: vec![],
                    years_insured: None,
                };
                let want = (48 * wage).max(least) + periodic + funeral;
                assert_eq!(i128::from(death(&facts, at).unwrap().total.0), want, "{daily} {date}");
            }
            1 => {
                let picks = [dice.roll(12) as usize, dice.roll(12) as usize];
                let chosen = if picks[0] == picks[1] { &picks[..1] } else { &picks[..] };
                let losses = chosen
                    .iter()
                    .map(|i| Loss { code: LOSSES[*i].0.into(), measure: None, function_lost: None })
                    .collect();
                let facts = DisabilityFacts {
                    member: Member::Jakon,
                    wage: given,
                    losses,
                    sight: None,
                    total: false,
                    children: vec![],
                    left_handed: false,
                };
                let sum: i128 = chosen.iter().map(|i| LOSSES[*i].1).sum();
                let want = Q(sum * 80 * wage, 10_000).nearest();
                assert_eq!(disability(&facts, at).unwrap().total.0, want, "{daily} {date} {facts:?}");
            }
            2 => {
                let (months, days) = (dice.roll(30) as i64, dice.roll(40) as i64);
                if months + days == 0 {
                    return;
                }
                // Day by day, thirty to a month: what does this day pay?
                let worth = |d: i64| match (d / 30, old_law(date)) {
                    (0..=5, _) => 100,
                    (6..=11, true) => 75,
                    (6..=11, false) => 100,
                    _ => 50,
                };
                let percent: i128 = (0..months * 30 + days).map(worth).sum();
                let want = Q(percent * wage, 100 * 30).nearest();
                let got = incapacity(Member::Jakon, &given, Absence { months, days }, at).unwrap();
                assert_eq!(got.total.0, want, "{daily} {date} {months} {days}");
            }
            _ => {
                let most =
                    if old_law(date) { [1_000_000, 1_500_000, 2_500_000] } else { [5_000_000, 2_000_000, 10_000_000] };
                let (mut fares, mut want) = (Vec::new(), 0);
                for (mode, most) in ["land", "sea", "air"].into_iter().zip(most) {
                    let receipts = 1 + dice.roll(12_000_000) as i64;
                    if dice.roll(2) == 0 {
                        want += receipts.min(most);
                        fares.push(Fare { mode: mode.into(), receipts: Some(Exact::whole(receipts)) });
                    }
                }
                match transport(&fares, at) {
                    Ok(got) => assert_eq!(got.total.0, want),
                    Err(_) => assert!(fares.is_empty()),
                }
            }
        }
    });
    // The readings: the default is what the oracle says, the other one is there too.
    let date = day("2025-03-03");
    let facts = DeathFacts {
        member: Member::Jakon,
        cause: Cause::WorkAccident,
        wage: Some(Wage::Daily(Exact::whole(150_000))),
        children: vec![],
        years_insured: None,
    };
    let readings = benefit::under_every_reading(date, law, |law| death(&facts, law)).unwrap();
    let totals: Vec<i64> = readings.all.iter().map(|u| u.value.total.0).collect();
    assert_eq!(totals, [48 * 25 * 150_000 + 22_000_000, 48 * 30 * 150_000 + 22_000_000]);
}
