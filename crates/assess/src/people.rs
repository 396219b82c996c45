//! The people of a project as a count: how many, from where, paid how. No name and no number leaves.

use crate::view::{Context, ProjectView};
use crate::wage::Floor;
use std::collections::BTreeSet;

/// A count of people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// Everybody who was there up to the day.
    pub all: u64,
    /// Of these, with an identity number that reads.
    pub known: u64,
    /// Of these, whose number was first issued in the city. It says where somebody was registered first, not where they live.
    pub local: u64,
    /// There on the day with a wage that can be compared.
    pub compared: u64,
    /// Of these, below the minimum under the stricter reading.
    pub below: u64,
    /// And under the more lenient one.
    pub below_lenient: u64,
    /// Of all, with an address that tells whether they live in the city.
    pub told: u64,
    /// Of these, living in it.
    pub resident: u64,
    /// Days on the site's own list up to the day, added up over people; on the insurer's where the site keeps none.
    pub days: u64,
}

impl std::ops::AddAssign for People {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.known += other.known;
        self.local += other.local;
        self.compared += other.compared;
        self.below += other.below;
        self.below_lenient += other.below_lenient;
        self.told += other.told;
        self.resident += other.resident;
        self.days += other.days;
    }
}

/// Counts the people of a project, each number once. Whoever has none counts as often as listed.
pub(crate) fn count(view: &ProjectView<'_>, context: &Context<'_>) -> People {
    let mut out = People::default();
    let floor = context.place.and_then(|place| Floor::of(place, context.as_of, context.law));
    let (mut met, mut paid) = (BTreeSet::new(), BTreeSet::new());
    out.days = days(view, context);
    // The site's own list says the wage paid; the insurer's comes after it.
    let workers = view.roster.iter().chain(view.coverages.iter().flat_map(|c| &c.workers));
    for worker in workers.filter(|w| w.joined.is_some_and(|j| j <= context.as_of)) {
        // Only held for the length of this count; never printed, stored or returned.
        let number = worker.nik.as_ref().map(|n| n.reveal());
        if number.is_none_or(|n| met.insert(n)) {
            out.all += 1;
            out.known += u64::from(number.is_some());
            let home = worker.nik.as_ref().map(|n| n.district());
            out.local += u64::from(home.is_some() && home.as_deref() == context.place);
            out.told += u64::from(worker.resident.is_some());
            out.resident += u64::from(worker.resident == Some(true));
        }
        let is_there = worker.left.is_none_or(|l| l >= context.as_of);
        let (Some(floor), Some((kind, wage)), true) = (&floor, worker.wage, is_there) else { continue };
        if let Some((strict, lenient)) = floor.is_below(kind, wage)
            && number.is_none_or(|n| paid.insert(n))
        {
            out.compared += 1;
            out.below += u64::from(strict);
            out.below_lenient += u64::from(lenient);
        }
    }
    out
}

/// Days of everybody on one list, between the first and the last day of works and up to the day assessed.
fn days(view: &ProjectView<'_>, context: &Context<'_>) -> u64 {
    let begin = view.project.start.map(|d| d.value);
    let end = view.project.end.map_or(context.as_of, |d| d.value.min(context.as_of));
    let lists: Vec<&registers::records::Worker> = if view.roster.is_empty() {
        view.coverages.iter().flat_map(|c| c.workers.iter().copied()).collect()
    } else {
        view.roster.clone()
    };
    let of = |worker: &&registers::records::Worker| {
        let from = worker.joined.map(|j| begin.map_or(j, |b| j.max(b)));
        let to = worker.left.map_or(end, |l| l.min(end));
        from.filter(|from| *from <= to).map_or(0, |from| u64::from(kernel::date::days_inclusive(from, to)))
    };
    lists.iter().map(of).sum()
}
