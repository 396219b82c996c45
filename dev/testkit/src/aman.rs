//! Vulnerable workers, who covers them, and the account gifts go to, as offices and banks write them. With the mess: people in two groups, damaged
//! numbers, somebody dead who is still paid for, a driver who was hired by a firm, a statement that says nothing about whose a transfer is.

use crate::names;
use crate::random::Random;
use crate::roster::{Worker, crew};
use crate::write::{csv_file, office_sheet};
use jiff::civil::Date;
use kernel::date::add_days;
use kernel::money::grouped;
use std::io;
use std::path::{Path, PathBuf};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct AmanSpec {
    /// The same seed makes the same bytes.
    pub seed: u64,
    /// People on lists.
    pub people: usize,
    /// Donors who transfer.
    pub donors: usize,
    /// The day as of which the lists are written.
    pub as_of: Date,
}

/// What is true of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AmanTruth {
    /// Files.
    pub files: Vec<PathBuf>,
    /// People, each once.
    pub people: usize,
    /// People on lists of two groups.
    pub in_two: usize,
    /// Of these, people whose number is damaged: nobody can tell that they are one.
    pub apart: usize,
    /// People with a damaged or missing number.
    pub damaged: usize,
    /// People paid for after their death.
    pub after_death: usize,
    /// People paid for while a firm covers them.
    pub waged: usize,
    /// Rupiah on the account at the end.
    pub balance: i64,
    /// Lines of the statement.
    pub lines: usize,
}

/// Groups as lists write them, more of some than of others.
const GROUPS: [(&str, u64); 8] = [
    ("RT", 30),
    ("RW", 10),
    ("Guru Ngaji", 18),
    ("KADER POSYANDU", 14),
    ("Pemulung", 8),
    ("Pengemudi ojek", 12),
    ("Petani", 5),
    ("Penggali Kubur", 3),
];

const DISTRICTS: [&str; 5] = ["RANTAU ULU", "Rantau Hilir", "MUARA TEDUH", "Teluk Sentosa", "BUKIT INDAH"];

const HEADER: [&str; 13] = [
    "No",
    "Kelompok",
    "Nomor SK",
    "Nama Lengkap",
    "NIK",
    "Tanggal Lahir",
    "Alamat",
    "Kecamatan",
    "Pekerjaan",
    "Desil",
    "Terdaftar Sejak",
    "Sampai",
    "Meninggal",
];

fn dmy(day: Date) -> String {
    format!("{:02}-{:02}-{}", day.day(), day.month(), day.year())
}

fn group<'a>(r: &mut Random) -> &'a str {
    let weights: Vec<u64> = GROUPS.iter().map(|g| g.1).collect();
    GROUPS[r.weighted(&weights)].0
}

/// Makes the three files.
///
/// # Errors
/// Of the disk.
pub fn generate(spec: &AmanSpec, folder: &Path) -> io::Result<AmanTruth> {
    let mut truth = AmanTruth { people: spec.people, ..AmanTruth::default() };
    let workers = crew(spec.seed ^ 0xA3A4, spec.people);
    let since = add_days(spec.as_of, -330).unwrap_or(spec.as_of);
    let (mut rows, mut covers) = (Vec::new(), Vec::new());
    for (i, w) in workers.iter().enumerate() {
        let mut r = Random::new(spec.seed, 0xA3A4_0000 + i as u64);
        let groups = [group(&mut r), "Guru Ngaji"];
        let two = r.percent(4) && groups[0] != groups[1];
        truth.in_two += usize::from(two);
        let damaged = r.percent(3);
        truth.damaged += usize::from(damaged);
        truth.apart += usize::from(damaged && two);
        let died = r.percent(2).then(|| add_days(spec.as_of, -(r.between(10, 60) as i32)).unwrap_or(spec.as_of));
        for name in groups.iter().take(if two { 2 } else { 1 }) {
            rows.push(listed(&mut r, w, name, (damaged, died), since, rows.len() + 1));
        }
        if !damaged {
            cover(&mut r, w, died, spec.as_of, (&mut covers, &mut truth));
        }
    }
    truth.files.push(office_sheet(folder, "KOTA-BUATAN-pekerja-rentan", "DATA PEKERJA RENTAN", &HEADER, &rows)?);
    truth.files.push(others(folder, &covers)?);
    let account = statement(spec, folder, &mut truth)?;
    truth.files.push(account);
    Ok(truth)
}

fn listed(
    r: &mut Random,
    w: &Worker,
    group: &str,
    (damaged, died): (bool, Option<Date>),
    since: Date,
    number: usize,
) -> Vec<String> {
    let nik = match (damaged, r.below(6)) {
        (true, _) => w.nik[..15].to_owned(),
        (false, 0) => format!("'{}", w.nik),
        (false, _) => w.nik.clone(),
    };
    let decile = if r.percent(70) { r.between(1, 6).to_string() } else { String::new() };
    vec![
        number.to_string(),
        group.to_owned(),
        format!("SK LURAH {}/2026", 3 + number % 14),
        w.name.clone(),
        nik,
        dmy(w.birth),
        w.address.clone(),
        DISTRICTS[number % DISTRICTS.len()].to_owned(),
        group.to_uppercase(),
        decile,
        dmy(since),
        String::new(),
        died.map(dmy).unwrap_or_default(),
    ]
}

