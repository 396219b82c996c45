//! One file a page. A handler asks with a permit, makes a view and renders it.

pub(crate) mod accident;
pub(crate) mod account;
pub(crate) mod allotment;
pub(crate) mod attend;
pub(crate) mod audit;
pub(crate) mod award;
pub(crate) mod bank;
pub(crate) mod board;
pub(crate) mod check;
pub(crate) mod city_map;
pub(crate) mod complaint;
pub(crate) mod correction;
pub(crate) mod coverage;
pub(crate) mod dashboard;
pub(crate) mod donation;
pub(crate) mod donor;
pub(crate) mod enrol;
pub(crate) mod entry;
pub(crate) mod files;
pub(crate) mod finding_one;
pub(crate) mod findings;
pub(crate) mod foreman;
pub(crate) mod gate;
pub(crate) mod guide;
pub(crate) mod imports;
pub(crate) mod law;
pub(crate) mod letter_one;
pub(crate) mod letterhead;
pub(crate) mod letters;
pub(crate) mod mail;
pub(crate) mod manage;
pub(crate) mod match_project;
pub(crate) mod matches;
pub(crate) mod meeting;
pub(crate) mod members;
pub(crate) mod officer;
pub(crate) mod open_data;
pub(crate) mod outreach;
pub(crate) mod passkey;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod plan;
pub(crate) mod project;
pub(crate) mod projects;
pub(crate) mod public;
pub(crate) mod register_form;
pub(crate) mod rights;
pub(crate) mod roster;
pub(crate) mod roster_list;
pub(crate) mod second_look;
pub(crate) mod slip;
pub(crate) mod steer;
pub(crate) mod style;
pub(crate) mod surge;
pub(crate) mod today;
pub(crate) mod training;
pub(crate) mod twins;
pub(crate) mod vulnerable;
pub(crate) mod whatif;
pub(crate) mod worklist;

use crate::answer::Trouble;
use crate::caller::Caller;
use crate::site::Site;
use app::desk::evidence::Overview;
pub(crate) use app::desk::is_purpose;

/// States in the order of lists.
pub(crate) const STATES: [&str; 8] =
    ["exposed", "registering", "window", "covered", "unknown", "not_begun", "ended", store::POSSIBLE];

/// The picture's totals, or none where nothing was loaded.
pub(crate) fn overview(site: &Site) -> Result<Option<Overview>, Trouble> {
    let picture = site.desk.read(|s| s.picture().map_err(Trouble::from))?;
    let Some(picture) = picture else { return Ok(None) };
    let overview: Overview = serde_json::from_str(&picture.body).map_err(|e| app::Fault(e.to_string()))?;
    Ok((overview.tables > 0).then_some(overview))
}

/// A text as a code to scan, an SVG.
pub(crate) fn qr(text: &str) -> Result<String, Trouble> {
    // What holds much is shown on a screen, whole: it needs no room for damage.
    let level = if text.len() > 300 { qrcode::EcLevel::L } else { qrcode::EcLevel::M };
    let code =
        qrcode::QrCode::with_error_correction_level(text.as_bytes(), level).map_err(|e| app::Fault(e.to_string()))?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(220, 220).build())
}

/// Words of a waterfall: comparison, level and weight, in the reader's language.
pub(crate) fn bar_lines(caller: &Caller, bars: &[(String, String, i32)]) -> Vec<(String, String)> {
    bars.iter().map(|bar| app::linking::explain::bar_words(bar, caller.language())).collect()
}
