//! The map of districts: the city's own where it gave one, else tiles; and where it is given.

use crate::answer::{Answer, Outcome, Trouble};
use crate::caller::Caller;
use crate::frame::{Frame, percent};
use crate::site::Site;
use app::desk::evidence::DistrictFigures;
use app::desk::map::{self, CityMap};
use askama::Template;
use authz::{Change, Read, Setting};

/// A district as a tile.
pub(crate) struct Tile {
    pub(crate) href: String,
    pub(crate) x: usize,
    pub(crate) y: usize,
    /// Which share of its projects is exposed: 0 none, 1 a tenth at most, 2 a quarter, 3 half, 4 more; 5 where it has no
    /// projects.
    pub(crate) shade: u8,
    /// Its name on at most two lines.
    pub(crate) words: [String; 2],
    pub(crate) counts: [u64; 2],
}

/// A district as it lies.
pub(crate) struct Area {
    pub(crate) href: String,
    pub(crate) path: String,
    pub(crate) shade: u8,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) name: String,
    /// Exposed projects, and all; none where the list of regions does not know the name.
    pub(crate) counts: Option<[u64; 2]>,
}

/// The map of a page.
pub(crate) struct MapView {
    /// Width and height of the map of tiles.
    pub(crate) size: (usize, usize),
    pub(crate) tiles: Vec<Tile>,
    pub(crate) areas: Vec<Area>,
    pub(crate) height: u32,
    /// Districts the city's own map lacks, with exposed projects and all.
    pub(crate) missing: Vec<(String, [u64; 2])>,
}

/// Side of a tile, with its gap.
const TILE: usize = 110;

fn shade(counts: [u64; 2]) -> u8 {
    match counts {
        [_, 0] => 5,
        [0, _] => 0,
        [n, all] if n * 10 <= all => 1,
        [n, all] if n * 4 <= all => 2,
        [n, all] if n * 2 <= all => 3,
        _ => 4,
    }
}

fn tile(d: &DistrictFigures) -> Tile {
    let counts = [d.counts[1], d.counts[0]];
    let (first, second) = d.name.split_once(' ').unwrap_or((&d.name, ""));
    Tile {
        href: percent(&d.name),
        x: d.tile.0 * TILE,
        y: d.tile.1 * TILE,
        shade: shade(counts),
        words: [first.to_owned(), second.to_owned()],
        counts,
    }
}

/// Tiles alone: where a district is picked.
pub(crate) fn tiles(districts: &[DistrictFigures]) -> ((usize, usize), Vec<Tile>) {
    let side = |of: fn(&DistrictFigures) -> usize| districts.iter().map(|d| of(d) + 1).max().unwrap_or(0) * TILE;
    ((side(|d| d.tile.0), side(|d| d.tile.1)), districts.iter().map(tile).collect())
}

impl MapView {
    /// The map of some districts: those the reader may see.
    pub(crate) fn of(site: &Site, districts: &[DistrictFigures]) -> Result<Self, Trouble> {
        Ok(Self::drawn(&map::standing(&site.desk)?, districts))
    }

    fn drawn(own: &CityMap, districts: &[DistrictFigures]) -> Self {
        let (size, tiles) = tiles(districts);
        let of = |name: &str| districts.iter().find(|d| d.name == name).map(|d| [d.counts[1], d.counts[0]]);
        let area = |s: &map::Shape| {
            let counts = of(&s.district);
            Area {
                href: percent(&s.district),
                path: s.path.clone(),
                shade: counts.map_or(5, shade),
                x: s.at[0],
                y: s.at[1],
                name: if s.district.is_empty() { s.name.clone() } else { s.district.clone() },
                counts,
            }
        };
        let areas: Vec<Area> = own.atlas.shapes.iter().map(area).collect();
        let lacking = |d: &&DistrictFigures| !own.is_none() && !own.atlas.shapes.iter().any(|s| s.district == d.name);
        Self {
            size,
            missing: districts.iter().filter(lacking).map(|d| (d.name.clone(), [d.counts[1], d.counts[0]])).collect(),
            areas,
            height: own.atlas.height,
            tiles,
        }
    }

    /// Is there nothing to draw?
    pub(crate) fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }
}

#[derive(Template)]
#[template(path = "map.html")]
struct Page {
    f: Frame,
    m: MapView,
    said: String,
    unknown: Vec<String>,
    has_districts: bool,
    trouble: Vec<String>,
}

fn made(site: &Site, caller: &Caller, amiss: &[map::Amiss]) -> Result<String, Trouble> {
    caller.permit::<Read, Setting>()?;
    let f = Frame::of(site, caller, "map-title", "/kelola");
    let own = map::standing(&site.desk)?;
    let districts = super::overview(site)?.unwrap_or_default().districts;
    let said = [
        ("file", own.file.clone()),
        ("when", f.moment(&own.at)),
        ("count", own.atlas.shapes.len().to_string()),
        ("property", own.atlas.property.clone()),
    ];
    let trouble = |a: &map::Amiss| {
        let (name, said) = map::sentence(a);
        phrases::say_with(f.language, name, &said)
    };
    let page = Page {
        said: if own.is_none() { String::new() } else { phrases::say_with(f.language, "map-standing", &said) },
        unknown: own.atlas.shapes.iter().filter(|s| s.district.is_empty()).map(|s| s.name.clone()).collect(),
        has_districts: !districts.is_empty(),
        trouble: amiss.iter().map(trouble).collect(),
        m: MapView::drawn(&own, &districts),
        f,
    };
    Ok(page.render()?)
}

/// GET `/peta`
pub(crate) fn page(site: &Site, caller: &Caller) -> Outcome {
    Ok(Answer::Page(made(site, caller, &[])?))
}

/// POST `/peta`, once the bytes are here: a map, or that there shall be none.
pub(crate) fn arrived(site: &Site, caller: &Caller, removes: bool, file: Option<(String, Vec<u8>)>) -> Outcome {
    let permit = caller.permit::<Change, Setting>()?;
    let request = &caller.asking.reference;
    if removes {
        map::remove(&site.desk, &permit, request)?;
        return Ok(Answer::Go("/peta".to_owned()));
    }
    let (name, bytes) = file.ok_or(Trouble::Bad("web-trouble-form"))?;
    match map::keep(&site.desk, &permit, (&name, &bytes), request)? {
        Ok(_) => Ok(Answer::Go("/peta".to_owned())),
        Err(amiss) => Ok(Answer::Unaccepted(made(site, caller, &amiss)?)),
    }
}