fn cover(
    r: &mut Random,
    w: &Worker,
    died: Option<Date>,
    as_of: Date,
    (out, truth): (&mut Vec<[String; 7]>, &mut AmanTruth),
) {
    let month = |n: i32| as_of.first_of_month().saturating_add(jiff::Span::new().months(n));
    let line = |payer: &str, by: &str, from: Date, to: Option<Date>| {
        [
            payer.to_owned(),
            by.to_owned(),
            w.nik.clone(),
            w.name.clone(),
            dmy(w.birth),
            dmy(from),
            to.map(dmy).unwrap_or_default(),
        ]
    };
    match r.below(20) {
        // The city's budget pays until the end of the year.
        0..=6 => {
            out.push(line("anggaran", "APBD KOTA BUATAN", month(-8), Some(month(1).last_of_month())));
            truth.after_death += usize::from(died.is_some());
            if died.is_none() && r.percent(6) {
                truth.waged += 1;
                out.push(line("perusahaan", "PT MAJU REKAAN", month(-2), None));
            }
        }
        // Each hung on one person's memory: most of these ended.
        7..=8 => {
            let end = month(-(r.between(1, 5) as i32)).last_of_month();
            out.push(line("donatur", "ASN DINAS PENDIDIKAN", month(-9), Some(end)));
            truth.after_death += usize::from(died.is_some_and(|d| d < end));
        }
        9 => out.push(line("mandiri", "", month(-6), None)),
        _ => {}
    }
}

fn others(folder: &Path, rows: &[[String; 7]]) -> io::Result<PathBuf> {
    let path = folder.join("KOTA-BUATAN-peserta-lain.csv");
    let header =
        ["segmen", "nama_pembayar", "nik", "nama_peserta", "tgl_lahir", "mulai_kepesertaan", "akhir_kepesertaan"];
    let mut writer = csv_file(&path, b';', &header)?;
    for row in rows {
        writer.write_record(row).map_err(io::Error::other)?;
    }
    writer.flush()?;
    Ok(path)
}

/// What banks print of a transfer, with a name cut to sixteen letters and now and then none.
fn narration(r: &mut Random, name: &str) -> String {
    let cut: String = name.to_uppercase().chars().take(16).collect();
    match r.below(5) {
        0 => format!("TRSF E-BANKING CR {:04}/FTSCY/WS95031 {cut}", r.between(101, 1_231)),
        1 => format!("BI-FAST CR TRANSFER DR 014 {cut}"),
        2 => format!("KR OTOMATIS {cut} BERSAMA AMAN"),
        3 => format!("SETORAN TUNAI {cut}"),
        _ => "SETORAN VIA CDM".to_owned(),
    }
}

fn statement(spec: &AmanSpec, folder: &Path, truth: &mut AmanTruth) -> io::Result<PathBuf> {
    let path = folder.join("KOTA-BUATAN-rekening-koran.csv");
    let header = ["Tanggal", "Keterangan", "Jumlah", "DB/CR", "Saldo", "No. Referensi"];
    let mut writer = csv_file(&path, b',', &header)?;
    let mut r = Random::new(spec.seed, 0xBA4C);
    let mut balance = 2_750_000i64;
    let names: Vec<String> = (0..spec.donors).map(|_| names::person(&mut r)).collect();
    let first = spec.as_of.first_of_month().saturating_sub(jiff::Span::new().months(5));
    for month in 0..6 {
        let month = first.saturating_add(jiff::Span::new().months(month));
        let mut lines: Vec<(Date, String, i64)> = Vec::new();
        for name in &names {
            // Some forget, as people do.
            if r.percent(82) {
                let day = add_days(month, r.between(0, 26) as i32).unwrap_or(month);
                lines.push((
                    day,
                    narration(&mut r, name),
                    [25_000, 50_000, 100_000, 201_600][r.weighted(&[3, 4, 2, 1])],
                ));
            }
        }
        lines.push((month.last_of_month(), "BUNGA".to_owned(), r.between(700, 1_900)));
        lines.push((month.last_of_month(), "BIAYA ADM".to_owned(), -7_500));
        lines.sort_by_key(|l| l.0);
        for (day, text, amount) in lines.into_iter().filter(|l| l.0 <= spec.as_of) {
            balance += amount;
            truth.lines += 1;
            let way = if amount > 0 { "CR" } else { "DB" };
            let reference = format!("FT{:02}{:03}{:05}", day.year() % 100, day.day_of_year(), truth.lines);
            let money = |n: i64| format!("{}.00", grouped(n.abs(), ','));
            writer
                .write_record([&day.to_string(), &text, &money(amount), way, &money(balance), &reference])
                .map_err(io::Error::other)?;
        }
    }
    truth.balance = balance;
    writer.flush()?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_bytes() {
        let spec = AmanSpec { seed: 5, people: 120, donors: 8, as_of: jiff::civil::date(2026, 11, 20) };
        let made = |name: &str| {
            let folder = std::env::temp_dir().join(format!("aman-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let truth = generate(&spec, &folder).unwrap();
            let csv: Vec<Vec<u8>> = truth.files[1..].iter().map(|f| std::fs::read(f).unwrap()).collect();
            std::fs::remove_dir_all(&folder).unwrap();
            (csv, truth.in_two, truth.balance, truth.damaged, truth.after_death)
        };
        let (a, b) = (made("a"), made("b"));
        assert_eq!(a, b);
        assert!(a.1 > 0 && a.3 > 0 && a.4 > 0, "{a:?}");
    }
}
