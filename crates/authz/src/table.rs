//! The policy table. Its printed form is `docs/security/permissions.txt`, reviewed as text.

use crate::{Action, Resource, Role};
use std::fmt::Write as _;

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    None,
    /// Within the scope of the grant.
    Own,
    /// All of the city, whatever the scope of the grant.
    City,
}

/// How far a role reaches with an action on a resource.
pub fn reach(role: Role, action: Action, resource: Resource) -> Reach {
    use Action::{Change, Decide, Export, Read, Release, Reveal};
    use Resource as R;
    use Role::{
        AccountRep, Auditor, CityAdmin, Contractor, DataProtection, Donor, FinanceClerk, ManpowerOfficer, Ppk,
        ProcurementClerk, Public, Supervisor,
    };
    match (resource, action) {
        // Projects are public information, people are not; the law is everybody's.
        (R::PublicProject | R::Law, Read | Export) => Reach::City,
        (R::Project | R::Finding, Read | Export) => match role {
            Public | DataProtection | Donor | CityAdmin => Reach::None,
            Ppk | Contractor => Reach::Own,
            ProcurementClerk | FinanceClerk | AccountRep | ManpowerOfficer | Supervisor | Auditor => Reach::Own,
        },
        (R::Finding, Decide) => match role {
            ProcurementClerk | Ppk | AccountRep | ManpowerOfficer => Reach::Own,
            _ => Reach::None,
        },
        // The second of two persons who waive a finding.
        (R::Finding, Release) => only(role, &[Supervisor]),
        (R::Figure, Read | Export) => match role {
            Public | Contractor => Reach::None,
            Donor => Reach::City,
            _ => Reach::Own,
        },
        (R::Match, Read) => only(role, &[ProcurementClerk, AccountRep, Auditor]),
        (R::Match, Decide) => only(role, &[ProcurementClerk, AccountRep]),
        (R::Import, Read) => {
            only(role, &[CityAdmin, ProcurementClerk, FinanceClerk, AccountRep, ManpowerOfficer, Auditor])
        }
        (R::Import, Change) => only(role, &[ProcurementClerk, FinanceClerk, AccountRep, ManpowerOfficer]),
        (R::Person, Read) => only(role, &[AccountRep, ManpowerOfficer, Contractor, DataProtection]),
        (R::Person, Reveal) => only(role, &[AccountRep, ManpowerOfficer, DataProtection]),
        (R::Person, Export) => only(role, &[AccountRep, Contractor]),
        // Whether two on two lists are one person.
        (R::Person, Decide) => only(role, &[AccountRep, ManpowerOfficer]),
        (R::Person, Change) => only(role, &[AccountRep, Contractor]),
        (R::Accident, Read | Change) => only(role, &[AccountRep, ManpowerOfficer, Contractor]),
        (R::Complaint, Read) => only(role, &[ManpowerOfficer, AccountRep]),
        (R::Complaint, Decide) => only(role, &[ManpowerOfficer]),
        (R::Letter, Read) => {
            only(role, &[ProcurementClerk, Ppk, FinanceClerk, AccountRep, ManpowerOfficer, Supervisor, Auditor])
        }
        (R::Letter, Change) => only(role, &[ProcurementClerk, Ppk, AccountRep, ManpowerOfficer]),
        (R::Letter, Release) => only(role, &[AccountRep, ManpowerOfficer, Supervisor]),
        (R::Gate, Read) => only(
            role,
            &[ProcurementClerk, Ppk, FinanceClerk, AccountRep, ManpowerOfficer, Supervisor, Auditor, Contractor],
        ),
        (R::Gate, Change) => only(role, &[ProcurementClerk, Ppk, FinanceClerk]),
        // The second of two persons who set a verdict aside.
        (R::Gate, Release) => only(role, &[Supervisor]),
        // The other side of a letter.
        (R::Mail, Read | Change) => only(role, &[Contractor]),
        (R::Job, Read) => only(role, &[CityAdmin, ProcurementClerk, FinanceClerk, AccountRep, ManpowerOfficer]),
        (R::Job, Change) => only(role, &[CityAdmin, ProcurementClerk]),
        // Whoever lets a right out sees whose it is.
        (R::Member, Read) => only(role, &[CityAdmin, Supervisor, Auditor, DataProtection]),
        (R::Member, Change) => only(role, &[CityAdmin]),
        // The second of two persons who grant a role.
        (R::Member, Release) => only(role, &[CityAdmin, Supervisor]),
        (R::Audit, Read | Export) => only(role, &[Auditor, DataProtection]),
        (R::Backup, Read | Change) => only(role, &[CityAdmin]),
        (R::Setting, Read | Change) => only(role, &[CityAdmin]),
        // The data protection officer asks; somebody else carries out, without seeing the person.
        (R::Erasure, Read) => only(role, &[DataProtection, Supervisor, CityAdmin, Auditor]),
        (R::Erasure, Change) => only(role, &[DataProtection]),
        (R::Erasure, Release) => only(role, &[Supervisor, CityAdmin]),
        (R::Vulnerable, Read) => only(role, &[ManpowerOfficer, AccountRep, DataProtection]),
        (R::Vulnerable, Change) => only(role, &[ManpowerOfficer]),
        // The book without names of donors; those are for whoever writes in it.
        (R::Donation, Read) => only(role, &[ManpowerOfficer, FinanceClerk, AccountRep, Supervisor, Auditor]),
        (R::Donation, Change) => only(role, &[ManpowerOfficer, FinanceClerk]),
        (R::Donation, Decide) => only(role, &[ManpowerOfficer]),
        // The second of two persons who allot money.
        (R::Donation, Release) => only(role, &[Supervisor, FinanceClerk]),
        (R::Outreach, Read) => only(role, &[ManpowerOfficer, AccountRep, Supervisor, Auditor]),
        (R::Outreach, Change) => only(role, &[ManpowerOfficer, AccountRep]),
        // Counts for many; names of those who came are for whoever holds the workshop.
        (R::Training, Read) => only(role, &[ManpowerOfficer, AccountRep, ProcurementClerk, Supervisor, Auditor]),
        (R::Training, Change) => only(role, &[ManpowerOfficer, AccountRep]),
        // Months and segments as counts that point at nobody are everybody's to take away.
        (R::Coverage, Export) => Reach::City,
        (R::Coverage, Read) => only(
            role,
            &[CityAdmin, ProcurementClerk, FinanceClerk, AccountRep, ManpowerOfficer, Supervisor, Auditor, Donor],
        ),
        (R::Coverage, Change) => only(role, &[AccountRep, ManpowerOfficer]),
        (R::Meeting, Read) => {
            only(role, &[ProcurementClerk, FinanceClerk, AccountRep, ManpowerOfficer, Supervisor, Auditor])
        }
        (R::Meeting, Change) => only(role, &[ProcurementClerk, AccountRep, ManpowerOfficer]),
        (R::Worklist, Read) => only(role, &[ProcurementClerk, Ppk, AccountRep, ManpowerOfficer, Supervisor, Auditor]),
        (R::Worklist, Change) => only(role, &[ProcurementClerk, Ppk, AccountRep, ManpowerOfficer]),
        (R::Award, Read) => only(role, &[AccountRep, ManpowerOfficer, Supervisor, Auditor]),
        (R::Award, Change) => only(role, &[ManpowerOfficer]),
        (R::Donation, Export) => only(role, &[ManpowerOfficer, FinanceClerk, Auditor]),
        _ => Reach::None,
    }
}

fn only(role: Role, roles: &[Role]) -> Reach {
    if roles.contains(&role) { Reach::Own } else { Reach::None }
}

/// The whole table as text, one line a resource and action that anybody reaches.
pub fn matrix() -> String {
    let mut out = String::from(
        "# resource action: role (own scope), ROLE* (all of the city). Anything not listed nobody may do.\n",
    );
    for resource in Resource::ALL {
        for action in Action::ALL {
            let who: Vec<String> = Role::ALL
                .iter()
                .filter_map(|role| match reach(*role, *action, *resource) {
                    Reach::None => None,
                    Reach::Own => Some(role.name().to_owned()),
                    Reach::City => Some(format!("{}*", role.name().to_uppercase())),
                })
                .collect();
            if !who.is_empty() {
                let _ = writeln!(out, "{} {}: {}", resource.name(), action.name(), who.join(" "));
            }
        }
    }
    out
}
