//! Lists of workers as contractors write them: one sheet, place and day of birth in one cell, numbers with an apostrophe or kept as
//! numbers, titles in names, a total and a signature below.

use crate::names;
use crate::random::Random;
use crate::write::office_sheet;
use jiff::civil::Date;
use kernel::date::add_days;
use kernel::money::grouped;
use std::io;
use std::path::{Path, PathBuf};

/// A made-up worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Name without titles.
    pub name: String,
    /// Sixteen digits that agree with birth and sex, of a province that does not exist.
    pub nik: String,
    /// Day of birth.
    pub birth: Date,
    /// Place of birth.
    pub place: String,
    /// `L` or `P`.
    pub sex: char,
    /// Address.
    pub address: String,
    /// Trade.
    pub trade: String,
    /// Rupiah a day.
    pub wage: i64,
}

/// Towns people are born in.
const TOWNS: [&str; 8] = [
    "RANTAU BUATAN",
    "Muara Contoh",
    "KOTA BUATAN",
    "Sungai Rekaan",
    "TANJUNG ANGAN",
    "Bukit Umpama",
    "LUBUK TIRUAN",
    "Pulau Misal",
];

/// Streets people live in.
const STREETS: [&str; 6] = ["JL. KENANGA", "Jl. Melati", "GG. DAHLIA", "Jl. Pelita", "JL. RAMBUTAN", "Gg. Sepakat"];

/// Workers of a seed; no number twice, and about one name in twenty is somebody else's too.
pub fn crew(seed: u64, count: usize) -> Vec<Worker> {
    (0..count as u64).map(|i| worker(seed, i)).collect()
}

fn worker(seed: u64, i: u64) -> Worker {
    let mut r = Random::new(seed, 0x9057_0000 + i);
    let epoch = jiff::civil::date(1966, 1, 1);
    let birth = add_days(epoch, r.between(0, 14_000) as i32).unwrap_or(epoch);
    let sex = if r.percent(7) { 'P' } else { 'L' };
    let day = i64::from(birth.day()) + if sex == 'P' { 40 } else { 0 };
    let nik = format!(
        "9971{:02}{day:02}{:02}{:02}{:04}",
        r.between(1, 9),
        birth.month(),
        birth.year().rem_euclid(100),
        i % 9_999 + 1
    );
    Worker {
        name: names::person(&mut r).to_uppercase(),
        nik,
        birth,
        place: (*r.pick(&TOWNS)).to_owned(),
        sex,
        address: address(&mut r, i as usize),
        trade: (*r.pick(&names::TRADES)).to_owned(),
        wage: r.between(22, 42) * 5_000,
    }
}

/// An address as people write them: most name the village, a few one of another regency, some none. Told by the number of the worker,
/// so that nobody else of a crew changes by it.
fn address(r: &mut Random, i: usize) -> String {
    let street = format!("{} NO. {} RT {:02}", r.pick(&STREETS), r.between(1, 90), r.between(1, 20));
    match i % 10 {
        0 | 1 => street,
        2 => format!("{street} DESA SUKA MAJU KAB. SEBERANG HULU"),
        _ => format!("{street} KEL. {}", names::village(i).to_uppercase()),
    }
}

/// What the sheet does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mess {
    /// Nothing, or what every reader must get over: an apostrophe, blanks, a title, capitals.
    Light,
    /// The number is kept as a number: its last digits are gone.
    Numeric,
    /// A digit of the number is missing.
    Short,
}

/// The header contractors use.
const HEADER: [&str; 9] =
    ["No", "Nama", "NIK", "Tempat/Tanggal Lahir", "L/P", "Alamat", "Pekerjaan", "Status", "Upah/Hari"];

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// Writes a list; the answer is its path and what was done to each line. The same people under the same seed are written the same.
///
/// # Errors
/// Of the disk.
pub fn sheet(folder: &Path, name: &str, seed: u64, workers: &[Worker], mess: bool) -> io::Result<(PathBuf, Vec<Mess>)> {
    let mut done = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (i, w) in workers.iter().enumerate() {
        // By the person, not by the line: a list without somebody writes the others as before.
        let mut r = Random::new(seed, w.nik.bytes().fold(7, |n, b| n * 31 % 1_000_003 + u64::from(b)));
        let what = match r.below(100) {
            0..=2 if mess => Mess::Numeric,
            3..=4 if mess => Mess::Short,
            _ => Mess::Light,
        };
        let nik = match (what, r.below(10)) {
            (Mess::Numeric, _) => format!("#{}", w.nik),
            (Mess::Short, _) => w.nik[..15].to_owned(),
            (Mess::Light, 0..=3) => format!("'{}", w.nik),
            (Mess::Light, 4) => format!("{} {} {}", &w.nik[..6], &w.nik[6..12], &w.nik[12..]),
            _ => w.nik.clone(),
        };
        let shown = match r.below(12) {
            0 => format!("H. {}", w.name),
            1 => format!("Bpk. {}", w.name),
            2 => w.name.to_lowercase(),
            _ => w.name.clone(),
        };
        let month = MONTHS[usize::try_from(w.birth.month() - 1).unwrap_or(0)];
        let birth = match r.below(3) {
            0 => format!("{}, {:02}-{:02}-{}", w.place, w.birth.day(), w.birth.month(), w.birth.year()),
            1 => format!("{}/{:02}/{:02}/{}", w.place, w.birth.day(), w.birth.month(), w.birth.year()),
            _ => format!("{} {} {month} {}", w.place, w.birth.day(), w.birth.year()),
        };
        rows.push(vec![
            (i + 1).to_string(),
            shown,
            nik,
            birth,
            w.sex.to_string(),
            w.address.clone(),
            w.trade.clone(),
            if r.percent(80) { "Harian" } else { "Borongan" }.to_owned(),
            format!("Rp {}", grouped(w.wage, '.')),
        ]);
        done.push(what);
    }
    let total: i64 = workers.iter().map(|w| w.wage).sum();
    let mut sum = vec![String::new(); HEADER.len()];
    sum[1] = "JUMLAH".to_owned();
    sum[8] = format!("Rp {}", grouped(total, '.'));
    rows.push(sum);
    let path = office_sheet(folder, name, "DAFTAR TENAGA KERJA", &HEADER, &rows)?;
    Ok((path, done))
}
