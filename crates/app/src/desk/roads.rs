//! Minutes of road that somebody measured, beside those guessed from the straight line: typed, or pasted from a sheet, as a list of ways or as a square.
//!
//! A list has a way a line: from, to, minutes. It holds both ways unless the way back is named too. A square has the names of places in its first line and a place a line after
//! it: its name, and the minutes to each. Places are called as stops are; where cars leave from is called by the word for it.

use super::{Desk, event};
use crate::{Fault, Language, clock};
use authz::{Change, Outreach, Permit, Read};
use kernel::text::header_key;
use outreach::Road;
use std::collections::BTreeMap;
use store::RoadRow;

/// Lines at a time.
const LINES_MAX: usize = 2_000;

/// Minutes of a way at most: further than a working day no car goes.
const MINUTES_MAX: i64 = 720;

/// What became of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// By number of the stop; 0 is where cars leave from.
    pub ways: Vec<RoadRow>,
    /// Lines that do not read, by number: a name nobody knows, or no minutes.
    pub bad: Vec<(usize, String)>,
}

/// Names under which places are typed: every stop, and the word for where cars leave from.
fn places(names: &[(i64, String)]) -> BTreeMap<String, Option<i64>> {
    let depot = [Language::Indonesian, Language::English].map(|l| (phrases::say_named(l, "road-depot", &[]), 0));
    let depot = depot.into_iter().map(|(name, id)| (header_key(&name), id));
    let mut out: BTreeMap<String, Option<i64>> = BTreeMap::new();
    for (name, id) in names.iter().map(|(id, name)| (header_key(name), *id)).chain(depot) {
        // Two stops of one name: nobody can tell which is meant.
        out.entry(name).and_modify(|known| *known = known.filter(|k| *k == id)).or_insert(Some(id));
    }
    out
}

fn seconds(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let minutes: i64 = whole.parse().ok().filter(|m| (0..=MINUTES_MAX).contains(m))?;
    let tenth: i64 = if part.is_empty() { 0 } else { part.get(..1)?.parse().ok()? };
    Some(minutes * 60 + tenth * 6)
}

/// Reads a list of ways or a square.
pub(crate) fn read(text: &str, names: &[(i64, String)]) -> Ways {
    let places = places(names);
    let place = |name: &str| places.get(&header_key(name)).copied().flatten();
    let lines: Vec<(usize, Vec<&str>)> = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
        .map(|(n, l)| (n + 1, l.split([';', '\t']).map(str::trim).collect()))
        .collect();
    let mut out = Ways::default();
    let mut ways: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    let square = lines.first().is_some_and(|(_, cells)| cells.first().is_some_and(|c| c.is_empty()));
    if square {
        let (first, head) = &lines[0];
        let heads: Vec<Option<i64>> = head[1..].iter().map(|name| place(name)).collect();
        head[1..].iter().zip(&heads).filter(|(_, id)| id.is_none()).for_each(|(name, _)| {
            out.bad.push((*first, (*name).to_owned()));
        });
        for (n, cells) in lines[1..].iter().take(LINES_MAX) {
            let Some(from) = place(cells[0]) else {
                out.bad.push((*n, cells[0].to_owned()));
                continue;
            };
            for (cell, to) in cells[1..].iter().zip(&heads) {
                match (to, seconds(cell)) {
                    (Some(to), Some(s)) if *to != from => {
                        ways.insert((from, *to), s);
                    }
                    (Some(to), None) if *to != from && !cell.is_empty() => out.bad.push((*n, (*cell).to_owned())),
                    _ => {}
                }
            }
        }
    } else {
        let mut back: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        for (n, cells) in lines.iter().take(LINES_MAX) {
            let way = if let [from, to, minutes, ..] = cells.as_slice() {
                place(from).zip(place(to)).zip(seconds(minutes)).filter(|((from, to), _)| from != to)
            } else {
                None
            };
            let Some(((from, to), s)) = way else {
                out.bad.push((*n, cells.join("; ")));
                continue;
            };
            ways.insert((from, to), s);
            back.insert((to, from), s);
        }
        for (way, s) in back {
            ways.entry(way).or_insert(s);
        }
    }
    if let Some((n, _)) = lines.get(LINES_MAX + usize::from(square)) {
        out.bad.push((*n, "…".to_owned()));
    }
    out.ways = ways.into_iter().map(|((from, to), s)| (from, to, s)).collect();
    out
}

