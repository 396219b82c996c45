//! A city's own map of its districts (GeoJSON, RFC 7946): read, checked, and made small enough for a page.
//!
//! A map that is wrong is worse than none: where a ring is broken, two districts lie on each other, or a name stands twice, nothing of it is taken, and every mistake is
//! said with the feature it is in. Districts the map lacks and features nobody knows are no mistakes; they are said beside it.
//!
//! Shapes come out as paths of a drawing a thousand units wide: degrees of longitude shortened by the cosine of the middle latitude, so that a city looks as it does on
//! other maps; what is smaller than the eye can tell is left out (Visvalingam-Whyatt, keeping the topology of each shape).

use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Coord, InteriorPoint as _, LineString, MultiPolygon, Polygon,
    SimplifyVwPreserve as _, Validation as _,
};
use geojson::{Feature, GeoJson, GeometryValue, JsonValue, Position};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Bytes of a file at most.
pub const BYTES_MAX: usize = 8 << 20;

/// Features at most.
const FEATURES: usize = 400;

/// Positions of all features at most.
const POSITIONS: usize = 200_000;

/// Pairs of segments that are looked at at most: whether a ring crosses itself is told by comparing each of its segments with each.
const PAIRS: usize = 2_000_000_000;

/// Parts of a feature at most: each is compared with each.
const PARTS: usize = 200;

/// Letters of a name at most.
const NAME: usize = 120;

/// How many times as high as wide a map may be, and as wide as high.
const LONG: f64 = 20.0;

/// Width of the drawing.
pub const WIDTH: f64 = 1_000.0;

/// Area of a corner the eye cannot tell, in square units of the drawing.
const CORNER: f64 = 3.0;

/// Positions of the drawing all together at most: with more, larger corners go.
const DRAWN: usize = 4_000;

/// Two districts lie on each other where more than this part of the smaller one does.
const OVERLAP: f64 = 0.01;

/// Mistakes said at most.
const SAID: usize = 20;

/// A shape of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The district as the city's list of regions calls it; empty where the list does not know the name.
    pub district: String,
    /// The name on the map.
    pub name: String,
    /// Path of the drawing.
    pub path: String,
    /// A point inside.
    pub at: [i32; 2],
}

/// A map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Atlas {
    /// Property in which the names stand.
    pub property: String,
    /// Shapes, in the order of the file.
    pub shapes: Vec<Shape>,
    /// Height of the drawing, which is a thousand wide.
    pub height: u32,
    /// Districts the map lacks.
    pub missing: Vec<String>,
}

/// What is amiss with a map. A feature is named by its place in the file, from 1, and its name where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amiss {
    /// Not GeoJSON: what the reader says.
    Json(String),
    /// Too large, or too many features, parts or positions to be checked.
    Large,
    /// Much higher than wide, or the other way: no city lies so.
    Long,
    /// Not a collection of features.
    Collection,
    /// Another reference system than degrees: its name.
    System(String),
    /// A feature that is no area: place, name, kind.
    Kind(usize, String, String),
    /// A ring with fewer than four positions: place and name.
    Short(usize, String),
    /// A ring that does not end where it began.
    Open(usize, String),
    /// A ring that crosses itself, or another of the same feature.
    Crossing(usize, String),
    /// A position that is none in degrees: place, name, position.
    Outside(usize, String, String),
    /// Two features lie on each other: their names, and the part of the smaller one, percent.
    Overlap(String, String, u32),
    /// A district stands twice.
    Twice(String),
    /// No property holds names of the city's districts.
    Names,
}

/// A name without what lists and maps write before it.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let bare = ["kecamatan ", "kec. ", "kec "].iter().find_map(|head| lower.strip_prefix(head)).unwrap_or(&lower);
    bare.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The property that holds most of the city's districts by name.
fn property(features: &[Feature], known: &BTreeMap<String, &str>) -> Option<String> {
    let mut hits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in features.iter().filter_map(|f| f.properties.as_ref()).flatten() {
        if let Some(district) = value.as_str().and_then(|text| known.get(&plain(text))) {
            hits.entry(key).or_default().insert(district);
        }
    }
    // The first in the order of names, where two hold as many.
    hits.into_iter().rev().max_by_key(|(_, found)| found.len()).map(|(key, _)| key.to_owned())
}

