//! Made-up tables of any size with a known truth, for measuring linkage: works and registrations, and
//! members and rosters. Names are put together from syllables, so that a million of them are as varied
//! as real ones; common words stay common.

mod firms;

use crate::names;
use crate::random::Random;
use std::io;
use std::path::{Path, PathBuf};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct TablesSpec {
    /// The same seed makes the same bytes.
    pub seed: u64,
    /// Rows of the left table; the right one has about as many.
    pub rows: u64,
    /// How much is retyped, shortened, mistyped and left out, in percent of the default rates.
    pub noise: u64,
}

/// Which two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablesKind {
    /// Projects and registrations.
    Works,
    /// Members and a roster.
    Persons,
    /// One list of firms, some in several spellings.
    Firms,
}

const SYLLABLES: [&str; 48] = [
    "ba", "ca", "da", "ga", "ja", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "wa", "bi", "di", "gi", "ki", "li",
    "mi", "ni", "ri", "si", "ti", "bu", "du", "ku", "lu", "mu", "nu", "pu", "ru", "su", "tu", "bang", "dar", "kar",
    "lang", "man", "nang", "pan", "ran", "sin", "tan", "ten", "un", "war", "yan",
];

/// Word number `i` of a language that has no other: two to four syllables, the first words shorter.
fn word(i: u64) -> String {
    let mut out = String::new();
    let mut left = i;
    loop {
        out.push_str(SYLLABLES[(left % 48) as usize]);
        left /= 48;
        if left == 0 {
            break;
        }
        left -= 1;
    }
    if out.len() < 4 {
        out.push_str(SYLLABLES[(i * 7 % 48) as usize]);
    }
    out
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

/// A number below `bound`, small ones more often: names of people and streets are skewed.
fn skewed(r: &mut Random, bound: u64) -> u64 {
    let a = r.below(bound);
    if r.percent(60) { r.below(a + 1) } else { a }
}

const VERBS: [&str; 7] =
    ["Pembangunan", "Peningkatan", "Rehabilitasi", "Pemeliharaan", "Rekonstruksi", "Perbaikan", "Lanjutan Pembangunan"];

/// Pools that grow with the table, so that twins stay as rare as they are in a city.
struct Pools {
    streets: u64,
    villages: u64,
    districts: u64,
    firms: u64,
}

impl Pools {
    fn of(rows: u64) -> Self {
        Self { streets: 300 + rows / 12, villages: 40 + rows / 300, districts: 6 + rows / 4_000, firms: 60 + rows / 8 }
    }
}

fn works_name(r: &mut Random, pools: &Pools) -> String {
    let street = {
        let first = capital(&word(100 + skewed(r, pools.streets)));
        if r.percent(45) {
            format!("{first} {}", capital(&word(100 + skewed(r, pools.streets / 3 + 20))))
        } else {
            first
        }
    };
    let village = capital(&word(7_000 + skewed(r, pools.villages)));
    let district = capital(&word(20_000 + r.below(pools.districts)));
    let role = match r.below(100) {
        0..=5 => "Perencanaan ",
        6..=11 => "Pengawasan ",
        _ => "",
    };
    let verb = *r.pick(&VERBS);
    let what = match r.below(10) {
        0..=3 => format!("Jalan {street} RT {} RW {}", r.between(1, 24), r.between(1, 12)),
        4 => format!("Jalan {street}"),
        5 => format!("Drainase Gang {street} {}", r.between(1, 6)),
        6 => format!("Ruang Kelas SDN {} {village}", r.between(1, 60)),
        7 => format!("Gedung Puskesmas {village}"),
        8 => format!("Jembatan Parit {street}"),
        _ => format!("Saluran Irigasi {street} Tahap {}", r.pick(&["I", "II", "III"])),
    };
    format!("{role}{verb} {what} Kel. {village} Kec. {district}")
}

struct Firm {
    name: String,
    npwp: String,
}

fn firm(seed: u64, i: u64) -> Firm {
    let r = &mut Random::new(seed, 1 << 40 | i);
    const COMMON: [&str; 8] = ["JAYA", "MANDIRI", "PUTRA", "KARYA", "PRATAMA", "UTAMA", "SARANA", "TEKNIK"];
    let mut name = word(200 + i).to_uppercase();
    for _ in 0..r.between(1, 2) {
        name = format!("{name} {}", r.pick(&COMMON));
    }
    let form = if r.percent(85) { "CV. " } else { "PT. " };
    Firm { name: format!("{form}{name}"), npwp: format!("0{:08}{}701000", i * 37 % 100_000_000, r.below(10)) }
}

fn writer(folder: &Path, name: &str, head: &[&str]) -> io::Result<(PathBuf, csv::Writer<std::fs::File>)> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_path(&path)?;
    writer.write_record(head)?;
    Ok((path, writer))
}

