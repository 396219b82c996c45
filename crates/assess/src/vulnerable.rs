//! Vulnerable workers: who may be covered by budget or by gifts on a day, who is covered and by whom, and where two lists contradict each other.
//!
//! A missing fact is never held against anybody: without a birth date the age is unknown, without a decile the priority is.

use kernel::Date;
use law::Law;
use registers::person::Payer;
use std::collections::BTreeSet;

/// Who covers somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// A firm, own payment, budget or donor, as the insurer's list has it.
    Listed(Payer),
    /// Budget or donor, paid according to our book and not yet on a list of the insurer.
    Paid(Payer),
    /// A construction project, for its works only.
    Project,
}

/// Cover from a first day to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cover {
    /// First day.
    pub from: Date,
    /// Last day; the end of time while it lasts.
    pub to: Date,
    /// By whom.
    pub by: By,
}

impl Cover {
    fn on(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// Somebody on a list of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Key of the group.
    pub group: String,
    /// Welfare decile as the list has it.
    pub decile: Option<u8>,
    /// First day on it; none where the list does not say: then since ever.
    pub from: Option<Date>,
    /// Last day on it; none while on it.
    pub to: Option<Date>,
}

impl Listing {
    fn on(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

/// What the identity number of somebody is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// It reads.
    Good,
    /// It reads and says another birth date than the list.
    OtherBirth,
    /// There is none, or it is damaged: nobody can be registered with it.
    Missing,
}

/// One person on lists of vulnerable workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vulnerable {
    /// Identity number.
    pub number: Number,
    /// Day of birth.
    pub birth: Option<Date>,
    /// Day of death.
    pub died: Option<Date>,
    /// Groups.
    pub listings: Vec<Listing>,
    /// Cover of any kind.
    pub covers: Vec<Cover>,
    /// Different names stand under the one identity number.
    pub names_differ: bool,
}

kernel::named! {
    /// How somebody stands on a day. Exactly one.
    Standing {
        /// May be covered and is not.
        Open = "open",
        /// Covered by budget or donor, on a list of the insurer.
        Covered = "covered",
        /// Paid for, and on no list of the insurer yet.
        Paid = "paid",
        /// Pays for themselves.
        Own = "own",
        /// Employed by a firm that insures them.
        Waged = "waged",
        /// May be covered, after those the city puts first.
        Later = "later",
        /// The identity number is missing or damaged.
        NoNumber = "no_number",
        /// Nobody knows the age.
        NoAge = "no_age",
        /// Too young.
        Young = "young",
        /// Too old for a new member.
        Old = "old",
        /// Not yet on any list, or no longer.
        Away = "away",
        /// Dead.
        Dead = "dead",
    }
}

impl Standing {
    /// May money be allotted to somebody who stands so?
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Later)
    }

    /// Is somebody who stands so covered, as far as is known?
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Covered | Self::Paid | Self::Own | Self::Waged)
    }
}

kernel::named! {
    /// Where lists contradict each other, or money is paid for nothing.
    Conflict {
        /// On lists of several groups at once.
        SeveralGroups = "several_groups",
        /// Two pay for the same days.
        TwoPayers = "two_payers",
        /// Paid for after death.
        AfterDeath = "after_death",
        /// Paid for by budget or donor while a firm insures them.
        WagedAndPaid = "waged_and_paid",
        /// Paid for outside the ages of new members.
        OutsideAge = "outside_age",
        /// The identity number says another birth date than the list.
        OtherBirth = "other_birth",
        /// Different names under one identity number.
        SharedNumber = "shared_number",
        /// The identity number is missing or damaged.
        NoNumber = "no_number",
    }
}

/// What the law and the city ask of those who are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Age from which somebody is taken, in years.
    pub age_min: i64,
    /// Age from which nobody new is taken.
    pub age_max: i64,
    /// Highest decile that comes first.
    pub decile_max: i64,
}

impl Rules {
    /// As they are in force on a day; none where the law data has a gap.
    pub fn at(day: Date, law: &Law) -> Option<Self> {
        let at = law.at(day);
        let number = |path| at.number(path).ok().map(|n| n.0);
        Some(Self {
            age_min: number("bpu/age_min")?,
            age_max: number("bpu/age_max")?,
            decile_max: number("bpu/priority_decile_max")?,
        })
    }
}

/// Completed years on a day; below zero before birth.
fn age(birth: Date, day: Date) -> i64 {
    let years = i64::from(day.year()) - i64::from(birth.year());
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    if had_birthday { years } else { years - 1 }
}

impl Vulnerable {
    /// The lowest decile any list has; none where none says.
    pub fn decile(&self, day: Date) -> Option<u8> {
        self.listings.iter().filter(|l| l.on(day)).filter_map(|l| l.decile).min()
    }

    /// Groups on whose lists somebody is on a day.
    pub fn groups(&self, day: Date) -> BTreeSet<&str> {
        self.listings.iter().filter(|l| l.on(day)).map(|l| l.group.as_str()).collect()
    }