/// Rings of a feature, polygon by polygon.
fn rings(feature: &Feature) -> Result<Vec<&[Vec<Position>]>, String> {
    match feature.geometry.as_ref().map(|g| &g.value) {
        Some(GeometryValue::Polygon { coordinates }) => Ok(vec![coordinates]),
        Some(GeometryValue::MultiPolygon { coordinates }) => Ok(coordinates.iter().map(Vec::as_slice).collect()),
        Some(other) => Err(other.type_name().to_owned()),
        None => Err("null".to_owned()),
    }
}

/// One feature as an area in degrees, or what is amiss with it.
fn area(place: usize, name: &str, feature: &Feature) -> Result<MultiPolygon, Amiss> {
    let said = || name.to_owned();
    let polygons = rings(feature).map_err(|kind| Amiss::Kind(place, said(), kind))?;
    let mut out = Vec::new();
    for polygon in polygons {
        let mut lines = Vec::new();
        for ring in polygon {
            if ring.len() < 4 {
                return Err(Amiss::Short(place, said()));
            }
            let mut line = Vec::with_capacity(ring.len());
            for position in ring {
                let [x, y] = [0, 1].map(|i| position.as_slice().get(i).copied().unwrap_or(f64::NAN));
                if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
                    return Err(Amiss::Outside(place, said(), format!("{x}, {y}")));
                }
                line.push(Coord { x, y });
            }
            if line.first() != line.last() {
                return Err(Amiss::Open(place, said()));
            }
            lines.push(LineString::new(line));
        }
        let mut lines = lines.into_iter();
        let Some(outer) = lines.next() else { return Err(Amiss::Short(place, said())) };
        out.push(Polygon::new(outer, lines.collect()));
    }
    if out.is_empty() {
        return Err(Amiss::Short(place, said()));
    }
    let area = MultiPolygon::new(out);
    if area.is_valid() { Ok(area) } else { Err(Amiss::Crossing(place, said())) }
}

/// Features that lie on each other.
fn overlaps(areas: &[(String, MultiPolygon)]) -> Vec<Amiss> {
    let mut out = Vec::new();
    for (i, (name, a)) in areas.iter().enumerate() {
        let Some(around) = a.bounding_rect() else { continue };
        for (other, b) in &areas[i + 1..] {
            let apart = b.bounding_rect().is_none_or(|r| {
                r.min().x > around.max().x
                    || r.max().x < around.min().x
                    || r.min().y > around.max().y
                    || r.max().y < around.min().y
            });
            if apart {
                continue;
            }
            let smaller = a.unsigned_area().min(b.unsigned_area());
            let part = if smaller > 0.0 { a.intersection(b).unsigned_area() / smaller } else { 0.0 };
            if part > OVERLAP {
                out.push(Amiss::Overlap(name.clone(), other.clone(), (part * 100.0).round() as u32));
            }
        }
    }
    out
}

/// Reads a map. `districts` are the city's, by name.
///
/// # Errors
/// Everything that is amiss, twenty mistakes at most.
pub fn read(bytes: &[u8], districts: &[&str]) -> Result<Atlas, Vec<Amiss>> {
    if bytes.len() > BYTES_MAX {
        return Err(vec![Amiss::Large]);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| vec![Amiss::Json(e.to_string())])?;
    let json: GeoJson =
        text.trim_start_matches('\u{feff}').parse().map_err(|e: geojson::Error| vec![Amiss::Json(e.to_string())])?;
    let GeoJson::FeatureCollection(collection) = json else { return Err(vec![Amiss::Collection]) };
    if let Some(system) = collection.foreign_members.as_ref().and_then(|m| m.get("crs")).and_then(system) {
        return Err(vec![Amiss::System(system)]);
    }
    let features = collection.features;
    let positions: usize = features.iter().filter_map(|f| rings(f).ok()).flatten().flatten().map(Vec::len).sum();
    let all = || features.iter().filter_map(|f| rings(f).ok());
    let pairs = all().flatten().flatten().map(|r| r.len().saturating_mul(r.len()));
    let parts = all().map(|polygons| polygons.iter().map(|p| p.len()).sum::<usize>());
    if features.len() > FEATURES
        || positions > POSITIONS
        || pairs.fold(0, usize::saturating_add) > PAIRS
        || parts.max().unwrap_or(0) > PARTS
    {
        return Err(vec![Amiss::Large]);
    }
    let known: BTreeMap<String, &str> = districts.iter().map(|d| (plain(d), *d)).collect();
    let Some(property) = property(&features, &known) else { return Err(vec![Amiss::Names]) };
    let (mut amiss, mut areas, mut found) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut names = Vec::new();
    for (i, feature) in features.iter().enumerate() {
        let name = feature.property(&property).and_then(JsonValue::as_str).unwrap_or_default();
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
        let district = known.get(&plain(&name)).copied().unwrap_or_default();
        if !district.is_empty() && !found.insert(district) {
            amiss.push(Amiss::Twice(district.to_owned()));
        }
        match area(i + 1, &name, feature) {
            Ok(area) => {
                areas.push((if name.is_empty() { format!("#{}", i + 1) } else { name.clone() }, area));
                names.push((name, district.to_owned()));
            }
            Err(mistake) => amiss.push(mistake),
        }
    }
    if amiss.is_empty() {
        amiss = overlaps(&areas);
    }
    if !amiss.is_empty() {
        amiss.truncate(SAID);
        return Err(amiss);
    }
    let missing = districts.iter().filter(|d| !found.contains(*d)).map(|d| (*d).to_owned()).collect();
    let (shapes, height) = draw(&areas, names)?;
    Ok(Atlas { property: property.chars().take(NAME).collect(), shapes, height, missing })
}

