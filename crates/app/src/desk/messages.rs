//! Text messages: a gateway hands over what somebody wrote and sends what is answered. The telephone number is never asked for and never kept.

use super::Desk;
use super::roster::{Proof, Told, check_message};
use crate::{Fault, Language, clock, words};
use authz::{Permit, PublicProject, Read};
use store::{ProjectQuery, Sort};

/// How a city's gateway is known.
#[derive(Clone)]
pub struct Gateway {
    /// What the gateway shows to be itself.
    pub key: String,
    /// The number people write to, as it stands on notices.
    pub number: String,
}

/// Letters of a message that are read.
const READ: usize = 160;

/// Projects a number may mean before it means none.
const SAME_NUMBER: usize = 10;

impl Desk {
    /// The number to write to, where there is a gateway.
    pub fn message_number(&self) -> Option<&str> {
        self.outside.gateway.as_ref().map(|g| g.number.as_str())
    }

    /// Is this the gateway's key? Compared in full, whatever is wrong with it.
    pub fn is_gateway(&self, key: &str) -> bool {
        let same = |own: &str| {
            let (own, shown) = (self.blind(&[b"gateway", own.as_bytes()]), self.blind(&[b"gateway", key.as_bytes()]));
            own.iter().zip(shown).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
        };
        self.outside.gateway.as_ref().is_some_and(|g| same(&g.key))
    }
}

/// The answer to a message: `CEK 10900065000 ABCD-EFGH` asks about the worker of that slip. Anything else is told how to ask.
///
/// # Errors
/// [`Fault`] of the database.
pub fn answer(desk: &Desk, permit: &Permit<Read, PublicProject>, text: &str) -> Result<String, Fault> {
    let l = Language::Indonesian;
    let text: String = text.chars().take(READ).collect();
    let said: Vec<&str> = text.split_whitespace().collect();
    let help = || phrases::say_named(l, "message-help", &[]);
    let [word, project, code @ ..] = said.as_slice() else { return Ok(help()) };
    if !word.eq_ignore_ascii_case("cek") || code.is_empty() {
        return Ok(help());
    }
    let day = words::long_date(clock::today(), l);
    let told = match project_of(desk, permit, project)? {
        Some(project) => check_message(desk, permit, &project, &Proof::Code(code.concat()))?,
        None => None,
    };
    let name = match told {
        Some(Told::Yes) => "message-yes",
        Some(Told::No) => "message-no",
        Some(Told::Unclear) => "message-unclear",
        // No such project and no such worker sound alike.
        Some(Told::Nothing) | None => "message-nothing",
    };
    Ok(phrases::say_named(l, name, &[("day", &day)]))
}

/// The project of a code, or of the number in it where that names one only.
fn project_of(desk: &Desk, permit: &Permit<Read, PublicProject>, said: &str) -> Result<Option<String>, Fault> {
    let query = ProjectQuery { text: said.to_owned(), sort: Sort::Name, limit: SAME_NUMBER, ..ProjectQuery::default() };
    let found = desk.read(|s| {
        if s.public_project(permit, said)?.is_some() {
            return Ok(vec![said.to_owned()]);
        }
        let rows = s.public_page(permit, &query)?.rows;
        Ok::<_, Fault>(rows.into_iter().map(|r| r.code).filter(|c| c.rsplit(':').next() == Some(said)).collect())
    })?;
    Ok(match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    })
}
