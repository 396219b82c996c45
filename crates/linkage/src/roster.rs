//! A list of workers beside those who stand on a roster: who joins, who left, what changed, who may be whom.

use crate::profiles;
use crate::tables::{Batch, Builder, Ready};
use kernel::id::Nik;
use linkage_engine::{Assignment, Side};
use registers::records::Entry;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a line says otherwise than the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Name.
    Name,
    /// Identity number.
    Nik,
    /// Place or day of birth.
    Birth,
    /// Sex.
    Sex,
    /// Address.
    Address,
    /// Telephone.
    Phone,
    /// Insurer's card number.
    Card,
    /// Trade.
    Trade,
    /// Kind of wage.
    Kind,
    /// Wage.
    Wage,
    /// Subcontractor.
    Subcontractor,
    /// First day.
    Joined,
    /// Last day.
    Left,
    /// Day of the report.
    Reported,
}

impl Changed {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Nik => "nik",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Trade => "trade",
            Self::Kind => "kind",
            Self::Wage => "wage",
            Self::Subcontractor => "subcontractor",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Reported => "reported",
        }
    }
}

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nobody on the roster is this person.
    Join,
    /// Stands there already, and the line says nothing else.
    Same {
        /// Place among those who stand there.
        of: usize,
    },
    /// Stands there already, and the line says more or other things.
    Change {
        /// Place among those who stand there.
        of: usize,
        /// What.
        what: Vec<Changed>,
    },
    /// Probably somebody who stands there, under another spelling: a person has to say.
    Doubt {
        /// Place among those who stand there.
        of: usize,
        /// Weight of the pair, hundredths of a bit.
        weight: i32,
        /// Above the threshold of the profile: likely the same.
        likely: bool,
    },
    /// The same identity number as an earlier line.
    Twice {
        /// That line, by its place in the list.
        line: usize,
    },
    /// No name: no person.
    Nobody,
}

impl Fate {
    /// Whom on the roster the line is about, if anybody.
    pub fn of(&self) -> Option<usize> {
        match self {
            Self::Same { of } | Self::Change { of, .. } | Self::Doubt { of, .. } => Some(*of),
            _ => None,
        }
    }
}

/// A list beside a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What becomes of each line.
    pub lines: Vec<Fate>,
    /// Who stands on the roster and not on the list, by place.
    pub missing: Vec<usize>,
}

fn nik(entry: &Entry) -> Option<&Nik> {
    entry.nik.as_ref().and_then(|n| n.as_ref().ok())
}

/// Puts a list beside those who stand on the roster. One line is about one person, and one person about one line. Time: linear but for
/// lines that no number and no equal name places, which are scored against their blocks.
pub fn compare(list: &[Entry], standing: &[Entry]) -> Compared {
    let mut lines: Vec<Option<Fate>> = vec![None; list.len()];
    let mut free: BTreeSet<usize> = (0..standing.len()).collect();
    let mut first_with: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, entry) in list.iter().enumerate() {
        if entry.name.bare.is_empty() {
            lines[i] = Some(Fate::Nobody);
        } else if let Some(number) = nik(entry) {
            match first_with.get(number.reveal()) {
                Some(line) => lines[i] = Some(Fate::Twice { line: *line }),
                None => {
                    first_with.insert(number.reveal(), i);
                }
            }
        }
    }
    // The number first; then name and birth; then the name alone, where nothing speaks against it.
    type KeyOf = fn(&Entry) -> Option<String>;
    let rounds: [KeyOf; 3] = [
        |e| nik(e).map(|n| n.reveal().to_owned()),
        |e| e.birth.map(|b| format!("{} {b}", e.name.key())),
        |e| Some(e.name.key()),
    ];
    for (round, key_of) in rounds.into_iter().enumerate() {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        free.iter().for_each(|of| {
            if let Some(key) = key_of(&standing[*of]) {
                by_key.entry(key).or_default().push(*of);
            }
        });
        let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, entry) in list.iter().enumerate().filter(|(i, _)| lines[*i].is_none()) {
            if let Some(key) = key_of(entry) {
                wanted.entry(key).or_default().push(i);
            }
        }
        for (key, who) in wanted {
            // Two of one name are nobody's guess; one number entered twice is one person all the same, at the first entry.
            let there = by_key.get(&key).map_or(&[][..], Vec::as_slice);
            let there = if round == 0 { &there[..there.len().min(1)] } else { there };
            let (&[i], [of]) = (who.as_slice(), there) else { continue };
            if contradict(&list[i], &standing[*of]) {
                continue;
            }
            free.remove(of);
            let what = changes(&list[i], &standing[*of]);
            lines[i] = Some(if what.is_empty() { Fate::Same { of: *of } } else { Fate::Change { of: *of, what } });
        }
    }
    doubts(list, standing, &mut lines, &mut free);
    Compared {
        lines: lines.into_iter().map(|l| l.unwrap_or(Fate::Join)).collect(),
        missing: free.into_iter().collect(),
    }
}