/// The name of a reference system that is not degrees of WGS 84.
fn system(crs: &JsonValue) -> Option<String> {
    let name = crs.get("properties")?.get("name")?.as_str()?;
    let degrees = ["CRS84", "EPSG::4326", "EPSG:4326"].iter().any(|known| name.ends_with(known));
    (!degrees).then(|| name.to_owned())
}

/// Areas as paths.
fn draw(areas: &[(String, MultiPolygon)], names: Vec<(String, String)>) -> Result<(Vec<Shape>, u32), Vec<Amiss>> {
    let rects: Vec<_> = areas.iter().filter_map(|(_, a)| a.bounding_rect()).collect();
    let end =
        |of: fn(f64, f64) -> f64, start: f64, side: &dyn Fn(&geo::Rect) -> f64| rects.iter().map(side).fold(start, of);
    let (west, east) = (end(f64::min, f64::INFINITY, &|r| r.min().x), end(f64::max, f64::NEG_INFINITY, &|r| r.max().x));
    let (south, north) =
        (end(f64::min, f64::INFINITY, &|r| r.min().y), end(f64::max, f64::NEG_INFINITY, &|r| r.max().y));
    let shorter = f64::midpoint(south, north).to_radians().cos();
    let (across, up) = ((east - west) * shorter, north - south);
    if !(across > 0.0 && up > 0.0 && up / across < LONG && across / up < LONG) {
        return Err(vec![Amiss::Long]);
    }
    let scale = WIDTH / across;
    let height = (up * scale).ceil();
    let place = |c: Coord| Coord { x: (c.x - west) * shorter * scale, y: (north - c.y) * scale };
    let line = |l: &LineString| LineString::new(l.coords().map(|c| place(*c)).collect());
    let drawn: Vec<MultiPolygon> = areas
        .iter()
        .map(|(_, a)| {
            let polygon = |p: &Polygon| Polygon::new(line(p.exterior()), p.interiors().iter().map(line).collect());
            MultiPolygon::new(a.iter().map(polygon).collect())
        })
        .collect();
    let mut corner = CORNER;
    let simple = loop {
        let simple: Vec<MultiPolygon> =
            drawn.iter().map(|a| without_specks(&a.simplify_vw_preserve(corner), corner)).collect();
        let count: usize = simple
            .iter()
            .flatten()
            .map(|p| p.exterior().0.len() + p.interiors().iter().map(|r| r.0.len()).sum::<usize>())
            .sum();
        if count <= DRAWN {
            break simple;
        }
        // What no coarseness makes small enough is more islets than a page can carry.
        if corner > WIDTH {
            return Err(vec![Amiss::Large]);
        }
        corner *= 2.0;
    };
    let shape = |((area, whole), (name, district)): ((&MultiPolygon, &MultiPolygon), (String, String))| {
        let at = whole.interior_point().map_or([0, 0], |p| [p.x().round() as i32, p.y().round() as i32]);
        Shape { district, name, path: path(area), at }
    };
    Ok((simple.iter().zip(&drawn).zip(names).map(shape).collect(), height as u32))
}

