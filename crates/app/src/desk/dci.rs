//! "Is this person enrolled?" in the messages of the Digital Convergence Initiative (registry interface 1.0): what is asked, and what is answered.
//!
//! Payung answers for the programme `JAKON`, or `JAKON:CODE` for one project: yes where the person is covered today, no where not, and pending where the
//! lists do not tell. A person nobody's list names is not enrolled as far as this registry knows; it says so and accuses nobody.

use super::roster::{State, timeline_of};
use super::{Desk, event};
use crate::{Fault, clock};
use authz::{Permit, Person, Read};
use kernel::id::Nik;

/// The programme.
pub const PROGRAMME: &str = "JAKON";

/// What is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolled {
    /// Covered today.
    Yes,
    /// Not covered, or on no list.
    No,
    /// On a list; whether covered cannot be told.
    Unknown,
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// No identity number.
    Number,
    /// A programme this registry does not keep.
    Programme,
}

/// The project of a programme: none for all of them.
fn project_of(programme: &str) -> Option<Option<&str>> {
    match programme.strip_prefix(PROGRAMME)? {
        "" => Some(None),
        rest => rest.strip_prefix(':').filter(|code| !code.is_empty()).map(Some),
    }
}

/// Is somebody enrolled today, within the permit? That somebody asked stands in the audit trail, with who says to ask; the number does not.
///
/// # Errors
/// [`Fault`] of the database; inside, why there is no answer.
pub fn enrolled(
    desk: &Desk,
    permit: &Permit<Read, Person>,
    (number, programme, sender): (&str, &str, &str),
    request: &str,
) -> Result<Result<Enrolled, NoAnswer>, Fault> {
    let Some(project) = project_of(programme) else { return Ok(Err(NoAnswer::Programme)) };
    let Ok(nik) = Nik::parse(number) else { return Ok(Err(NoAnswer::Number)) };
    let person = desk.read(|s| Ok::<_, Fault>(s.person_digest(&nik)))?;
    let today = clock::today();
    let answer = match timeline_of(desk, permit, &person)? {
        None => Enrolled::No,
        Some(timeline) => {
            let on = timeline.on.iter().filter(|p| project.is_none_or(|code| p.project.as_deref() == Some(code)));
            let states: Vec<State> =
                on.flat_map(|p| &p.segments).filter(|s| s.from <= today && today <= s.to).map(|s| s.state).collect();
            if states.contains(&State::Covered) {
                Enrolled::Yes
            } else if states.contains(&State::Unknown) {
                Enrolled::Unknown
            } else {
                Enrolled::No
            }
        }
    };
    let mut told = event(permit.actor(), "dci_enrolled", &format!("person:{person}"), request);
    told.reason = format!("sender:{}", kernel::text::excerpt(sender, 60));
    desk.write(|s| s.audit(told).map_err(Fault::from))?;
    Ok(Ok(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programme_is_ours_or_a_project_of_it() {
        assert_eq!(project_of("JAKON"), Some(None));
        assert_eq!(project_of("JAKON:nontender:1"), Some(Some("nontender:1")));
        assert_eq!([project_of("JAKON:"), project_of("JAKONX"), project_of("PKH"), project_of("")], [None; 4]);
    }
}
