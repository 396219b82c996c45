//! The made-up city's own map of its districts, as its planning office would hand it out: shared borders, wandering as rivers and roads do, and more positions than a
//! page can carry.

use crate::names;
use crate::random::Random;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Name of its file.
pub const FILE: &str = "PETA-KECAMATAN.geojson";

/// Corners of the city's outline.
const CORNERS: usize = 28;

/// How often a border is halved.
const HALVINGS: u32 = 6;

/// Millionths of a degree.
type Point = (i64, i64);

fn clip(polygon: &[(f64, f64)], a: (f64, f64), b: (f64, f64)) -> Vec<(f64, f64)> {
    // What is nearer to a than to b.
    let side = |p: (f64, f64)| {
        let to = |q: (f64, f64)| (p.0 - q.0).powi(2) + (p.1 - q.1).powi(2);
        to(b) - to(a)
    };
    let mut out = Vec::new();
    for (i, p) in polygon.iter().enumerate() {
        let q = polygon[(i + 1) % polygon.len()];
        let (sp, sq) = (side(*p), side(q));
        if sp >= 0.0 {
            out.push(*p);
        }
        if (sp >= 0.0) != (sq >= 0.0) {
            let t = sp / (sp - sq);
            out.push((p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t));
        }
    }
    out
}

/// Points of a border from one end to the other, both in: the same for both districts, whichever end they begin at.
fn border(seed: u64, known: &mut BTreeMap<(Point, Point), Vec<Point>>, from: Point, to: Point) -> Vec<Point> {
    let (a, b) = (from.min(to), from.max(to));
    let points = known.entry((a, b)).or_insert_with(|| {
        let stream = (a.0 ^ b.0.rotate_left(17) ^ a.1.rotate_left(31) ^ b.1.rotate_left(43)).unsigned_abs();
        let mut random = Random::new(seed, stream);
        let mut points = vec![a, b];
        for _ in 0..HALVINGS {
            let mut finer = Vec::with_capacity(points.len() * 2);
            for pair in points.windows(2) {
                let (p, q) = (pair[0], pair[1]);
                // A twelfth of the length at most, to either side: borders wander and do not cross.
                let reach = ((q.0 - p.0).abs() + (q.1 - p.1).abs()) / 12;
                let bend = random.between(-reach, reach);
                let middle = ((p.0 + q.0) / 2, (p.1 + q.1) / 2);
                let flat = (q.0 - p.0).abs() > (q.1 - p.1).abs();
                finer.push(p);
                finer.push(if flat { (middle.0, middle.1 + bend) } else { (middle.0 + bend, middle.1) });
            }
            finer.push(b);
            points = finer;
        }
        points
    });
    if from == a { points.clone() } else { points.iter().rev().copied().collect() }
}

/// Names of the districts.
pub fn districts() -> Vec<String> {
    names::regions().into_iter().filter(|[_, _, latitude, _]| !latitude.is_empty()).map(|[_, name, ..]| name).collect()
}

/// The map as GeoJSON.
pub fn geojson(seed: u64) -> Value {
    let degrees = |text: &str| text.replace(',', ".").parse::<f64>().unwrap_or_default();
    let districts: Vec<(String, (f64, f64))> = names::regions()
        .into_iter()
        .filter(|[_, _, latitude, _]| !latitude.is_empty())
        .map(|[_, name, latitude, longitude]| (name, (degrees(&longitude), degrees(&latitude))))
        .collect();
    let count = districts.len().max(1) as f64;
    let middle = districts.iter().fold((0.0, 0.0), |sum, (_, p)| (sum.0 + p.0 / count, sum.1 + p.1 / count));
    let far = districts.iter().map(|(_, p)| (p.0 - middle.0).hypot(p.1 - middle.1)).fold(0.0, f64::max);
    let mut random = Random::new(seed, 0x006D_6170);
    let outline: Vec<(f64, f64)> = (0..CORNERS)
        .map(|i| {
            let turn = std::f64::consts::TAU * i as f64 / CORNERS as f64;
            // Convex as long as the reach hardly changes from corner to corner.
            let reach = far * (1.36 + random.below(5) as f64 / 100.0);
            (middle.0 + reach * turn.cos(), middle.1 + reach * turn.sin())
        })
        .collect();
    let mut known = BTreeMap::new();
    let features: Vec<Value> = districts
        .iter()
        .enumerate()
        .map(|(i, (name, own))| {
            let others = districts.iter().enumerate().filter(|(k, _)| *k != i);
            let cell = others.fold(outline.clone(), |cell, (_, (_, other))| clip(&cell, *own, *other));
            let round = |p: &(f64, f64)| ((p.0 * 1e5).round() as i64 * 10, (p.1 * 1e5).round() as i64 * 10);
            let mut corners: Vec<Point> = cell.iter().map(round).collect();
            corners.dedup();
            if corners.first() == corners.last() {
                corners.pop();
            }
            let mut ring = Vec::new();
            for (k, from) in corners.iter().enumerate() {
                let line = border(seed, &mut known, *from, corners[(k + 1) % corners.len()]);
                ring.extend_from_slice(&line[..line.len() - 1]);
            }
            ring.extend(ring.first().copied());
            let position = |(x, y): &Point| json!([*x as f64 / 1e6, *y as f64 / 1e6]);
            // Offices write names as they like.
            let written = if i % 4 == 1 { format!("Kec. {name}") } else { name.to_uppercase() };
            json!({
                "type": "Feature",
                "properties": { "OBJECTID": i + 1, "WADMKC": written, "WADMKK": "Kota Rantau Buatan", "LUASHA": 0 },
                "geometry": { "type": "Polygon", "coordinates": [ring.iter().map(position).collect::<Vec<_>>()] },
            })
        })
        .collect();
    json!({
        "type": "FeatureCollection", "name": "ADMINISTRASIKECAMATAN_AR",
        "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:OGC:1.3:CRS84" } },
        "features": features,
    })
}

/// Writes the map beside the city's lists; its path.
///
/// # Errors
/// Those of the disk.
pub fn generate(seed: u64, folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    std::fs::write(&path, serde_json::to_vec(&geojson(seed))?)?;
    Ok(path)
}