/// Writes `left.csv`, `right.csv` and `truth.csv` (left and right identifier); of firms `firms.csv` and `truth.csv`
/// (identifier and cluster).
///
/// # Errors
/// Of the disk.
pub fn generate(kind: TablesKind, spec: &TablesSpec, folder: &Path) -> io::Result<Vec<PathBuf>> {
    match kind {
        TablesKind::Works => works(spec, folder),
        TablesKind::Persons => persons(spec, folder),
        TablesKind::Firms => firms::generate(spec, folder),
    }
}

/// Days since 2020-01-01 as a date.
fn day(days: i64) -> String {
    let start = jiff::civil::date(2020, 1, 1);
    start.checked_add(jiff::Span::new().days(days)).map_or_else(|_| start.to_string(), |d| d.to_string())
}

/// In `percent` of cases at the default noise.
fn at(r: &mut Random, spec: &TablesSpec, percent: u64) -> bool {
    r.below(10_000) < percent * spec.noise
}

fn works(spec: &TablesSpec, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let pools = Pools::of(spec.rows);
    let agencies = 12 + spec.rows / 2_500;
    let (left_path, mut left) = writer(
        folder,
        "left.csv",
        &["project", "name", "contract_number", "value", "firm", "npwp", "order_date", "agency"],
    )?;
    let (right_path, mut right) = writer(
        folder,
        "right.csv",
        &["registration", "name", "contract_number", "value", "firm", "npwp", "order_date", "agency"],
    )?;
    let (truth_path, mut truth) = writer(folder, "truth.csv", &["left_id", "right_id"])?;
    let agency_name = |i: u64| format!("Dinas {} {}", capital(&word(600 + i % 40)), capital(&word(900 + i)));
    let mut rights = 0u64;
    for i in 0..spec.rows {
        let r = &mut Random::new(spec.seed, i);
        let name = works_name(r, &pools);
        let agency = agency_name(skewed(r, agencies));
        let vendor = firm(spec.seed, skewed(r, pools.firms));
        let ordered = r.between(0, 1_800);
        let gross = match r.below(10) {
            0..=3 => r.between(190_000, 199_900) * 1_000,
            4..=6 => r.between(45_000, 180_000) * 1_000 + r.between(0, 999),
            _ => r.between(200_000, 9_000_000) * 1_000 + r.between(0, 999_999),
        };
        let number =
            format!("{:03}/{}/SPK/PPK-{}/{}", r.between(1, 900), word(i % 48), i % 97 + 1, 2020 + ordered / 365);
        let id = format!("P{i:07}");
        left.write_record([
            &id,
            &name,
            &number,
            &gross.to_string(),
            &vendor.name,
            &vendor.npwp,
            &day(ordered),
            &agency,
        ])?;
        let registered = if r.percent(70) { 1 + u64::from(r.percent(2)) } else { 0 };
        for again in 0..registered {
            let id_right = format!("R{rights:07}");
            rights += 1;
            truth.write_record([&id, &id_right])?;
            let typed = if at(r, spec, 100) { names::retyped(r, &name) } else { name.to_uppercase() };
            let typed = mistyped(r, spec, &typed);
            let value = match r.below(10_000) / spec.noise.max(1) {
                0..=24 => gross * 100 / 111,
                25..=36 => (gross + 500_000) / 1_000_000 * 1_000_000,
                37..=39 => gross + gross * r.between(1, 9) / 100,
                _ => gross,
            };
            let number =
                if at(r, spec, 25) { String::new() } else { names::retyped_number(r, &number).unwrap_or_default() };
            let bare = vendor.name[4..].to_owned();
            let firm_typed = if at(r, spec, 8) { mistype(r, &bare) } else { bare };
            let late = if at(r, spec, 40) { r.between(1, 25) } else { 0 };
            let date_typed = if at(r, spec, 5) { String::new() } else { day(ordered + late + 200 * again as i64) };
            right.write_record([
                id_right.as_str(),
                &typed,
                &number,
                &value.to_string(),
                &firm_typed,
                if at(r, spec, 55) { "" } else { &vendor.npwp },
                &date_typed,
                if at(r, spec, 15) { "" } else { &agency },
            ])?;
        }
        // Works of others: private sites and other cities.
        if r.percent(8) {
            let other = firm(spec.seed ^ 77, r.below(pools.firms));
            right.write_record([
                &format!("X{i:07}"),
                &works_name(r, &pools).to_uppercase(),
                "",
                &(r.between(45_000, 900_000) * 1_000).to_string(),
                &other.name[4..],
                &other.npwp,
                &day(r.between(0, 1_800)),
                "",
            ])?;
        }
    }
    left.flush()?;
    right.flush()?;
    truth.flush()?;
    Ok(vec![left_path, right_path, truth_path])
}

/// A slip of the finger somewhere in a text: a letter left out, doubled, replaced or exchanged.
fn mistype(r: &mut Random, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1)).filter(|i| letters[*i].is_alphanumeric()).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let at = *r.pick(&places);
    match r.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 if letters[at].is_ascii_digit() => letters[at] = char::from(b'0' + r.below(10) as u8),
        2 => letters[at] = char::from(b'a' + r.below(26) as u8),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

