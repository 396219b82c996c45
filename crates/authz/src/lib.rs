//! Who may do what to what: one table, and the permits it hands out.
//!
//! * **In:** an [`Actor`] with grants.
//! * **Out:** a [`Permit`], or nothing. No other crate can make one, and the store asks for one before it
//!   reads or writes, so a forgotten check does not compile.
//! * **Does not know:** sessions, pages, tables of the database.
//! * **Read first:** [`table::reach`].
//!
//! ```
//! use authz::{Actor, Grant, Role, Scope, permit, Project, Read, Change};
//! let dinas = Scope::Agencies(vec!["DINAS PU".into()]);
//! let ppk = Actor::member(7, vec![Grant { role: Role::Ppk, scope: dinas.clone() }]);
//! let may: authz::Permit<Read, Project> = permit(&ppk).expect("a PPK reads own projects");
//! assert_eq!(may.scope(), &dinas);
//! assert!(permit::<Change, Project>(&Actor::public()).is_none());
//! ```

mod table;

pub use table::{Reach, matrix, reach};

use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As stored and printed.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// By its name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name() == name)
            }
        }
    };
}

named! {
    /// What somebody is here for.
    Role {
        /// Everybody, without signing in.
        Public = "public",
        /// Runs the installation for the city: people, rights, backups. Sees no person's data by that.
        CityAdmin = "city_admin",
        /// Loads procurement lists, decides doubtful matches.
        ProcurementClerk = "procurement_clerk",
        /// Commitment officer (PPK) of an agency.
        Ppk = "ppk",
        /// Finance clerk (BPKAD).
        FinanceClerk = "finance_clerk",
        /// Account representative of the insurer's branch.
        AccountRep = "account_rep",
        /// Manpower office (Disnaker).
        ManpowerOfficer = "manpower_officer",
        /// Mayor, assistant, supervisor: sees figures, signs second.
        Supervisor = "supervisor",
        /// Reads everything that is not personal, and the audit.
        Auditor = "auditor",
        /// Data protection officer.
        DataProtection = "data_protection",
        /// Contractor: own projects.
        Contractor = "contractor",
        /// Donor: own donations, city figures.
        Donor = "donor",
    }
}

named! {
    /// What is acted upon.
    Resource {
        /// A project's public face: name, agency, contractor, status.
        PublicProject = "public_project",
        /// The law and its calculators.
        Law = "law",
        /// A project with its evidence.
        Project = "project",
        /// A finding.
        Finding = "finding",
        /// City figures.
        Figure = "figure",
        /// A doubtful match and its decisions.
        Match = "match",
        /// A file that came in.
        Import = "import",
        /// A worker as a person.
        Person = "person",
        /// A work accident, which is health data.
        Accident = "accident",
        /// A complaint or tip-off, with what its sender wrote.
        Complaint = "complaint",
        /// A letter.
        Letter = "letter",
        /// A background job.
        Job = "job",
        /// Somebody who signs in.
        Member = "member",
        /// The audit trail.
        Audit = "audit",
        /// Copies of the data.
        Backup = "backup",
        /// What the city chose: its letterhead, who signs.
        Setting = "setting",
        /// Letters received.
        Mail = "mail",
        /// Gates before the steps of a project.
        Gate = "gate",
        /// Erasing what is known of one person.
        Erasure = "erasure",
        /// The list of vulnerable workers: who is on it, and how each stands.
        Vulnerable = "vulnerable",
        /// Gifts and budget for their contributions, and the book of it.
        Donation = "donation",
        /// The outreach car: where it goes, and what it brought.
        Outreach = "outreach",
        /// Workshops: who is invited, who came, what they know afterwards.
        Training = "training",
        /// How many people are covered, of whom it is asked; counts only.
        Coverage = "coverage",
        /// The monitoring meeting: agenda, who came, promises, minutes.
        Meeting = "meeting",
        /// Lists of whom to call or visit, by what it brings; each member's own, and what all of them brought as figures.
        Worklist = "worklist",
        /// The award file: the year's guide, documents, figures of all of the city.
        Award = "award",
    }
}

named! {
    /// What is done.
    Action {
        /// See.
        Read = "read",
        /// Add, correct, withdraw.
        Change = "change",
        /// Settle what was open: a match, a finding.
        Decide = "decide",
        /// Let out what others see or receive; the second of two persons.
        Release = "release",
        /// Take away as a file.
        Export = "export",
        /// See what is masked.
        Reveal = "reveal",
    }
}

impl Resource {
    /// Is there only one of it for all of the city? A grant over a part of the city does not reach it.
    pub fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Member
                | Self::Backup
                | Self::Setting
                | Self::Vulnerable
                | Self::Donation
                | Self::Outreach
                | Self::Training
                | Self::Coverage
                | Self::Meeting
                | Self::Award
        )
    }
}

