//! Is it construction, and in which role? By kind where the feed says it, by words where not.

use crate::words::{has_phrase, words};
use registers::records::ProcurementKind;
use serde::{Deserialize, Serialize};

/// What a contract does for the works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The works themselves.
    #[default]
    Works,
    /// Planning, design.
    Planning,
    /// Supervision.
    Supervision,
    /// Construction management.
    Management,
}

impl Role {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Planning => "planning",
            Self::Supervision => "supervision",
            Self::Management => "management",
        }
    }
}

/// Is it a matter for this program?
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Construction works.
    Construction,
    /// A construction consultant: a duty-holder of its own.
    Consultant,
    /// Filed as something else, but worded like construction: a person decides. The words.
    Possible(String),
    /// Not construction.
    NotConstruction,
}

impl Class {
    /// Counted in the protection ledger?
    pub fn is_duty(&self) -> bool {
        matches!(self, Self::Construction | Self::Consultant)
    }

    /// As printed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Construction => "construction",
            Self::Consultant => "consultant",
            Self::Possible(_) => "possible",
            Self::NotConstruction => "not_construction",
        }
    }
}

/// The role a name states. `text` is lower case.
pub fn role_of(text: &str) -> Role {
    let w = words();
    let any = |list: &[String]| list.iter().any(|p| has_phrase(text, p));
    if any(&w.management) {
        Role::Management
    } else if any(&w.supervision) {
        Role::Supervision
    } else if any(&w.planning) {
        Role::Planning
    } else {
        Role::Works
    }
}

/// Classifies by kind and, where the kind leaves it open, by the words of name and description.
pub fn classify(kind: ProcurementKind, name: &str, description: Option<&str>) -> Class {
    match kind {
        ProcurementKind::Works => return Class::Construction,
        ProcurementKind::ConstructionConsulting => return Class::Consultant,
        ProcurementKind::OtherConsulting => return Class::NotConstruction,
        _ => {}
    }
    let text = kernel::text::clean(name).to_lowercase();
    let w = words();
    if w.not_construction.iter().any(|p| has_phrase(&text, p)) {
        return Class::NotConstruction;
    }
    let find = |text: &str| w.construction.iter().find(|p| has_phrase(text, p)).cloned();
    let found = find(&text).or_else(|| {
        // A description is longer and says more beside the point: it counts only for self-managed
        // works, whose names are often an activity.
        (kind == ProcurementKind::SelfManaged)
            .then(|| description.and_then(|d| find(&kernel::text::clean(d).to_lowercase())))
            .flatten()
    });
    match (kind, found) {
        // Consulting is construction consulting only where it names both a role and a building word.
        (ProcurementKind::Consulting, Some(word)) if role_of(&text) != Role::Works => Class::Possible(word),
        (ProcurementKind::Consulting, _) | (_, None) => Class::NotConstruction,
        (_, Some(word)) => Class::Possible(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProcurementKind::*;

    #[test]
    fn construction_hides_under_other_kinds() {
        for (kind, name, class) in [
            (Works, "Pengadaan kursi", "construction"),
            (ConstructionConsulting, "Pengawasan jalan", "consultant"),
            (Services, "Jasa pengecatan marka jalan", "possible"),
            (Goods, "Pengadaan dan pemasangan kanopi", "possible"),
            (Goods, "Belanja alat tulis kantor", "not_construction"),
            (Consulting, "Penyusunan rencana pembangunan daerah", "not_construction"),
            (Consulting, "Perencanaan rehabilitasi gedung", "possible"),
            (SelfManaged, "Rehabilitasi sosial dasar", "not_construction"),
            (OtherConsulting, "Pembangunan aplikasi", "not_construction"),
        ] {
            assert_eq!(classify(kind, name, None).name(), class, "{name}");
        }
    }
}