    /// How somebody stands on a day.
    pub fn standing(&self, day: Date, rules: &Rules) -> Standing {
        if self.died.is_some_and(|d| d <= day) {
            return Standing::Dead;
        }
        if !self.listings.iter().any(|l| l.on(day)) {
            return Standing::Away;
        }
        let by = |wanted: &dyn Fn(By) -> bool| self.covers.iter().any(|c| c.on(day) && wanted(c.by));
        if by(&|b| b == By::Listed(Payer::Firm)) {
            return Standing::Waged;
        }
        if by(&|b| matches!(b, By::Listed(Payer::Budget | Payer::Donor))) {
            return Standing::Covered;
        }
        if by(&|b| matches!(b, By::Paid(_))) {
            return Standing::Paid;
        }
        if by(&|b| matches!(b, By::Listed(Payer::Own | Payer::Migrant))) {
            return Standing::Own;
        }
        if self.number == Number::Missing {
            return Standing::NoNumber;
        }
        match self.birth.map(|b| age(b, day)) {
            None => return Standing::NoAge,
            Some(years) if years < rules.age_min => return Standing::Young,
            Some(years) if years >= rules.age_max => return Standing::Old,
            Some(_) => {}
        }
        // No limit asks nobody for a decile; with one, who has none comes after those who have.
        let first = rules.decile_max >= 10 || self.decile(day).is_some_and(|d| i64::from(d) <= rules.decile_max);
        if first { Standing::Open } else { Standing::Later }
    }

    /// Last day of cover by budget, donor or own payment that runs on from a day without a gap; none where there is none on it.
    pub fn covered_until(&self, day: Date) -> Option<Date> {
        let mut until = None;
        let mut next = day;
        let counts = |c: &&Cover| c.by != By::Project;
        while let Some(cover) = self.covers.iter().filter(counts).filter(|c| c.on(next)).max_by_key(|c| c.to) {
            until = Some(cover.to);
            match kernel::date::next_day(cover.to).filter(|_| cover.to < Date::MAX) {
                Some(day) => next = day,
                None => break,
            }
        }
        until
    }

    /// Contradictions up to a day, and those ahead of it.
    pub fn conflicts(&self, day: Date, rules: &Rules) -> BTreeSet<Conflict> {
        let mut out = BTreeSet::new();
        if self.groups(day).len() > 1 {
            out.insert(Conflict::SeveralGroups);
        }
        match self.number {
            Number::Good => {}
            Number::OtherBirth => {
                out.insert(Conflict::OtherBirth);
            }
            Number::Missing => {
                out.insert(Conflict::NoNumber);
            }
        }
        if self.names_differ {
            out.insert(Conflict::SharedNumber);
        }
        let paid = |c: &Cover| matches!(c.by, By::Listed(Payer::Budget | Payer::Donor) | By::Paid(_));
        for (i, a) in self.covers.iter().enumerate().filter(|(_, c)| paid(c)) {
            if self.died.is_some_and(|d| a.to > d) {
                out.insert(Conflict::AfterDeath);
            }
            let years = self.birth.map(|b| age(b, a.from.max(self.birth.unwrap_or(a.from))));
            if years.is_some_and(|y| y < rules.age_min || y >= rules.age_max) {
                out.insert(Conflict::OutsideAge);
            }
            for (j, b) in self.covers.iter().enumerate() {
                if i == j || a.from > b.to || b.from > a.to {
                    continue;
                }
                match b.by {
                    By::Listed(Payer::Firm) => out.insert(Conflict::WagedAndPaid),
                    // What we paid and the insurer lists from the same payer is one cover.
                    _ if payer(a.by) == payer(b.by)
                        && std::mem::discriminant(&a.by) != std::mem::discriminant(&b.by) =>
                    {
                        false
                    }
                    By::Listed(_) | By::Paid(_) => out.insert(Conflict::TwoPayers),
                    By::Project => false,
                };
            }
        }
        out
    }
}