/// Which part of the city.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of it.
    City,
    /// Projects of these agencies, named as in the lists.
    Agencies(Vec<String>),
    /// Projects of these vendors, by taxpayer number.
    Vendors(Vec<String>),
    /// Projects in these districts (kecamatan), named as in the city's list; none whose district is not told.
    Districts(Vec<String>),
    /// These projects only, by code: what a link for one site reaches.
    Projects(Vec<String>),
}

/// A role over a part of the city.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Over what.
    pub scope: Scope,
}

/// The id of the operator; members are numbered from 1.
pub const OPERATOR: i64 = 0;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Member; none for the public.
    pub id: Option<i64>,
    /// What was granted.
    pub grants: Vec<Grant>,
    only: Option<Vec<(Action, Resource)>>,
}

impl Actor {
    /// A member with its grants in force.
    pub fn member(id: i64, grants: Vec<Grant>) -> Self {
        Self { id: Some(id), grants, only: None }
    }

    /// Somebody who has not signed in.
    pub fn public() -> Self {
        Self { id: None, grants: Vec::new(), only: None }
    }

    /// Whoever runs commands on the machine itself: with the data folder and its key in hand, a right asked for would be a show. What is
    /// done so stands in the audit trail under [`OPERATOR`].
    pub fn operator() -> Self {
        let city = |role| Grant { role, scope: Scope::City };
        let roles = [Role::CityAdmin, Role::AccountRep, Role::ManpowerOfficer, Role::DataProtection];
        Self { id: Some(OPERATOR), grants: roles.map(city).to_vec(), only: None }
    }

    /// The same member through a key: whatever is granted, no more than this.
    pub fn narrowed(self, only: Vec<(Action, Resource)>) -> Self {
        Self { only: Some(only), ..self }
    }

    /// The same member for one project, for people on it and to tell of an accident only: what a foreman's link may. Whether the member reaches that project is for
    /// the caller to ask, at each use.
    pub fn for_people_of(self, project: &str) -> Self {
        let scope = Scope::Projects(vec![project.to_owned()]);
        let grants = self.grants.iter().map(|g| Grant { role: g.role, scope: scope.clone() }).collect();
        let only = vec![
            (Action::Read, Resource::Person),
            (Action::Change, Resource::Person),
            (Action::Change, Resource::Accident),
        ];
        Self { grants, ..self }.narrowed(only)
    }

    /// The same member for putting people on the list of vulnerable workers only: what a phone of the outreach car may.
    pub fn for_enrolment(self) -> Self {
        self.narrowed(vec![(Action::Change, Resource::Vulnerable)])
    }

    /// Holds a role?
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }
}

/// An action, as a type.
pub trait Does {
    /// Which.
    const ACTION: Action;
}

/// A resource, as a type.
pub trait Of {
    /// Which.
    const RESOURCE: Resource;
}

macro_rules! marks {
    ($trait:ident, $konst:ident, $enum:ident: $($name:ident),+) => {
        $(
            #[doc = concat!("[`", stringify!($enum), "::", stringify!($name), "`] as a type.")]
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}
            impl $trait for $name {
                const $konst: $enum = $enum::$name;
            }
        )+
    };
}

marks!(Does, ACTION, Action: Read, Change, Decide, Release, Export, Reveal);
marks!(Of, RESOURCE, Resource: PublicProject, Law, Project, Finding, Figure, Match, Import, Person, Accident, Complaint, Letter, Job, Member, Audit, Backup, Setting, Mail, Gate, Erasure, Vulnerable, Donation, Outreach, Training, Coverage, Meeting, Worklist, Award);

/// Leave to do one thing to one kind of resource, within a scope.
#[derive(Debug, Clone)]
pub struct Permit<A, R> {
    scope: Scope,
    actor: Option<i64>,
    marks: PhantomData<(A, R)>,
}

impl<A, R> Permit<A, R> {
    /// Within what.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// For whom; none for the public.
    pub fn actor(&self) -> Option<i64> {
        self.actor
    }
}

/// The leave an actor has, if any: the widest of all grants that reach.
pub fn permit<A: Does, R: Of>(actor: &Actor) -> Option<Permit<A, R>> {
    let scope = scope_of(actor, A::ACTION, R::RESOURCE)?;
    Some(Permit { scope, actor: actor.id, marks: PhantomData })
}

/// The same, for a page that only asks whether to show a button.
pub fn may(actor: &Actor, action: Action, resource: Resource) -> bool {
    scope_of(actor, action, resource).is_some()
}

