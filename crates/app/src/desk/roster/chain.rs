//! Who works for whom on a project: contractor, subcontractors, foremen, as far as lists say.

use super::Crew;
use assess::State;
use std::collections::BTreeMap;

/// A firm or foreman in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Name as the list has it.
    pub name: String,
    /// Steps below the contractor: 1 for who works for it directly.
    pub depth: usize,
    /// People there on the day, with those further down.
    pub there: usize,
    /// Of these uncovered.
    pub uncovered: usize,
}

/// Signs that part the names of a chain in one cell: `CV MAJU > PAK TARNO`.
const BETWEEN: [char; 3] = ['>', '/', '→'];

/// The chain below the contractor on the crew's day, each link before those that work for it, by name. People the lists name no
/// subcontractor for work for the contractor itself and stand in no link.
///
/// Time: linear in people times the depth of the chain.
pub fn chain(crew: &Crew) -> Vec<Link> {
    let there = crew.members.iter().filter(|m| m.present);
    let said =
        there.filter_map(|m| Some((crew.entry(m).subcontractor.as_deref()?, m.state.is_some_and(State::is_uncovered))));
    links(said)
}

fn links<'a>(said: impl Iterator<Item = (&'a str, bool)>) -> Vec<Link> {
    // By the folded names along the way, so that one firm in two spellings of blanks and letters is one link.
    let mut met: BTreeMap<Vec<String>, Link> = BTreeMap::new();
    for (cell, uncovered) in said {
        let mut way = Vec::new();
        for name in cell.split(BETWEEN).map(str::trim).filter(|n| !n.is_empty()) {
            way.push(kernel::text::clean(name).to_uppercase());
            let link = met.entry(way.clone()).or_insert_with(|| Link {
                name: name.to_owned(),
                depth: way.len(),
                there: 0,
                uncovered: 0,
            });
            link.there += 1;
            link.uncovered += usize::from(uncovered);
        }
    }
    met.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_link_counts_those_further_down() {
        let said = [
            ("CV MAJU > Pak Tarno", true),
            ("cv maju", false),
            ("CV MAJU/PAK TARNO", false),
            (" > ", true),
            ("UD ADIL", true),
        ];
        let found = links(said.into_iter());
        let told: Vec<(&str, usize, usize, usize)> =
            found.iter().map(|l| (l.name.as_str(), l.depth, l.there, l.uncovered)).collect();
        assert_eq!(told, [("CV MAJU", 1, 3, 1), ("Pak Tarno", 2, 2, 1), ("UD ADIL", 1, 1, 1)]);
    }
}
