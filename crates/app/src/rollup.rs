//! Province and nation: what a city says of itself as a card of counts, and several cards side by side.
//!
//! A card has no person, no firm and no agency: projects by state, days without cover, people as counts that point at nobody (the rule of open data,
//! [`coverage::guarded`]), denominators with their source. Cities keep their data; only cards meet. Sums over cities are sums of counts: who works in two cities is in two cards.

use crate::desk::Desk;
use crate::desk::coverage::{self, Segment};
use crate::desk::evidence::Overview;
use crate::linking::quality::wilson;
use crate::report::{Cell, Table, csv_bytes};
use crate::{Fault, clock};
use authz::{Coverage, Export, Permit};
use kernel::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shape of a card.
const SHAPE: &str = "payung.card.1";

/// Bytes of a card at most.
pub const BYTES_MAX: usize = 256 << 10;

/// Cards at a time at most.
pub const CARDS_MAX: usize = 600;

/// States of projects whose cover can be told, under way.
const KNOWN: [&str; 4] = ["exposed", "registering", "window", "covered"];

/// Days after which a card is old.
const OLD_DAYS: i32 = 7;

/// Any count at most: more is a mistake, and would not sum.
const COUNT_MAX: u64 = 1 << 50;

/// People of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// `all`, or a segment.
    pub segment: String,
    /// The last day of a list that speaks of it, ISO.
    pub told: String,
    /// On a list of the insurer; none where that would point at somebody.
    pub registered: Option<u64>,
    /// Whose cover holds.
    pub active: Option<u64>,
}

/// A denominator somebody named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its name: only the same name compares.
    pub name: String,
    /// Segment; empty for all.
    pub segment: String,
    /// Month.
    pub month: String,
    /// People.
    pub count: u64,
    /// Where it stands, and its day.
    pub source: String,
    /// Day of the source.
    pub dated: String,
    /// The share that is covered, parts per million; none where it is withheld.
    pub share_ppm: Option<u64>,
}

/// States, segments or denominators of a card at most.
const LISTED: usize = 200;

/// What a city says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// [`SHAPE`].
    pub shape: String,
    /// Name of the city, or of what several are part of.
    pub name: String,
    /// Its address; empty for none.
    pub address: String,
    /// Day of the picture, ISO.
    pub as_of: String,
    /// A made-up city.
    pub made_up: bool,
    /// Cities in it.
    pub cities: u64,
    /// Projects counted.
    pub projects: u64,
    /// By state.
    pub states: BTreeMap<String, u64>,
    /// Project-days without cover.
    pub uncovered_project_days: u64,
    /// Known worker-days without cover.
    pub uncovered_worker_days: u64,
    /// Project-days without cover of which the number of people is not known.
    pub days_without_heads: u64,
    /// People: all, then segments a list speaks of.
    pub people: Vec<People>,
    /// Denominators.
    pub bases: Vec<Named>,
}

/// Why something is no card; each has a sentence `rollup-no-NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCard {
    /// Not a card: what the reader says.
    Shape(String),
    /// Too large, or too many cards.
    Large,
    /// Counts that contradict each other: what.
    Counts(&'static str),
}

impl Card {
    fn state(&self, name: &str) -> u64 {
        self.states.get(name).copied().unwrap_or(0)
    }

    /// Projects under way whose cover can be told.
    fn known(&self) -> u64 {
        KNOWN.iter().map(|s| self.state(s)).sum()
    }

    /// People of all segments.
    fn all(&self) -> Option<&People> {
        self.people.iter().find(|p| p.segment == "all")
    }
}

