//! The word lists of `profiles/words.yaml`.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    canon: FxHashMap<String, String>,
    expand: FxHashMap<String, Vec<String>>,
    empty: FxHashSet<String>,
    roles: RawRoles,
    construction: Vec<String>,
    not_construction: Vec<String>,
    legal_forms: FxHashSet<String>,
    office_empty: FxHashSet<String>,
    place_empty: FxHashSet<String>,
    titles: FxHashSet<String>,
    names: FxHashMap<String, String>,
    sexes: FxHashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRoles {
    planning: Vec<String>,
    supervision: Vec<String>,
    management: Vec<String>,
}

pub(crate) struct Words {
    pub(crate) canon: FxHashMap<String, String>,
    pub(crate) expand: FxHashMap<String, Vec<String>>,
    pub(crate) empty: FxHashSet<String>,
    pub(crate) planning: Vec<String>,
    pub(crate) supervision: Vec<String>,
    pub(crate) management: Vec<String>,
    /// First words of all phrases that state a role: a name without any of them states none.
    pub(crate) role_starts: FxHashSet<String>,
    pub(crate) construction: Vec<String>,
    pub(crate) not_construction: Vec<String>,
    pub(crate) legal_forms: FxHashSet<String>,
    /// Words every office has in its name.
    pub(crate) office_empty: FxHashSet<String>,
    /// Words that say what kind of place it is.
    pub(crate) place_empty: FxHashSet<String>,
    /// Titles before and after names of persons.
    pub(crate) titles: FxHashSet<String>,
    /// Short and other forms of names of persons.
    pub(crate) names: FxHashMap<String, String>,
    /// Ways to write a sex.
    pub(crate) sexes: FxHashMap<String, String>,
}

pub(crate) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| match serde_yaml_ng::from_str::<RawWords>(include_str!("../profiles/words.yaml")) {
        Ok(raw) => Words {
            canon: raw.canon,
            expand: raw.expand,
            empty: raw.empty,
            role_starts: [&raw.roles.planning, &raw.roles.supervision, &raw.roles.management]
                .into_iter()
                .flatten()
                .filter_map(|phrase| phrase.split(' ').next())
                .map(str::to_owned)
                .collect(),
            planning: raw.roles.planning,
            supervision: raw.roles.supervision,
            management: raw.roles.management,
            construction: raw.construction,
            not_construction: raw.not_construction,
            legal_forms: raw.legal_forms,
            office_empty: raw.office_empty,
            place_empty: raw.place_empty,
            titles: raw.titles,
            names: raw.names,
            sexes: raw.sexes,
        },
        Err(fault) => unreachable!("built-in word lists do not load: {fault}"),
    })
}

/// Does `text` contain `phrase` between word borders? Both are lower case, joined by single blanks.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].find(phrase) {
        let (start, end) = (from + at, from + at + phrase.len());
        let border = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        if border(text[..start].chars().next_back()) && border(text[end..].chars().next()) {
            return true;
        }
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    false
}