/// An area without parts and holes smaller than a corner that is left out; its largest part stays.
fn without_specks(area: &MultiPolygon, corner: f64) -> MultiPolygon {
    let largest = area.iter().map(|p| p.unsigned_area()).fold(0.0, f64::max);
    let keeps = |p: &&Polygon| p.unsigned_area() >= corner.min(largest);
    let whole = |p: &Polygon| {
        let holes = p.interiors().iter().filter(|r| Polygon::new((*r).clone(), vec![]).unsigned_area() >= corner);
        Polygon::new(p.exterior().clone(), holes.cloned().collect())
    };
    MultiPolygon::new(area.iter().filter(keeps).map(whole).collect())
}

fn path(area: &MultiPolygon) -> String {
    let mut out = String::new();
    for ring in area.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        let mut points: Vec<(i32, i32)> = ring.coords().map(|c| (c.x.round() as i32, c.y.round() as i32)).collect();
        points.dedup();
        // A ring that is smaller than a unit is none.
        if points.len() < 4 {
            continue;
        }
        points.pop();
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(out, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
        }
        out.push('Z');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NAMES: [&str; 2] = ["Rantau Ulu", "Rantau Hilir"];

    fn square(name: &str, x: f64, y: f64, side: f64) -> Value {
        let ring = json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]);
        json!({ "type": "Feature", "properties": { "WADMKC": name, "KODE": 7 }, "geometry": { "type": "Polygon", "coordinates": [ring] } })
    }

    fn map(features: &[Value]) -> Vec<u8> {
        serde_json::to_vec(&json!({ "type": "FeatureCollection", "features": features })).unwrap()
    }

    fn of(features: &[Value]) -> Result<Atlas, Vec<Amiss>> {
        read(&map(features), &NAMES)
    }

    #[test]
    fn two_squares_are_a_map() {
        let atlas =
            of(&[square("KEC. RANTAU ULU", 103.5, -1.7, 0.1), square("Kecamatan Rantau Hilir", 103.6, -1.7, 0.1)])
                .unwrap();
        assert_eq!((atlas.property.as_str(), atlas.missing.len()), ("WADMKC", 0));
        let shapes: Vec<(&str, &str)> = atlas.shapes.iter().map(|s| (s.district.as_str(), s.path.as_str())).collect();
        assert_eq!(
            shapes,
            [("Rantau Ulu", "M0 500L500 500L500 0L0 0Z"), ("Rantau Hilir", "M500 500L1000 500L1000 0L500 0Z")]
        );
        // Near the equator a degree is as long east as north.
        assert_eq!((atlas.height, atlas.shapes[0].at), (501, [250, 250]));
    }

    #[test]
    fn what_the_list_does_not_know_and_the_map_lacks_is_said() {
        let atlas = of(&[square("Rantau Ulu", 103.5, -1.7, 0.1), square("Danau", 103.7, -1.7, 0.1)]).unwrap();
        assert_eq!(atlas.missing, ["Rantau Hilir"]);
        assert_eq!((atlas.shapes[1].district.as_str(), atlas.shapes[1].name.as_str()), ("", "Danau"));
    }

    #[test]
    fn a_broken_map_is_refused_whole_with_its_places() {
        let whole = square("Rantau Ulu", 103.5, -1.7, 0.1);
        let ring = |positions: Value| {
            let mut broken = square("Rantau Hilir", 103.6, -1.7, 0.1);
            broken["geometry"]["coordinates"] = json!([positions]);
            of(&[whole.clone(), broken]).unwrap_err()
        };
        let hilir = || "Rantau Hilir".to_owned();
        assert_eq!(ring(json!([[103.6, -1.7], [103.7, -1.7], [103.6, -1.7]])), [Amiss::Short(2, hilir())]);
        assert_eq!(
            ring(json!([[103.6, -1.7], [103.7, -1.7], [103.7, -1.6], [103.6, -1.6]])),
            [Amiss::Open(2, hilir())]
        );
        let bow = json!([[103.6, -1.7], [103.7, -1.6], [103.7, -1.7], [103.6, -1.6], [103.6, -1.7]]);
        assert_eq!(ring(bow), [Amiss::Crossing(2, hilir())]);
        let metres = json!([
            [334_000.0, 9_812_000.0],
            [335_000.0, 9_812_000.0],
            [335_000.0, 9_813_000.0],
            [334_000.0, 9_812_000.0]
        ]);
        assert_eq!(ring(metres), [Amiss::Outside(2, hilir(), "334000, 9812000".into())]);
        // On each other by a fifth; a sliver is drawing, not a mistake.
        let over = |x: f64| of(&[whole.clone(), square("Rantau Hilir", x, -1.7, 0.1)]);
        assert_eq!(over(103.58).unwrap_err(), [Amiss::Overlap("Rantau Ulu".into(), hilir(), 20)]);
        assert!(over(103.5995).is_ok());
        assert_eq!(
            of(&[whole.clone(), square("RANTAU ULU", 103.7, -1.7, 0.1)]).unwrap_err(),
            [Amiss::Twice("Rantau Ulu".into())]
        );
        assert_eq!(of(&[square("Danau", 103.5, -1.7, 0.1)]).unwrap_err(), [Amiss::Names]);
        let mut line = square("Rantau Hilir", 103.6, -1.7, 0.1);
        line["geometry"] = json!({ "type": "LineString", "coordinates": [[103.6, -1.7], [103.7, -1.7]] });
        assert_eq!(of(&[whole.clone(), line]).unwrap_err(), [Amiss::Kind(2, hilir(), "LineString".into())]);
        assert!(matches!(&read(b"{\"type\": \"FeatureCollection\", ", &NAMES).unwrap_err()[..], [Amiss::Json(_)]));
        assert!(matches!(&read(&[0xff, 0xfe], &NAMES).unwrap_err()[..], [Amiss::Json(_)]));
        let thin = json!([[103.6, -1.7], [103.600_000_01, -1.7], [103.600_000_01, -0.7], [103.6, -0.7], [103.6, -1.7]]);
        let mut only = square("Rantau Ulu", 103.6, -1.7, 0.1);
        only["geometry"]["coordinates"] = json!([thin]);
        assert_eq!(of(&[only]).unwrap_err(), [Amiss::Long]);
        let mut many = square("Rantau Ulu", 103.6, -1.7, 0.1);
        let islet = |i: usize| square("x", 103.6 + i as f64 / 1e3, -1.7, 0.0004)["geometry"]["coordinates"].clone();
        many["geometry"] =
            json!({ "type": "MultiPolygon", "coordinates": (0..PARTS + 1).map(islet).collect::<Vec<_>>() });
        assert_eq!(of(&[many]).unwrap_err(), [Amiss::Large]);
        let long = square(&format!("Danau {}", "x".repeat(4_000)), 103.7, -1.7, 0.1);
        assert!(of(&[whole.clone(), long]).unwrap().shapes[1].name.chars().count() <= NAME);
        assert_eq!(read(&vec![b' '; BYTES_MAX + 1], &NAMES).unwrap_err(), [Amiss::Large]);
        assert_eq!(read(&serde_json::to_vec(&whole).unwrap(), &NAMES).unwrap_err(), [Amiss::Collection]);
        let utm = json!({ "type": "FeatureCollection", "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::32748" } }, "features": [whole] });
        assert_eq!(
            read(&serde_json::to_vec(&utm).unwrap(), &NAMES).unwrap_err(),
            [Amiss::System("urn:ogc:def:crs:EPSG::32748".into())]
        );
    }

    /// The made-up city's map: thousands of positions become a drawing a page can carry, and no district is lost.
    #[test]
    fn a_city_becomes_small() {
        for seed in 1..6 {
            let bytes = serde_json::to_vec(&testkit::map::geojson(seed)).unwrap();
            let names = testkit::map::districts();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let atlas = read(&bytes, &names).unwrap();
            let drawn: usize = atlas.shapes.iter().map(|s| s.path.len()).sum();
            assert!(bytes.len() > 50_000 && drawn < 10_000, "{} to {drawn}", bytes.len());
            assert!(
                atlas.missing.is_empty() && atlas.shapes.iter().all(|s| !s.path.is_empty() && !s.district.is_empty())
            );
            assert_eq!(atlas, read(&bytes, &names).unwrap());
        }
    }
}