/// The card of a city; none where nothing was loaded.
///
/// # Errors
/// [`Fault`] of the database.
pub fn card(desk: &Desk, permit: &Permit<Export, Coverage>, name: &str) -> Result<Option<Card>, Fault> {
    let Some(picture) = desk.read(|s| s.picture().map_err(Fault::from))? else { return Ok(None) };
    let o: Overview = serde_json::from_str(&picture.body).map_err(|e| Fault(e.to_string()))?;
    if o.tables == 0 {
        return Ok(None);
    }
    let figures = coverage::figures(desk, permit)?;
    let words = desk.read(|s| s.coverage_words(permit).map_err(Fault::from))?;
    let mut people = Vec::new();
    if let Some(m) = figures.months.last() {
        let mut add = |segment: &str, told: Option<&String>, [registered, active]: [Option<u64>; 2]| {
            if let Some(told) = told {
                people.push(People { segment: segment.to_owned(), told: told.clone(), registered, active });
            }
        };
        let (all, segments) = coverage::open_counts(m);
        add("all", figures.told.iter().flatten().max(), all);
        for s in Segment::ALL {
            add(s.name(), figures.told[*s as usize].as_ref(), segments[*s as usize]);
        }
    }
    let bases = coverage::shares(&figures, &words).into_iter().map(|(base, share)| Named {
        share_ppm: share.and_then(|ppm| u64::try_from(ppm).ok()),
        name: base.name,
        segment: base.segment,
        month: base.month,
        count: base.count.unsigned_abs(),
        source: base.source,
        dated: base.dated,
    });
    Ok(Some(Card {
        shape: SHAPE.to_owned(),
        name: kernel::text::clean(name),
        address: desk.address().to_owned(),
        as_of: picture.as_of,
        made_up: o.made_up,
        cities: 1,
        projects: o.projects,
        states: o.states.iter().map(|(name, n, _)| (name.clone(), *n)).collect(),
        uncovered_project_days: o.uncovered,
        uncovered_worker_days: o.worker_days[0] + o.worker_days[1],
        days_without_heads: o.worker_days[2],
        people,
        bases: bases.collect(),
    }))
}

/// Reads a card somebody sent.
///
/// # Errors
/// [`NoCard`] where it is none, or contradicts itself.
pub fn read(bytes: &[u8]) -> Result<Card, NoCard> {
    if bytes.len() > BYTES_MAX {
        return Err(NoCard::Large);
    }
    let card: Card = serde_json::from_slice(bytes).map_err(|e| NoCard::Shape(e.to_string()))?;
    if card.shape != SHAPE {
        return Err(NoCard::Shape(card.shape));
    }
    let counts =
        card.states.values().chain([&card.projects, &card.uncovered_project_days, &card.uncovered_worker_days]);
    let is_long = card.states.len() > LISTED || card.people.len() > LISTED || card.bases.len() > LISTED;
    if is_long || counts.chain([&card.days_without_heads, &card.cities]).any(|n| *n > COUNT_MAX) {
        return Err(NoCard::Counts("count"));
    }
    if card.states.values().sum::<u64>() > card.projects {
        return Err(NoCard::Counts("states"));
    }
    // Either may be withheld without the other.
    let contradicts = |p: &People| p.active.zip(p.registered).is_some_and(|(a, r)| a > r);
    let is_large = |p: &People| [p.active, p.registered].iter().flatten().any(|n| *n > COUNT_MAX);
    let mut segments: Vec<&str> = card.people.iter().map(|p| p.segment.as_str()).collect();
    segments.sort_unstable();
    if segments.windows(2).any(|w| w[0] == w[1]) || card.people.iter().any(|p| contradicts(p) || is_large(p)) {
        return Err(NoCard::Counts("people"));
    }
    if card.name.trim().is_empty() || card.as_of.parse::<Date>().is_err() || card.cities == 0 {
        return Err(NoCard::Counts("name"));
    }
    Ok(card)
}

/// A share with the ends of its interval, parts per million.
pub type Share = [u64; 3];

/// A city beside others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its card.
    pub card: Card,
    /// Exposed of the projects under way whose cover can be told; none where these are too few to compare.
    pub exposed: Option<Share>,
    /// Does the share lie apart from that of all together, by more than chance? `above`, `below`, or empty.
    pub apart: &'static str,
    /// Uncovered project-days a project, tenths; none where projects are too few.
    pub days_each: Option<u64>,
    /// The picture is older than a week.
    pub is_old: bool,
}

/// Several cities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// By name.
    pub rows: Vec<Row>,
    /// All together.
    pub sum: Card,
    /// Exposed of all together.
    pub exposed: Option<Share>,
    /// Projects it takes to compare.
    pub least: u64,
}

