//! Links any two tables, or one against itself, by a profile: the use case behind `payung link` and
//! `payung dedupe`.

pub mod explain;
pub mod file;
pub mod gazetteer;
pub mod memory;
pub mod output;
pub mod quality;
pub mod review;
pub mod table;

use crate::{Fault, Language, Refused};
use linkage::tables::{Builder, Profile, Progress, Ready, Stage};
use linkage_engine::{Blocks, Lists, Look, Model, Side};
use memory::Memory;
use std::path::Path;
use table::{Layout, Loaded};

/// A sentence by its name.
pub(crate) fn say(language: Language, name: &str, arguments: &[(&str, &str)]) -> String {
    phrases::say_named(language, name, arguments)
}

/// Reads a profile: a built-in one by name, or a file.
///
/// # Errors
/// [`Refused`] with the place in the file and what is expected there.
pub fn profile(name: &str, language: Language) -> Result<Profile, Refused> {
    let (from, text) = match linkage::profiles::text(name) {
        Some(text) => (name.to_owned(), text.to_owned()),
        None => match std::fs::read_to_string(name) {
            Ok(text) => (name.to_owned(), text),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(Refused(say(language, "link-profile-not-text", &[("file", name)])));
            }
            Err(_) => {
                let known: Vec<&str> = linkage::profiles::names().collect();
                let arguments = [("name", name), ("known", &known.join(", "))];
                return Err(Refused(say(language, "link-no-profile", &arguments)));
            }
        },
    };
    Profile::read(&text).map_err(|fault| {
        let arguments: Vec<(&str, &str)> =
            fault.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let detail = say(language, fault.sentence, &arguments);
        Refused(say(language, "link-bad-profile", &[("file", &from), ("detail", &detail)]))
    })
}

/// What the caller wants beside the two tables.
pub struct Request<'a> {
    /// Language of refusals.
    pub language: Language,
    /// Bytes the process may hold.
    pub memory_max: Option<u64>,
    /// A model estimated before, instead of estimating.
    pub model: Option<Model>,
    /// Hears rows read, per side.
    pub reading: &'a mut dyn FnMut(Side, usize),
    /// Hears the stages after reading.
    pub stages: Progress<'a>,
}

/// Tables, ready to be linked.
pub struct Opened {
    /// Index, model and tables.
    pub ready: Ready,
    /// What was read of each table.
    pub loaded: Vec<Loaded>,
    /// The most memory held, or foreseen for a step, in bytes.
    pub bytes: u64,
}

/// Opens two tables; or one, where `right` is none.
///
/// # Errors
/// [`Fault`] of the disk; [`Refused`] where a table lacks its columns, repeats an identifier or takes
/// more memory than allowed.
pub fn open(
    profile: &Profile,
    left: &Path,
    right: Option<&Path>,
    request: Request<'_>,
) -> Result<Result<Opened, Refused>, Fault> {
    let language = request.language;
    let paths: Vec<(Side, &Path)> =
        std::iter::once((Side::Left, left)).chain(right.map(|path| (Side::Right, path))).collect();
    let mut layouts: Vec<(Layout, Vec<String>)> = Vec::new();
    for (side, path) in &paths {
        match table::layout(profile, *side, path, language)? {
            Ok(found) => layouts.push(found),
            Err(refused) => return Ok(Err(refused)),
        }
    }
    let cells: Vec<Vec<usize>> = layouts.iter().map(|(l, _)| l.cells()).collect();
    let mut builder = match cells.as_slice() {
        [one] => Builder::within(profile, one),
        [left, right, ..] => Builder::new(profile, [left, right]),
        [] => return Ok(Err(Refused(String::new()))),
    };
    let mut memory = Memory::new(request.memory_max);
    let mut loaded = Vec::new();
    for ((side, path), (layout, missing)) in paths.iter().zip(layouts) {
        let read = table::load(
            *side,
            path,
            &layout,
            &mut builder,
            language,
            &mut |rows| (request.reading)(*side, rows),
            &mut |more| memory.before(more, language),
        )?;
        match read {
            Ok(mut one) => {
                one.fields_missing = missing;
                one.amiss = table::amiss(profile, &builder, *side, &one);
                loaded.push(one);
            }
            Err(refused) => return Ok(Err(refused)),
        }
    }
    (request.stages)(Stage::Settle, 0, builder.rows(Side::Left));
    if let Err(refused) = memory.before(builder.settling_bytes(), language) {
        return Ok(Err(refused));
    }
    let tables = match builder.finish() {
        Ok(tables) => tables,
        Err(twice) => {
            let side = twice.side as usize;
            let (first, second) = (loaded[side].line(twice.rows.0), loaded[side].line(twice.rows.1));
            let arguments = [
                ("file", &*paths[side].1.display().to_string()),
                ("id", &twice.id),
                ("first", &first.to_string()),
                ("second", &second.to_string()),
            ];
            return Ok(Err(Refused(say(language, "link-duplicate-id", &arguments))));
        }
    };
    let (look, rights) = (profile.look, tables.len(Side::Right) as u64);
    if let Err(refused) = memory.before(Blocks::bytes_for(&tables, Side::Left) + pairs_bytes(look, rights), language) {
        return Ok(Err(refused));
    }
    let ready = Ready::new(tables, request.model, request.stages);
    // Measuring what blocking finds may have widened the look.
    if let Err(refused) = memory.before(pairs_bytes(ready.look, rights), language) {
        return Ok(Err(refused));
    }
    Ok(Ok(Opened { ready, loaded, bytes: memory.most }))
}

/// Bytes of the pairs at worst: every candidate of every right row is kept.
fn pairs_bytes(look: Look, rights: u64) -> u64 {
    rights * look.candidates_max as u64 * PAIR_BYTES
}

/// A kept pair, twice: their list moves to a larger room as it grows, or is sorted for assigning.
const PAIR_BYTES: u64 = 2 * 12;

/// Name of a stage, for progress lines.
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Settle => "link-stage-settle",
        Stage::Index => "link-stage-index",
        Stage::Estimate => "link-stage-estimate",
        Stage::Recall => "link-stage-recall",
        Stage::Score => "link-stage-score",
        Stage::Assign => "link-stage-assign",
    }
}

/// Weight, in hundredths of a bit, of a probability between 0 and 1.
pub fn threshold_weight(probability: f64) -> Option<i32> {
    (probability > 0.0 && probability < 1.0)
        .then(|| ((probability / (1.0 - probability)).log2() * 100.0).round() as i32)
}
