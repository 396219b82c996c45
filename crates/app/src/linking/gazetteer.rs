//! The list of regions that a profile's fields of places are read by.

use super::say;
use super::table::{Item, each_row};
use crate::{Fault, Language, Refused};
use linkage::gazetteer::Gazetteer;
use linkage::tables::Profile;
use std::path::Path;
use std::sync::Arc;

/// Names of the two columns, as lists of regions have them.
const CODES: [&str; 3] = ["kode", "code", "kode_wilayah"];
const NAMES: [&str; 3] = ["nama", "name", "nama_wilayah"];

/// Wrong codes that are listed; the rest is counted.
const LISTED: usize = 5;

/// Gives a profile its list of regions; answers the codes that are none, for a remark, and how many.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where the profile needs a list and none was named, or the file is none.
pub fn give(
    profile: &mut Profile,
    list: Option<&Path>,
    language: Language,
) -> Result<Result<(Vec<String>, usize), Refused>, Fault> {
    let fields = profile.regions().collect::<Vec<_>>().join(", ");
    let Some(path) = list else {
        return Ok(match fields.as_str() {
            "" => Ok((Vec::new(), 0)),
            _ => Err(Refused(say(language, "link-needs-gazetteer", &[("fields", &fields)]))),
        });
    };
    let mut at = None;
    let mut rows: Vec<(String, String)> = Vec::new();
    let file = path.display().to_string();
    let read = each_row(path, language, &mut |item| {
        match item {
            Item::Header(headers) => {
                let find = |wanted: &[&str]| headers.iter().position(|h| wanted.contains(&h.to_lowercase().as_str()));
                at = find(&CODES).zip(find(&NAMES));
                if at.is_none() {
                    let arguments = [("file", file.as_str()), ("there", &headers.join(", "))];
                    return Err(Refused(say(language, "link-bad-gazetteer", &arguments)));
                }
            }
            Item::Row(_, row) => {
                if let Some((code, name)) = at {
                    rows.push((row.cell(code).text().to_owned(), row.cell(name).text().to_owned()));
                }
            }
        }
        Ok(())
    })?;
    if let Err(refused) = read {
        return Ok(Err(refused));
    }
    let (gazetteer, mut unread) = Gazetteer::new(rows.iter().map(|(code, name)| (code.as_str(), name.as_str())));
    if gazetteer.is_empty() {
        return Ok(Err(Refused(say(language, "refusal-no-rows", &[("file", &file)]))));
    }
    profile.set_gazetteer(&Arc::new(gazetteer));
    let count = unread.len();
    unread.truncate(LISTED);
    Ok(Ok((unread, count)))
}