fn mistyped(r: &mut Random, spec: &TablesSpec, text: &str) -> String {
    if at(r, spec, 6) { mistype(r, text) } else { text.to_owned() }
}

fn persons(spec: &TablesSpec, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let head = ["name", "nik", "birth_date", "sex", "birth_place", "address", "phone"];
    let with = |id: &'static str| std::iter::once(id).chain(head).collect::<Vec<_>>();
    let (left_path, mut left) = writer(folder, "left.csv", &with("member"))?;
    let (right_path, mut right) = writer(folder, "right.csv", &with("row"))?;
    let (truth_path, mut truth) = writer(folder, "truth.csv", &["left_id", "right_id"])?;
    let (firsts, lasts) = (200 + spec.rows / 250, 400 + spec.rows / 60);
    let (towns, streets) = (30 + spec.rows / 2_000, 100 + spec.rows / 40);
    let mut rights = 0u64;
    for i in 0..spec.rows {
        let r = &mut Random::new(spec.seed, 3 << 40 | i);
        let mut name = capital(&word(skewed(r, firsts)));
        for _ in 0..[0, 1, 1, 1, 2][r.below(5) as usize] {
            name = format!("{name} {}", capital(&word(50 + skewed(r, lasts))));
        }
        if r.percent(4) {
            name = format!("Muhammad {name}");
        }
        let woman = r.percent(12);
        let (year, month, date) = (r.between(1_962, 2_006), r.between(1, 12), r.between(1, 28));
        let district = 1 + skewed(r, towns);
        let nik = format!(
            "99{:02}{:02}{:02}{month:02}{:02}{:04}",
            district / 90 % 90 + 1,
            district % 90 + 1,
            if woman { date + 40 } else { date },
            year % 100,
            r.between(1, 9_999)
        );
        let birth = format!("{year}-{month:02}-{date:02}");
        let town = capital(&word(30_000 + district));
        let address = format!("Jl. {} No. {}", capital(&word(100 + skewed(r, streets))), r.between(1, 240));
        let phone = format!("08{:010}", r.below(10_000_000_000));
        let sex = if woman { "P" } else { "L" };
        let id = format!("M{i:07}");
        left.write_record([&id, &name, &nik, &birth, sex, &town, &address, &phone])?;
        if !r.percent(75) {
            continue;
        }
        let id_right = format!("T{rights:07}");
        rights += 1;
        truth.write_record([&id, &id_right])?;
        let mut typed = name.clone();
        if at(r, spec, 10) {
            // Only the first name and an initial, or the last name first.
            let parts: Vec<&str> = name.split(' ').collect();
            typed = match parts.as_slice() {
                [a, b, ..] if r.percent(50) => format!("{a} {}.", &b[..1]),
                [a, b] => format!("{b} {a}"),
                _ => typed,
            };
        }
        typed = typed.replace("Muhammad", ["Muhammad", "Moh.", "M.", "Mochamad"][r.below(4) as usize]);
        for _ in 0..2 {
            typed = if at(r, spec, 9) { mistype(r, &typed) } else { typed };
        }
        if r.percent(30) {
            typed = typed.to_uppercase();
        }
        let nik_typed = match r.below(10_000) / spec.noise.max(1) {
            0..=17 => String::new(),
            18..=24 => mistype(r, &nik),
            25..=28 => format!("'{nik}"),
            29..=31 => format!("{}E+15", &nik[..4]),
            _ => nik,
        };
        let birth_typed = match r.below(10_000) / spec.noise.max(1) {
            0..=5 => String::new(),
            6..=10 => format!("{year}-{month:02}-{:02}", (date + 8) % 28 + 1),
            11..=13 if date <= 12 => format!("{year}-{date:02}-{month:02}"),
            _ => birth,
        };
        let other_sex = if woman { "L" } else { "P" };
        let address_typed = match r.below(10_000) / spec.noise.max(1) {
            0..=24 => String::new(),
            25..=39 => format!("Jl. {} No. {}", capital(&word(100 + skewed(r, streets))), r.between(1, 240)),
            _ => mistyped(r, spec, &address),
        };
        right.write_record([
            id_right.as_str(),
            &typed,
            &nik_typed,
            &birth_typed,
            if at(r, spec, 2) { other_sex } else { sex },
            if at(r, spec, 20) { "" } else { &town },
            &address_typed,
            if at(r, spec, 45) { "" } else { &phone },
        ])?;
    }
    left.flush()?;
    right.flush()?;
    truth.flush()?;
    Ok(vec![left_path, right_path, truth_path])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_all_different() {
        let words: std::collections::BTreeSet<String> = (100..20_100).map(word).collect();
        assert!(words.len() > 19_000, "{}", words.len());
    }
}