fn payer(by: By) -> Option<Payer> {
    match by {
        By::Listed(payer) | By::Paid(payer) => Some(payer),
        By::Project => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn somebody() -> Vulnerable {
        Vulnerable {
            number: Number::Good,
            birth: Some(day("1980-05-10")),
            died: None,
            listings: vec![Listing { group: "rt".into(), decile: Some(4), from: Some(day("2026-01-01")), to: None }],
            covers: Vec::new(),
            names_differ: false,
        }
    }

    fn cover(by: By, from: &str, to: &str) -> Cover {
        Cover { from: day(from), to: day(to), by }
    }

    fn rules() -> Rules {
        Rules::at(day("2026-11-01"), Law::builtin()).unwrap()
    }

    #[test]
    fn one_standing_a_day_the_strongest_fact_first() {
        let (on, r) = (day("2026-11-01"), rules());
        let mut v = somebody();
        assert_eq!(v.standing(on, &r), Standing::Open);
        assert_eq!(v.standing(day("2025-12-31"), &r), Standing::Away);
        v.covers = vec![cover(By::Project, "2026-10-01", "2026-12-01")];
        assert_eq!(v.standing(on, &r), Standing::Open, "a project covers its works only");
        v.covers.push(cover(By::Listed(Payer::Own), "2026-10-01", "2026-12-01"));
        assert_eq!(v.standing(on, &r), Standing::Own);
        v.covers.push(cover(By::Paid(Payer::Donor), "2026-10-01", "2026-12-31"));
        assert_eq!(v.standing(on, &r), Standing::Paid);
        v.covers.push(cover(By::Listed(Payer::Donor), "2026-10-01", "2026-12-31"));
        assert_eq!(v.standing(on, &r), Standing::Covered);
        v.covers.push(cover(By::Listed(Payer::Firm), "2026-11-01", "2026-12-31"));
        assert_eq!(v.standing(on, &r), Standing::Waged);
        v.died = Some(on);
        assert_eq!(v.standing(on, &r), Standing::Dead);
    }

    #[test]
    fn age_is_of_the_day_and_unknown_is_not_young() {
        let r = rules();
        let with = |birth: Option<&str>| Vulnerable { birth: birth.map(day), ..somebody() };
        let on = day("2026-11-01");
        assert_eq!(with(None).standing(on, &r), Standing::NoAge);
        assert_eq!(with(Some("2009-11-01")).standing(on, &r), Standing::Open, "17 today");
        assert_eq!(with(Some("2009-11-02")).standing(on, &r), Standing::Young);
        assert_eq!(with(Some("1961-11-02")).standing(on, &r), Standing::Open, "65 tomorrow");
        assert_eq!(with(Some("1961-11-01")).standing(on, &r), Standing::Old);
        assert_eq!(Vulnerable { number: Number::Missing, ..with(None) }.standing(on, &r), Standing::NoNumber);
    }

    #[test]
    fn the_citys_deciles_come_first_and_nobody_is_left_out_by_them() {
        let r = Rules { decile_max: 3, ..rules() };
        let on = day("2026-11-01");
        let with = |decile| {
            let mut v = somebody();
            v.listings[0].decile = decile;
            v.standing(on, &r)
        };
        assert_eq!((with(Some(3)), with(Some(4)), with(None)), (Standing::Open, Standing::Later, Standing::Later));
        assert!(Standing::Later.is_open());
    }

    #[test]
    fn cover_runs_on_over_payers_and_ends_at_a_gap() {
        let mut v = somebody();
        v.covers = vec![
            cover(By::Paid(Payer::Donor), "2026-09-01", "2026-11-30"),
            cover(By::Listed(Payer::Budget), "2026-12-01", "2027-02-28"),
            cover(By::Listed(Payer::Own), "2027-04-01", "2027-05-31"),
            cover(By::Project, "2027-03-01", "2027-03-31"),
        ];
        assert_eq!(v.covered_until(day("2026-11-01")), Some(day("2027-02-28")));
        assert_eq!(v.covered_until(day("2027-03-01")), None);
        v.covers.push(Cover { to: Date::MAX, ..cover(By::Listed(Payer::Own), "2027-02-01", "2027-02-02") });
        assert_eq!(v.covered_until(day("2026-11-01")), Some(Date::MAX));
    }

    #[test]
    fn contradictions() {
        let (on, r) = (day("2026-11-01"), rules());
        let found = |change: &dyn Fn(&mut Vulnerable)| {
            let mut v = somebody();
            change(&mut v);
            v.conflicts(on, &r).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(found(&|_| {}), []);
        let donor = cover(By::Listed(Payer::Donor), "2026-10-01", "2026-12-31");
        assert_eq!(
            found(&|v| v.covers = vec![donor, cover(By::Paid(Payer::Donor), "2026-10-01", "2026-12-31")]),
            [],
            "paid by us and listed by the insurer is one cover"
        );
        assert_eq!(
            found(&|v| v.covers = vec![donor, cover(By::Listed(Payer::Budget), "2026-12-01", "2027-01-31")]),
            [Conflict::TwoPayers]
        );
        assert_eq!(
            found(&|v| v.covers = vec![donor, cover(By::Listed(Payer::Firm), "2026-12-01", "2027-01-31")]),
            [Conflict::WagedAndPaid]
        );
        assert_eq!(
            found(&|v| {
                v.covers = vec![donor];
                v.died = Some(day("2026-10-05"));
            }),
            [Conflict::AfterDeath]
        );
        assert_eq!(
            found(&|v| {
                v.covers = vec![donor];
                v.birth = Some(day("1950-01-01"));
                v.names_differ = true;
                v.number = Number::OtherBirth;
                v.listings.push(Listing { group: "guru_ngaji".into(), decile: None, from: None, to: None });
            }),
            [Conflict::SeveralGroups, Conflict::OutsideAge, Conflict::OtherBirth, Conflict::SharedNumber]
        );
    }

    #[test]
    fn names_read_back() {
        assert!(Standing::ALL.iter().all(|s| Standing::parse(s.name()) == Some(*s)));
        assert!(Conflict::ALL.iter().all(|c| Conflict::parse(c.name()) == Some(*c)));
    }
}
