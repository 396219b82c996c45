//! The built-in profiles. Each is data: `profiles/*.yaml`, in the grammar any user may write.

use crate::tables::Profile;
use std::sync::OnceLock;

/// Names and texts of the built-in profiles.
const BUILT_IN: [(&str, &str); 4] = [
    ("works", include_str!("../profiles/works.yaml")),
    ("plans", include_str!("../profiles/plans.yaml")),
    ("firms", include_str!("../profiles/firms.yaml")),
    ("persons", include_str!("../profiles/persons.yaml")),
];

fn load(text: &str) -> Profile {
    match Profile::read(text) {
        Ok(profile) => profile,
        Err(fault) => unreachable!("a built-in profile does not load: {fault:?}"),
    }
}

/// Text of a built-in profile, by name.
pub fn text(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// Names of the built-in profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(n, _)| *n)
}

/// Registrations at the insurer to projects.
pub fn works() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| load(BUILT_IN[0].1))
}

/// Lines of a list to those who stand on a roster: the person profile with its weights as they are, because a list of
/// thirty lines estimates nothing.
pub fn roster() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| Profile { train: None, recall: None, ..load(BUILT_IN[3].1) })
}

/// Packages of the tender system to entries of the plan.
pub fn plans() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| load(BUILT_IN[1].1))
}

/// Tax rates under which two values of works may be the same, parts per million.
pub(crate) fn works_tax_ppm() -> &'static [i64] {
    static RATES: OnceLock<Vec<i64>> = OnceLock::new();
    RATES.get_or_init(|| works().tax_ppm())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_loads() {
        for name in names() {
            assert_eq!(Profile::read(text(name).unwrap()).unwrap().name, name);
        }
    }
}