fn scope_of(actor: &Actor, action: Action, resource: Resource) -> Option<Scope> {
    let (mut agencies, mut vendors, mut districts, mut projects) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if reach(Role::Public, action, resource) == Reach::City {
        return Some(Scope::City);
    }
    if actor.only.as_ref().is_some_and(|only| !only.contains(&(action, resource))) {
        return None;
    }
    for grant in &actor.grants {
        match (reach(grant.role, action, resource), &grant.scope) {
            (Reach::None, _) => {}
            (Reach::Own, scope) if resource.is_whole() && *scope != Scope::City => {}
            (Reach::City, _) | (Reach::Own, Scope::City) => return Some(Scope::City),
            (Reach::Own, Scope::Agencies(names)) => agencies.extend(names.iter().cloned()),
            (Reach::Own, Scope::Vendors(numbers)) => vendors.extend(numbers.iter().cloned()),
            (Reach::Own, Scope::Districts(names)) => districts.extend(names.iter().cloned()),
            (Reach::Own, Scope::Projects(codes)) => projects.extend(codes.iter().cloned()),
        }
    }
    // Nobody is both an officer and a contractor, or of an agency and of a district; where a mistake says so, one of them
    // stands, the agency first. What two scopes reach together is never reached by either.
    let narrow = |mut list: Vec<String>| {
        list.sort();
        list.dedup();
        list
    };
    if !agencies.is_empty() {
        Some(Scope::Agencies(narrow(agencies)))
    } else if !vendors.is_empty() {
        Some(Scope::Vendors(narrow(vendors)))
    } else if !districts.is_empty() {
        Some(Scope::Districts(narrow(districts)))
    } else if !projects.is_empty() {
        Some(Scope::Projects(narrow(projects)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn actor(role: Role, scope: Scope) -> Actor {
        Actor::member(1, vec![Grant { role, scope }])
    }

    #[test]
    fn the_matrix_is_the_reviewed_one() {
        let reviewed = include_str!("../../../docs/security/permissions.txt");
        assert_eq!(matrix(), reviewed, "review docs/security/permissions.txt, then write the new matrix there");
    }

    #[test]
    fn nobody_reaches_beyond_the_grant() {
        for role in Role::ALL {
            for action in Action::ALL {
                for resource in Resource::ALL {
                    let own = Scope::Agencies(vec!["A".into()]);
                    let got = scope_of(&actor(*role, own.clone()), *action, *resource);
                    match reach(*role, *action, *resource).max(reach(Role::Public, *action, *resource)) {
                        Reach::None => assert_eq!(got, None, "{role:?} {action:?} {resource:?}"),
                        Reach::Own if resource.is_whole() => {
                            assert_eq!(got, None, "{role:?} {action:?} {resource:?}");
                            let whole = scope_of(&actor(*role, Scope::City), *action, *resource);
                            assert_eq!(whole, Some(Scope::City), "{role:?} {action:?} {resource:?}");
                        }
                        Reach::Own => assert_eq!(got, Some(own), "{role:?} {action:?} {resource:?}"),
                        Reach::City => assert_eq!(got, Some(Scope::City), "{role:?} {action:?} {resource:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn a_suspended_member_has_no_grants_and_no_reach() {
        let nobody = Actor::member(3, vec![]);
        assert!(permit::<Read, Project>(&nobody).is_none());
        assert!(permit::<Read, PublicProject>(&nobody).is_some());
    }

    #[test]
    fn names_read_back() {
        assert!(Role::ALL.iter().all(|r| Role::parse(r.name()) == Some(*r)));
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn a_foremans_link_reaches_people_of_one_project_and_nothing_else() {
        for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
            for own in [Scope::City, Scope::Vendors(vec!["01".into()]), Scope::Agencies(vec!["A".into()])] {
                let link = actor(*role, own).for_people_of("nontender:1");
                for action in Action::ALL {
                    for resource in Resource::ALL {
                        if reach(Role::Public, *action, *resource) == Reach::City {
                            continue;
                        }
                        let people = *resource == Resource::Person && matches!(action, Action::Read | Action::Change);
                        let told = *resource == Resource::Accident && *action == Action::Change;
                        let expected = ((people || told) && reach(*role, *action, *resource) == Reach::Own)
                            .then(|| Scope::Projects(vec!["nontender:1".into()]));
                        assert_eq!(scope_of(&link, *action, *resource), expected, "{role:?} {action:?} {resource:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_phone_of_the_car_reaches_the_list_and_nothing_else() {
        for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
            let phone = actor(*role, Scope::City).for_enrolment();
            for action in Action::ALL {
                for resource in Resource::ALL {
                    let everybodys = reach(Role::Public, *action, *resource) == Reach::City;
                    let list = *resource == Resource::Vulnerable && *action == Action::Change;
                    let expected = everybodys || list && reach(*role, *action, *resource) != Reach::None;
                    assert_eq!(may(&phone, *action, *resource), expected, "{role:?} {action:?} {resource:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_narrows_and_never_widens() {
        let auditor = actor(Role::Auditor, Scope::City);
        let figures = auditor.clone().narrowed(vec![(Action::Read, Resource::Figure)]);
        assert!(permit::<Read, Figure>(&figures).is_some());
        assert!(permit::<Read, Project>(&auditor).is_some() && permit::<Read, Project>(&figures).is_none());
        let greedy = auditor.narrowed(vec![(Action::Change, Resource::Member)]);
        assert!(permit::<Change, Member>(&greedy).is_none());
        assert!(permit::<Read, PublicProject>(&greedy).is_some(), "what everybody may");
    }
}