/// Do two readable numbers, or with no number two births, say that these are two people?
fn contradict(a: &Entry, b: &Entry) -> bool {
    match (nik(a), nik(b)) {
        (Some(a), Some(b)) => a != b,
        _ => matches!((a.birth, b.birth), (Some(a), Some(b)) if a != b),
    }
}

/// What a line says that the roster does not. What a line leaves out it does not take back.
pub fn changes(line: &Entry, standing: &Entry) -> Vec<Changed> {
    fn differs<T: PartialEq>(line: &Option<T>, standing: &Option<T>) -> bool {
        line.is_some() && line != standing
    }
    // Capitals are no news; a title is.
    let titles = &line.name.titles;
    let tests = [
        (
            Changed::Name,
            line.name.key() != standing.name.key() || !titles.is_empty() && *titles != standing.name.titles,
        ),
        (Changed::Nik, nik(line).is_some() && nik(line) != nik(standing)),
        (Changed::Birth, differs(&line.birth, &standing.birth) || differs(&line.birth_place, &standing.birth_place)),
        (Changed::Sex, differs(&line.sex, &standing.sex)),
        (Changed::Address, differs(&line.address, &standing.address)),
        (Changed::Phone, differs(&line.phone, &standing.phone)),
        (Changed::Card, differs(&line.card, &standing.card)),
        (Changed::Trade, differs(&line.trade, &standing.trade)),
        (Changed::Kind, differs(&line.kind, &standing.kind)),
        (Changed::Wage, differs(&line.wage, &standing.wage)),
        (Changed::Subcontractor, differs(&line.subcontractor, &standing.subcontractor)),
        (Changed::Joined, differs(&line.joined, &standing.joined)),
        (Changed::Left, differs(&line.left, &standing.left)),
        (Changed::Reported, differs(&line.reported, &standing.reported)),
    ];
    tests.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

/// What numbers and equal names leave goes through the engine.
fn doubts(list: &[Entry], standing: &[Entry], lines: &mut [Option<Fate>], free: &mut BTreeSet<usize>) {
    let open: Vec<usize> = (0..list.len()).filter(|i| lines[*i].is_none()).collect();
    let left: Vec<usize> = free.iter().copied().collect();
    let (there, new) = (left.iter().map(|of| &standing[*of]).collect(), open.iter().map(|i| &list[*i]).collect());
    for Scored { right, options, likely } in scored(there, new) {
        let mut options = options.into_iter().map(|(place, weight)| (left[place], weight));
        if let Some((of, weight)) = options.find(|(of, _)| free.contains(of)) {
            free.remove(&of);
            lines[open[right]] = Some(Fate::Doubt { of, weight, likely });
        }
    }
}

/// Somebody on the right with those on the left it may be, the likeliest first, and whether the profile holds the first for the same.
struct Scored {
    right: usize,
    options: Vec<(usize, i32)>,
    likely: bool,
}

/// Puts people beside people by the person profile.
fn scored(left: Vec<&Entry>, right: Vec<&Entry>) -> Vec<Scored> {
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    let profile = profiles::roster();
    let cells = vec![1; profile.fields.len()];
    let mut builder = Builder::new(profile, [&cells, &cells]);
    for (side, entries) in [(Side::Left, left), (Side::Right, right)] {
        let mut batch = Batch::new(1 + cells.len());
        for (i, entry) in entries.into_iter().enumerate() {
            batch.push(&i.to_string());
            for field in &profile.fields {
                batch.push(&said(entry, &field.name));
            }
        }
        builder.add(side, &batch);
    }
    let Ok(tables) = builder.finish() else { unreachable!("places in a list are one of a kind") };
    let linked = Ready::new(tables, None, &mut |_, _, _| {}).link(&mut |_, _, _| {});
    let scored = |assignment: &Assignment| match assignment {
        Assignment::Link { right, left, weight } => {
            Scored { right: *right as usize, options: vec![(*left as usize, *weight)], likely: true }
        }
        Assignment::Review { right, options } => Scored {
            right: *right as usize,
            options: options.iter().map(|(left, weight)| (*left as usize, *weight)).collect(),
            likely: false,
        },
    };
    linked.assignments.iter().map(scored).collect()
}

/// Somebody without a number that reads, and who that may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twin {
    /// Without a number, by place.
    pub of: usize,
    /// May be this one, by place.
    pub may_be: usize,
    /// Weight of the pair, hundredths of a bit; the largest there is where name and birth are the same.
    pub weight: i32,
}

