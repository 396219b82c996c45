//! The city's own map of its districts: kept once it is sound, drawn on dashboards in the place of the map of tiles.

use super::{Desk, event};
use crate::{Fault, clock};
pub use atlas::{Amiss, Atlas, BYTES_MAX, Shape, WIDTH};
use authz::{Change, Permit, Setting};
use serde::{Deserialize, Serialize};
use std::sync::Mutex;

/// Name of the setting.
const SETTING: &str = "map";

/// A map as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CityMap {
    /// Drawing; no shapes where there is no map.
    pub atlas: Atlas,
    /// File it came from.
    pub file: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// When it was kept, UTC.
    pub at: String,
}

impl CityMap {
    /// Is there none?
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.atlas.shapes.is_empty()
    }
}

/// What is amiss, as the name of a sentence with the texts it speaks of.
#[must_use]
pub fn sentence(amiss: &Amiss) -> (&'static str, Vec<(&'static str, String)>) {
    let of = |name: &'static str, said: &[(&'static str, &str)]| {
        (name, said.iter().map(|(k, v)| (*k, (*v).to_owned())).collect())
    };
    match amiss {
        Amiss::Json(text) => of("map-no-json", &[("text", text)]),
        Amiss::Large => of("map-no-large", &[]),
        Amiss::Long => of("map-no-long", &[]),
        Amiss::Collection => of("map-no-collection", &[]),
        Amiss::System(name) => of("map-no-system", &[("text", name)]),
        Amiss::Kind(n, name, kind) => of("map-no-kind", &[("place", &n.to_string()), ("name", name), ("text", kind)]),
        Amiss::Short(n, name) => of("map-no-short", &[("place", &n.to_string()), ("name", name)]),
        Amiss::Open(n, name) => of("map-no-open", &[("place", &n.to_string()), ("name", name)]),
        Amiss::Crossing(n, name) => of("map-no-crossing", &[("place", &n.to_string()), ("name", name)]),
        Amiss::Outside(n, name, at) => of("map-no-outside", &[("place", &n.to_string()), ("name", name), ("text", at)]),
        Amiss::Overlap(a, b, part) => {
            of("map-no-overlap", &[("name", a), ("other", b), ("percent", &part.to_string())])
        }
        Amiss::Twice(name) => of("map-no-twice", &[("name", name)]),
        Amiss::Names => of("map-no-names", &[]),
    }
}

/// The map that stands; an empty one for none.
///
/// # Errors
/// [`Fault`] of the database.
pub fn standing(desk: &Desk) -> Result<CityMap, Fault> {
    desk.read(|s| s.setting(SETTING).map_err(Fault::from))
}

/// Keeps a map once it is sound.
///
/// # Errors
/// [`Fault`] of the database; inside, what is amiss: then the one before stands.
pub fn keep(
    desk: &Desk,
    permit: &Permit<Change, Setting>,
    (file, bytes): (&str, &[u8]),
    request: &str,
) -> Result<Result<CityMap, Vec<Amiss>>, Fault> {
    let districts = super::meeting::overview(desk)?.districts;
    let names: Vec<&str> = districts.iter().map(|d| d.name.as_str()).collect();
    // One at a time: a large map takes a core for seconds.
    static ONE: Mutex<()> = Mutex::new(());
    let read = {
        let _alone = super::lock(&ONE);
        atlas::read(bytes, &names)
    };
    let atlas = match read {
        Ok(atlas) => atlas,
        Err(amiss) => return Ok(Err(amiss)),
    };
    let file: String = kernel::text::clean(file).chars().take(120).collect();
    let map = CityMap { atlas, file, sha256: super::award::sha256(bytes), at: clock::now() };
    let told = event(permit.actor(), "setting_change", &format!("setting:{SETTING}"), request);
    desk.write(|s| s.setting_change(permit, SETTING, &map, &map.at, told).map_err(Fault::from))?;
    Ok(Ok(map))
}

/// Takes the map away: the map of tiles stands in its place.
///
/// # Errors
/// [`Fault`] of the database.
pub fn remove(desk: &Desk, permit: &Permit<Change, Setting>, request: &str) -> Result<(), Fault> {
    let told = event(permit.actor(), "setting_change", &format!("setting:{SETTING}"), request);
    desk.write(|s| s.setting_change(permit, SETTING, &CityMap::default(), &clock::now(), told).map_err(Fault::from))
}