fn share(n: u64, of: u64) -> Option<Share> {
    let part = |p: f64| (p * 1_000_000.0).round().clamp(0.0, 1_000_000.0) as u64;
    let (low, high) = wilson(n, of);
    (of > 0).then(|| [part(n as f64 / of as f64), part(low), part(high)])
}

/// Cards together: counts summed; people of a segment only where every card that speaks of it says how many.
fn sum(cards: &[Card], name: &str) -> Card {
    let mut out = Card { shape: SHAPE.to_owned(), name: name.to_owned(), ..Card::default() };
    let mut people: BTreeMap<&str, People> = BTreeMap::new();
    for c in cards {
        out.cities += c.cities;
        out.projects += c.projects;
        out.made_up |= c.made_up;
        for (state, n) in &c.states {
            *out.states.entry(state.clone()).or_default() += n;
        }
        out.uncovered_project_days += c.uncovered_project_days;
        out.uncovered_worker_days += c.uncovered_worker_days;
        out.days_without_heads += c.days_without_heads;
        // As old as the oldest of them.
        if out.as_of.is_empty() || c.as_of < out.as_of {
            out.as_of.clone_from(&c.as_of);
        }
        for p in &c.people {
            let whole = people.entry(&p.segment).or_insert_with(|| People {
                registered: Some(0),
                active: Some(0),
                ..p.clone()
            });
            let plus = |a: Option<u64>, b: Option<u64>| Some(a? + b?);
            whole.registered = plus(whole.registered, p.registered);
            whole.active = plus(whole.active, p.active);
            if p.told < whole.told {
                whole.told.clone_from(&p.told);
            }
        }
    }
    // A city without a list is not nought: all together are not known then.
    let speaks = |c: &Card, segment: &str| c.people.iter().any(|p| p.segment == segment);
    for p in people.values_mut().filter(|p| !cards.iter().all(|c| speaks(c, &p.segment))) {
        (p.registered, p.active) = (None, None);
    }
    out.people = people.into_values().collect();
    out
}

/// Puts cards side by side. `least` projects it takes to say a share.
#[must_use]
pub fn compare(mut cards: Vec<Card>, name: &str, least: u64) -> Comparison {
    cards.sort_by(|a, b| (&a.name, &a.address).cmp(&(&b.name, &b.address)));
    let today = clock::today();
    let sum = sum(&cards, name);
    let exposed = share(sum.state("exposed"), sum.known()).filter(|_| sum.known() >= least);
    let row = |card: Card| {
        let own = share(card.state("exposed"), card.known()).filter(|_| card.known() >= least);
        let apart = match (own, exposed) {
            (Some([_, low, _]), Some([all, ..])) if low > all => "above",
            (Some([_, _, high]), Some([all, ..])) if high < all => "below",
            _ => "",
        };
        let is_old = card.as_of.parse::<Date>().is_ok_and(|d| (today - d).get_days() > OLD_DAYS);
        let days_each = (card.projects >= least)
            .then(|| (u128::from(card.uncovered_project_days) * 10 / u128::from(card.projects.max(1))) as u64);
        Row { exposed: own, apart, days_each, is_old, card }
    };
    Comparison { rows: cards.into_iter().map(row).collect(), sum, exposed, least }
}

/// Columns of the comparison.
pub const COLUMNS: [&str; 12] = [
    "city",
    "as_of",
    "projects",
    "exposed",
    "covered",
    "unknown",
    "exposed_share_ppm",
    "uncovered_project_days",
    "uncovered_worker_days_known",
    "people_registered",
    "people_active",
    "made_up",
];