/// Persons of several lists that may be one. Two readable numbers are two people, so one of a pair has none. Time: that of the profile on those
/// without a number.
pub fn twins(people: &[&Entry]) -> Vec<Twin> {
    let (with, without): (Vec<usize>, Vec<usize>) = (0..people.len()).partition(|i| nik(people[*i]).is_some());
    let mut out: Vec<Twin> = Vec::new();
    // Two without a number and of one name and birth, on two lists.
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for i in &without {
        let Some(birth) = people[*i].birth else { continue };
        let key = format!("{} {birth}", people[*i].name.key());
        match met.get(&key) {
            Some(first) => out.push(Twin { of: *i, may_be: *first, weight: i32::MAX }),
            None => {
                met.insert(key, *i);
            }
        }
    }
    let (left, right) = (with.iter().map(|i| people[*i]).collect(), without.iter().map(|i| people[*i]).collect());
    for Scored { right, options, .. } in scored(left, right) {
        let of = without[right];
        let fits = options.into_iter().map(|(place, weight)| (with[place], weight));
        let mut fits = fits.filter(|(may_be, _)| !contradict(people[of], people[*may_be]));
        out.extend(fits.next().map(|(may_be, weight)| Twin { of, may_be, weight }));
    }
    out
}

/// What an entry says in a field of the person profile.
fn said(entry: &Entry, field: &str) -> String {
    match field {
        "name" => entry.name.bare.clone(),
        "nik" => nik(entry).map(|n| n.reveal().to_owned()).unwrap_or_default(),
        "birth" => entry.birth.map(|b| b.to_string()).unwrap_or_default(),
        "sex" => entry.sex.map(|s| s.letter().to_owned()).unwrap_or_default(),
        "place" => entry.birth_place.clone().unwrap_or_default(),
        "address" => entry.address.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Origin;
    use kernel::origin::TableId;
    use registers::person::Name;

    fn entry(name: &str, nik: &str, birth: &str) -> Entry {
        Entry {
            origin: Origin { table: TableId(1), line: 2 },
            list: None,
            number: None,
            name: Name::read(name),
            nik: (!nik.is_empty()).then(|| Nik::parse(nik)),
            birth_place: None,
            birth: birth.parse().ok(),
            sex: None,
            address: None,
            phone: None,
            card: None,
            trade: None,
            kind: None,
            wage: None,
            subcontractor: None,
            paid_by: None,
            source: None,
            district: None,
            decile: None,
            why_left: None,
            died: None,
            joined: None,
            left: None,
            reported: None,
            struck: false,
        }
    }

    fn crew() -> Vec<Entry> {
        vec![
            entry("BUDI SANTOSO", "1571010203900001", "1990-03-02"),
            entry("SLAMET RIYADI", "1571011508850002", "1985-08-15"),
            entry("AGUS WIJAYA", "", "1979-01-30"),
            entry("MUHAMMAD YUSUF HARAHAP", "1571012011880004", "1988-11-20"),
        ]
    }

    #[test]
    fn the_same_list_again_says_nothing() {
        let found = compare(&crew(), &crew());
        assert!(found.lines.iter().all(|l| matches!(l, Fate::Same { .. })), "{found:?}");
        assert!(found.missing.is_empty());
    }

    #[test]
    fn joins_leaves_changes_and_doubts() {
        let mut paid = entry("Budi Santoso", "1571010203900001", "1990-03-02");
        paid.trade = Some("TUKANG".into());
        let list = [
            paid,
            // Without a number, of the same name and day.
            entry("Slamet Riyadi", "", "1985-08-15"),
            // A letter and a digit amiss.
            entry("MUHAMAD YUSUP HARAHAP", "1571012011880044", "1988-11-20"),
            entry("TONI SITUMORANG", "1571010101950009", "1995-01-01"),
            entry("TONI SITUMORANG", "1571010101950009", "1995-01-01"),
            entry("", "1571010101950010", ""),
        ];
        let found = compare(&list, &crew());
        assert_eq!(found.lines[0], Fate::Change { of: 0, what: vec![Changed::Trade] });
        assert_eq!(found.lines[1], Fate::Same { of: 1 });
        assert!(matches!(found.lines[2], Fate::Doubt { of: 3, .. }), "{:?}", found.lines[2]);
        assert_eq!(found.lines[3..], [Fate::Join, Fate::Twice { line: 3 }, Fate::Nobody]);
        assert_eq!(found.missing, [2]);
    }

    #[test]
    fn two_numbers_are_two_people_whatever_their_name() {
        let list = [entry("SLAMET RIYADI", "1571010101700077", "1970-01-01")];
        let found = compare(&list, &crew());
        assert_eq!(found.lines, [Fate::Join]);
        assert_eq!(found.missing.len(), 4);
    }

    #[test]
    fn two_of_one_name_are_not_guessed() {
        let twins = [entry("SLAMET", "", ""), entry("SLAMET", "", "")];
        let found = compare(&twins[..1], &twins);
        assert!(!matches!(found.lines[0], Fate::Same { .. } | Fate::Change { .. }), "{found:?}");
    }

    #[test]
    fn a_number_entered_twice_is_one_person() {
        let mut standing = crew();
        standing.push(standing[0].clone());
        let found = compare(&crew(), &standing);
        assert!(found.lines.iter().all(|l| matches!(l, Fate::Same { .. })), "{found:?}");
        assert_eq!(found.missing, [4], "the second entry is offered as having left");
    }

    #[test]
    fn twins_over_lists_have_one_number_at_most() {
        let people = [
            entry("SLAMET RIYADI", "1571010101700001", "1970-01-01"),
            entry("SLAMET RIADI", "", "1970-01-01"),
            entry("SLAMET RIYADI", "1571010101700077", "1970-01-01"),
            entry("WARTINI KUSUMA", "", "1988-03-08"),
            entry("WARTINI KUSUMA", "", "1988-03-08"),
            entry("JOKO SUSILO", "", "1999-09-09"),
        ];
        let people: Vec<&Entry> = people.iter().collect();
        let found = twins(&people);
        assert!(found.iter().any(|t| t.of == 1 && (t.may_be == 0 || t.may_be == 2)), "{found:?}");
        assert!(found.iter().any(|t| (t.of, t.may_be) == (4, 3)), "{found:?}");
        assert!(found.iter().all(|t| t.of != 5 && t.may_be != 5), "{found:?}");
        assert!(found.iter().all(|t| nik(people[t.of]).is_none()), "{found:?}");
    }

    proptest::proptest! {
        /// Whoever stands on the roster is on the list, is missing from it, and never both; nobody is two lines.
        #[test]
        fn everybody_is_somewhere(taken in proptest::collection::vec(0usize..4, 0..8)) {
            let list: Vec<Entry> = taken.iter().map(|i| crew()[*i].clone()).collect();
            let found = compare(&list, &crew());
            let mut met: Vec<usize> = found.lines.iter().filter_map(Fate::of).chain(found.missing.iter().copied()).collect();
            met.sort_unstable();
            proptest::prop_assert_eq!(met, vec![0, 1, 2, 3]);
            proptest::prop_assert_eq!(found.lines.len(), list.len());
        }
    }
}