/// Lays measured ways over a road; how many it has.
pub(crate) fn apply(road: Road, ids: &[i64], ways: &[RoadRow]) -> (Road, usize) {
    let index: BTreeMap<i64, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let mut measured = 0;
    let mut road = road;
    for (from, to, seconds) in ways {
        if let (Some(from), Some(to), Ok(seconds)) = (index.get(from), index.get(to), u32::try_from(*seconds)) {
            road = road.measured(*from, *to, seconds);
            measured += 1;
        }
    }
    (road, measured)
}

/// Keeps what reads of a text; the answer says what does not. Nothing is kept where no line reads.
///
/// # Errors
/// [`Fault`] of the database.
pub fn keep(
    desk: &Desk,
    (view, change): (&Permit<Read, Outreach>, &Permit<Change, Outreach>),
    text: &str,
    request: &str,
) -> Result<Ways, Fault> {
    let stops = desk.read(|s| s.stop_list(view).map_err(Fault::from))?;
    let names: Vec<(i64, String)> = stops.into_iter().map(|s| (s.id, s.name)).collect();
    let found = read(text, &names);
    if !found.ways.is_empty() {
        let mut told = event(change.actor(), "outreach_road_keep", "outreach_road", request);
        told.reason = format!("ways:{}", found.ways.len());
        desk.write(|s| s.road_keep(change, &found.ways, &clock::now(), told).map_err(Fault::from))?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<(i64, String)> {
        vec![(7, "Pasar Contoh (RT)".to_owned()), (9, "Kelurahan Misal".to_owned())]
    }

    #[test]
    fn a_list_holds_both_ways_unless_the_way_back_is_named() {
        let found = read(
            "Berangkat; pasar contoh rt; 12\nPASAR CONTOH (RT)\tKelurahan Misal\t7,5\n\nKelurahan Misal; Pasar Contoh (RT); 9",
            &names(),
        );
        assert_eq!(found.ways, [(0, 7, 720), (7, 0, 720), (7, 9, 450), (9, 7, 540)]);
        assert_eq!(found.bad, []);
        let bad = read(
            "Pasar; Kelurahan Misal; 5\nBerangkat; Kelurahan Misal; lama\nBerangkat; Berangkat; 1\nBerangkat; Kelurahan Misal; 721",
            &names(),
        );
        assert_eq!((bad.ways.len(), bad.bad.iter().map(|(n, _)| *n).collect::<Vec<_>>()), (0, vec![1, 2, 3, 4]));
    }

    #[test]
    fn a_square_is_read_row_by_row() {
        let square = "; Depot; Pasar Contoh (RT); Pulau\nDepot; 0; 10; 4\nPasar Contoh (RT); 11; 0; x\nEntah; 1; 1; 1\nKelurahan Misal; 6; ?; ";
        let found = read(square, &names());
        assert_eq!(found.ways, [(0, 7, 600), (7, 0, 660), (9, 0, 360)]);
        assert_eq!(found.bad, [(1, "Pulau".to_owned()), (4, "Entah".to_owned()), (5, "?".to_owned())]);
    }

    #[test]
    fn what_is_measured_stands_and_the_rest_is_guessed() {
        let guessed = Road::guessed(&[(0.0, 100.0), (0.0, 100.01), (0.0, 100.02)]);
        let (road, measured) = apply(guessed.clone(), &[0, 7, 9], &[(0, 7, 1_200), (7, 8, 1), (9, 0, 60)]);
        assert_eq!((measured, road.between(0, 1), road.between(2, 0)), (2, 1_200, 60));
        assert_eq!(road.between(1, 2), guessed.between(1, 2));
    }
}