/// The comparison as CSV.
///
/// # Errors
/// [`Fault`] of the writer.
pub fn csv(comparison: &Comparison) -> Result<Vec<u8>, Fault> {
    let mut table = Table::new("comparison", &COLUMNS);
    for r in &comparison.rows {
        let c = &r.card;
        let count = |n: Option<u64>| n.map_or(Cell::Empty, Cell::count);
        table.push(vec![
            Cell::text(&c.name),
            Cell::text(&c.as_of),
            Cell::count(c.projects),
            Cell::count(c.state("exposed")),
            Cell::count(c.state("covered")),
            Cell::count(c.state("unknown")),
            count(r.exposed.map(|[ppm, ..]| ppm)),
            Cell::count(c.uncovered_project_days),
            Cell::count(c.uncovered_worker_days),
            count(c.all().and_then(|p| p.registered)),
            count(c.all().and_then(|p| p.active)),
            Cell::Int(i64::from(c.made_up)),
        ]);
    }
    csv_bytes(&table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(name: &str, exposed: u64, covered: u64, active: Option<u64>) -> Card {
        Card {
            shape: SHAPE.into(),
            name: name.into(),
            as_of: clock::today().to_string(),
            cities: 1,
            projects: exposed + covered + 4,
            states: [("exposed".to_owned(), exposed), ("covered".to_owned(), covered), ("unknown".to_owned(), 4)]
                .into(),
            uncovered_project_days: exposed * 30,
            people: vec![People { segment: "all".into(), told: "2026-11-20".into(), registered: Some(900), active }],
            ..Card::default()
        }
    }

    #[test]
    fn small_cities_are_not_ranked_and_chance_is_no_difference() {
        let all = compare(
            vec![
                city("Hilir", 60, 40, Some(500)),
                city("Hulu", 22, 78, Some(300)),
                city("Kecil", 3, 4, None),
                city("Tengah", 42, 58, Some(10)),
            ],
            "Provinsi",
            20,
        );
        let told: Vec<(&str, Option<u64>, &str)> =
            all.rows.iter().map(|r| (r.card.name.as_str(), r.exposed.map(|s| s[0]), r.apart)).collect();
        assert_eq!(
            told,
            [
                ("Hilir", Some(600_000), "above"),
                ("Hulu", Some(220_000), "below"),
                ("Kecil", None, ""),
                ("Tengah", Some(420_000), "")
            ]
        );
        assert_eq!((all.sum.cities, all.sum.projects, all.sum.state("exposed")), (4, 323, 127));
        // One city does not say how many: nobody can say how many all are.
        assert_eq!(all.sum.all().unwrap().active, None);
        assert_eq!(all.sum.all().unwrap().registered, Some(3_600));
        assert!(all.rows.iter().all(|r| !r.is_old));
        assert!(String::from_utf8(csv(&all).unwrap()).unwrap().contains("\nKecil,"));
        // A province is a card itself, and a nation compares those.
        let again = read(&serde_json::to_vec(&all.sum).unwrap()).unwrap();
        assert_eq!(compare(vec![again.clone(), Card { name: "Lain".into(), ..again }], "Nasional", 20).sum.cities, 8);
    }

    #[test]
    fn a_card_that_contradicts_itself_is_none() {
        let bytes = |card: &Card| serde_json::to_vec(card).unwrap();
        let good = city("Hilir", 60, 40, Some(500));
        assert_eq!(read(&bytes(&good)).unwrap(), good);
        let no = |change: &dyn Fn(&mut Card)| {
            let mut card = good.clone();
            change(&mut card);
            read(&bytes(&card)).unwrap_err()
        };
        assert_eq!(no(&|c| c.projects = 10), NoCard::Counts("states"));
        assert_eq!(no(&|c| c.people[0].active = Some(901)), NoCard::Counts("people"));
        assert_eq!(no(&|c| c.people[0].active = Some(u64::MAX)), NoCard::Counts("people"));
        assert_eq!(no(&|c| c.people.push(c.people[0].clone())), NoCard::Counts("people"));
        let withheld = Card { people: vec![People { registered: None, ..good.people[0].clone() }], ..good.clone() };
        assert_eq!(read(&bytes(&withheld)).unwrap(), withheld, "either may be withheld alone");
        assert_eq!(no(&|c| c.uncovered_worker_days = u64::MAX), NoCard::Counts("count"));
        assert_eq!(no(&|c| c.as_of = "kemarin".into()), NoCard::Counts("name"));
        assert_eq!(no(&|c| c.shape = "lain".into()), NoCard::Shape("lain".into()));
        assert!(matches!(read(b"{\"name\": \"x\"}"), Err(NoCard::Shape(_))));
        assert!(matches!(read(&vec![b' '; BYTES_MAX + 1]), Err(NoCard::Large)));
    }
}
