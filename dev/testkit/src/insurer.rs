//! The insurer's side of a made-up world, laid over contracts: registrations retyped by
//! contractors, letters, payments, rosters, and the truth about all of it.

use crate::names;
use crate::random::Random;
use crate::truth::{Cover, Truth, deadline};
use crate::write::{csv_file, office_sheet};
use jiff::civil::Date;
use kernel::date::add_days;
use kernel::money::{Rounding, grouped};
use kernel::{Exact, Rupiah};
use law::Law;
use std::io;
use std::path::{Path, PathBuf};

/// A contract to lay registrations over.
#[derive(Debug, Clone)]
pub struct ContractSeed {
    /// Payung's project code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Office.
    pub agency: String,
    /// Number.
    pub number: Option<String>,
    /// Day of the order.
    pub order: Date,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Value with tax, addenda included.
    pub value: Exact,
    /// Vendor.
    pub vendor: String,
    /// Vendor's number.
    pub npwp: Option<String>,
    /// A consultant's contract.
    pub consultant: bool,
    /// Days with physical progress.
    pub progress: Vec<Date>,
    /// Days of payments.
    pub payments: Vec<Date>,
}

/// How a contractor behaved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behaviour {
    Never,
    OnTime,
    Instalments,
    InstalmentsOverdue,
    Late,
    AtCashIn,
    Unpaid,
    Underpaid,
    UnderDeclared,
    PeriodShort,
    Duplicate,
}

/// Behaviours and their weights: most contracts are never registered, as in 2025 nationwide.
const BEHAVIOURS: [(Behaviour, u64); 11] = [
    (Behaviour::Never, 46),
    (Behaviour::OnTime, 20),
    (Behaviour::Instalments, 6),
    (Behaviour::InstalmentsOverdue, 3),
    (Behaviour::Late, 8),
    (Behaviour::AtCashIn, 5),
    (Behaviour::Unpaid, 3),
    (Behaviour::Underpaid, 2),
    (Behaviour::UnderDeclared, 3),
    (Behaviour::PeriodShort, 2),
    (Behaviour::Duplicate, 2),
];

/// The insurer's lists while they are written.
pub struct Insurer {
    seed: u64,
    as_of: Date,
    serial: u64,
    registrations: Vec<Vec<String>>,
    determinations: Vec<Vec<String>>,
    payments: Vec<Vec<String>>,
    workers: Vec<Vec<String>>,
    /// What a perfect program would say.
    pub truth: Truth,
}

const REGISTRATION_HEADER: [&str; 16] = [
    "No. Proyek",
    "Nama Proyek",
    "Alamat Proyek",
    "NPP",
    "Nama Perusahaan",
    "NPWP",
    "Pemberi Kerja",
    "No. SPK",
    "Tgl. SPK",
    "Nilai Proyek",
    "Termasuk PPN",
    "Tgl. Mulai",
    "Tgl. Selesai",
    "Akhir Pemeliharaan",
    "Jumlah Pekerja",
    "Tgl. Daftar",
];

/// How a date is typed on the insurer's lists.
fn typed(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

fn whole(amount: Exact) -> i64 {
    amount.round(Rounding::HalfUp).map_or(0, |r| r.0)
}

struct Plan {
    number: String,
    registered: Date,
    from: Date,
    until_works: Date,
    until_maintenance: Option<Date>,
    base: Exact,
    due: Rupiah,
    instalments: u32,
    paid: Vec<(Date, i64)>,
}

impl Insurer {
    /// Begins the lists of a seed, as they stood on a day.
    pub fn new(seed: u64, as_of: Date) -> Self {
        Self {
            seed,
            as_of,
            serial: 0,
            registrations: Vec::new(),
            determinations: Vec::new(),
            payments: Vec::new(),
            workers: Vec::new(),
            truth: Truth { as_of: as_of.to_string(), ..Truth::default() },
        }
    }

    fn number(&mut self) -> String {
        self.serial += 1;
        format!(
            "{:02}{:011}",
            self.as_of.year() % 100,
            90_000_000_000u64 / 10 + self.seed % 1000 * 1_000_000 + self.serial
        )
    }

    /// Lays whatever the contractor did over one contract.
    pub fn lay(&mut self, c: &ContractSeed, stream: u64) {
        let mut r = Random::new(self.seed, 0x0A11_0000 + stream);
        let Some(deadline) = deadline(c.order) else { return };
        let weights: Vec<u64> = BEHAVIOURS.iter().map(|b| b.1).collect();
        let mut behaviour = BEHAVIOURS[r.weighted(&weights)].0;
        if behaviour == Behaviour::AtCashIn && c.progress.is_empty() && c.payments.is_empty() {
            behaviour = Behaviour::Late;
        }
        let mut plans = Vec::new();
        if behaviour != Behaviour::Never {
            plans.extend(self.plan(&mut r, c, behaviour, deadline));
            if behaviour == Behaviour::Duplicate && !plans.is_empty() {
                plans.extend(self.plan(&mut r, c, Behaviour::OnTime, deadline));
            }
        }
        for plan in &plans {
            self.write(&mut r, c, plan);
        }
        self.record(c, &plans, deadline);
    }

    fn plan(&mut self, r: &mut Random, c: &ContractSeed, b: Behaviour, deadline: Date) -> Option<Plan> {
        let registered = match b {
            Behaviour::Late => add_days(deadline, r.between(1, 25) as i32)?,
            Behaviour::AtCashIn => {
                let first = c.progress.iter().chain(&c.payments).min()?;
                add_days((*first).max(deadline), r.between(1, 4) as i32)?
            }
            _ => add_days(c.order, r.between(0, 9) as i32)?.min(deadline),
        };
        // The lists stand as of a day: what comes later is not on them.
        if registered > self.as_of {
            return None;
        }
        let law = Law::builtin().at(c.order);
        let (rate, _) = law::contribution::ppn_rate(&law).ok()?;
        let declared = match b {
            Behaviour::UnderDeclared => c.value.at_ppm(r.between(350_000, 800_000)),
            _ if r.percent(15) => Exact::whole(whole(c.value) / 1000 * 1000),
            _ => c.value,
        };
        let base = declared.without_tax(rate);
        let due = law::contribution::by_contract_value(base, &law).ok()?.total;
        let instalments = if matches!(b, Behaviour::Instalments | Behaviour::InstalmentsOverdue) { 3 } else { 1 };
        let parts: Vec<i64> = if instalments == 3 {
            law::contribution::instalments(due, &law).ok()?.iter().map(|p| p.0).collect()
        } else {
            vec![due.0]
        };
        let first_paid = add_days(registered, r.between(0, 6) as i32)?;
        let mut paid = match b {
            Behaviour::Unpaid => Vec::new(),
            Behaviour::Underpaid => vec![(first_paid, due.0 * 7 / 10)],
            Behaviour::Instalments => {
                let step = i32::try_from(kernel::date::days_inclusive(c.start, c.end)).ok()? / 3;
                parts
                    .iter()
                    .enumerate()
                    .filter_map(|(i, p)| {
                        add_days(first_paid, step * i as i32).map(|d| (d.min(c.end.max(first_paid)), *p))
                    })
                    .collect()
            }
            _ => vec![(first_paid, parts[0])],
        };
        paid.retain(|(d, amount)| *d <= self.as_of && *amount > 0);
        let short = b == Behaviour::PeriodShort && kernel::date::days_inclusive(c.start, c.end) > 12;
        let until_works = if short { add_days(c.end, -(r.between(5, 10) as i32))? } else { c.end };
        let until_maintenance = if short || r.percent(30) { None } else { add_days(c.end, 180) };
        Some(Plan {
            number: self.number(),
            registered,
            from: c.start,
            until_works,
            until_maintenance,
            base,
            due,
            instalments,
            paid,
        })
    }

    fn write(&mut self, r: &mut Random, c: &ContractSeed, p: &Plan) {
        let law = Law::builtin().at(c.order);
        let rate = law::contribution::ppn_rate(&law).map_or(0, |x| x.0);
        // Contractors write the value with tax, without, or rounded, and rarely say which.
        let gross = p.base + p.base.at_ppm(rate);
        let (value, says) = match r.below(10) {
            0..=4 => (whole(gross), if r.percent(30) { "ya" } else { "" }),
            5..=7 => (whole(p.base), if r.percent(50) { "tidak" } else { "" }),
            _ => (whole(gross) / 1000 * 1000, ""),
        };
        let heads = r.between(4, 24);
        let number = c.number.as_deref().and_then(|n| names::retyped_number(r, n)).unwrap_or_default();
        let maintenance = p.until_maintenance.map(typed).unwrap_or_default();
        let office = if r.percent(70) { c.agency.clone() } else { String::new() };
        let firm = bare_firm(&c.vendor).to_uppercase();
        let npwp = c.npwp.clone().filter(|_| r.percent(35)).unwrap_or_default();
        let order = if r.percent(85) { typed(c.order) } else { String::new() };
        self.registrations.push(vec![
            p.number.clone(),
            names::retyped(r, &c.name),
            if r.percent(50) { "KOTA RANTAU BUATAN".into() } else { String::new() },
            format!("{:02}{:06}", r.between(19, 26), r.below(999_999)),
            firm,
            npwp,
            office,
            number,
            order,
            grouped(value, '.'),
            says.to_owned(),
            typed(p.from),
            typed(p.until_works),
            maintenance.clone(),
            heads.to_string(),
            typed(p.registered),
        ]);
        let cents = whole((p.base - Exact::whole(floor(p.base))) * 100).min(99);
        self.determinations.push(vec![
            p.number.clone(),
            format!("63{:02}{:02}{:06}", p.registered.year() % 100, p.registered.month(), self.serial % 1_000_000),
            typed(p.registered),
            format!("{},00", grouped(whole(gross), '.')),
            format!("{},{cents:02}", grouped(floor(p.base), '.')),
            typed(p.from),
            typed(p.until_works),
            maintenance,
            heads.to_string(),
            format!("{},00", grouped(p.due.0, '.')),
            p.instalments.to_string(),
        ]);
        for (i, (day, amount)) in p.paid.iter().enumerate() {
            self.payments.push(vec![
                p.number.clone(),
                format!(
                    "9{:02}{:02}{:02}{:06}{:02}",
                    day.year() % 100,
                    day.month(),
                    day.day(),
                    self.serial % 1_000_000,
                    i
                ),
                (i + 1).to_string(),
                format!("Rp {}.00", grouped(*amount, ',')),
                format!("{:02}-{}-{}", day.day(), MONTHS[usize::try_from(day.month() - 1).unwrap_or(0)], day.year()),
            ]);
        }
        if r.percent(60) {
            self.roster(r, p, heads.min(14));
        }
    }

    fn roster(&mut self, r: &mut Random, p: &Plan, heads: i64) {
        for i in 0..heads {
            let late_join = r.percent(20);
            let joined = if late_join { add_days(p.from, r.between(5, 30) as i32).unwrap_or(p.from) } else { p.from };
            let reported =
                if late_join { add_days(joined, r.between(0, 50) as i32).unwrap_or(joined) } else { p.registered };
            if joined > self.as_of || reported > self.as_of {
                continue;
            }
            let nik = names::nik(r, self.serial * 32 + i as u64);
            // Some lists keep the number as a number, and lose its last digit.
            let nik = if r.percent(3) { format!("#{nik}") } else { nik };
            self.workers.push(vec![
                (i + 1).to_string(),
                p.number.clone(),
                nik,
                names::person(r),
                (*r.pick(&names::TRADES)).to_owned(),
                if r.percent(70) { "harian" } else { "borongan" }.to_owned(),
                grouped(r.between(110, 210) * 1000, '.'),
                typed(joined),
                typed(reported),
            ]);
        }
    }

    /// What a perfect program would find, from the facts alone.
    fn record(&mut self, c: &ContractSeed, plans: &[Plan], deadline: Date) {
        let covers: Vec<Cover> = plans
            .iter()
            .map(|p| {
                let law = Law::builtin().at(c.order);
                let first = if p.instalments == 1 {
                    p.due.0
                } else {
                    law::contribution::instalments(p.due, &law).map_or(0, |x| x[0].0)
                };
                let mut sum = 0;
                let paid = p.paid.iter().find_map(|(day, amount)| {
                    sum += amount;
                    (sum >= first).then_some(*day)
                });
                Cover {
                    registered: p.registered,
                    paid,
                    from: p.from,
                    until: p.until_maintenance.unwrap_or(p.until_works).max(p.until_works),
                }
            })
            .collect();
        self.truth.count_spans(&c.code, c.start, c.end, c.order, &covers, self.as_of);
        for p in plans {
            self.truth.links.push((p.number.clone(), c.code.clone()));
        }
        let truth = &mut self.truth;
        let Some(first) = plans.iter().map(|p| p.registered).min() else {
            if self.as_of > deadline {
                truth.find(if c.consultant { "consultant-not-registered" } else { "not-registered" }, &c.code);
            }
            return;
        };
        if first > deadline {
            truth.find("registered-late", &c.code);
        }
        let near = |p: &Date| i64::from((*p - first).get_days()).abs() <= 14 && *p <= self.as_of;
        if c.progress.iter().any(|d| *d < first) || (first > deadline && c.payments.iter().any(near)) {
            truth.find("registered-at-cash-in", &c.code);
        }
        for p in plans {
            let total: i64 = p.paid.iter().map(|x| x.1).sum();
            if total == 0 && self.as_of > p.registered {
                truth.find("contribution-unpaid", &c.code);
            } else if total > 0 && total < p.due.0 {
                if p.instalments == 1 {
                    truth.find("contribution-underpaid", &c.code);
                } else if self.as_of > p.until_works {
                    truth.find("instalment-overdue", &c.code);
                }
            }
        }
        let law = Law::builtin().at(c.order);
        if let (Ok((rate, _)), Some(best)) = (law::contribution::ppn_rate(&law), plans.iter().map(|p| p.base).max()) {
            let net = c.value.without_tax(rate);
            // Letters print two decimals; half a percent is far above that.
            if best < net - net.at_ppm(5_000) {
                truth.find("value-under-declared", &c.code);
            }
        }
        if covers.iter().map(|x| x.until).max().is_some_and(|u| u < c.end) {
            truth.find("period-too-short", &c.code);
        }
        if plans.len() > 1 {
            truth.find("registration-duplicate", &c.code);
        }
    }

    /// Registrations of works that are not the city's: they must stay unmatched.
    pub fn strangers(&mut self, count: u64) {
        for i in 0..count {
            let mut r = Random::new(self.seed, 0x57A0_0000 + i);
            let number = self.number();
            let start = add_days(self.as_of, -(r.between(20, 200) as i32)).unwrap_or(self.as_of);
            let end = add_days(start, 120).unwrap_or(start);
            let value = r.between(300, 9_000) * 1_234_567;
            let what = *r.pick(&["RUKO", "GUDANG PUPUK", "PERUMAHAN", "PABRIK TEPUNG", "HOTEL", "KEBUN SAWIT"]);
            self.registrations.push(vec![
                number.clone(),
                format!(
                    "PEMBANGUNAN {what} {} UNIT MILIK SWASTA PT {}",
                    r.between(2, 40),
                    names::firm(self.seed ^ 77, i).bare
                ),
                String::new(),
                format!("{:02}{:06}", r.between(19, 26), r.below(999_999)),
                format!("SWASTA {} NIAGATAMA {i}", names::firm(self.seed ^ 99, i).bare),
                String::new(),
                String::new(),
                format!("{}/PRIV/{}", r.between(1000, 9999), start.year()),
                typed(start),
                grouped(value, '.'),
                String::new(),
                typed(start),
                typed(end),
                String::new(),
                r.between(5, 60).to_string(),
                typed(start),
            ]);
            self.truth.find("registration-unmatched", &number);
        }
    }

    /// Writes the lists and the truth.
    ///
    /// # Errors
    /// Of the disk.
    pub fn finish(mut self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = vec![office_sheet(
            folder,
            "KOTA-BUATAN-jakon-pendaftaran",
            "DAFTAR PENDAFTARAN PROYEK JASA KONSTRUKSI",
            &REGISTRATION_HEADER,
            &self.registrations,
        )?];
        let path = folder.join("KOTA-BUATAN-jakon-penetapan.csv");
        let mut out = csv_file(
            &path,
            b';',
            &[
                "No. Proyek",
                "Kode Penetapan Iuran",
                "Tanggal Surat",
                "Nilai Proyek",
                "Dasar Perhitungan Iuran",
                "Masa Kontrak Mulai",
                "Masa Kontrak Selesai",
                "Masa Pemeliharaan Selesai",
                "Jumlah Pekerja",
                "Jumlah Iuran",
                "Jumlah Termin",
            ],
        )?;
        for row in &self.determinations {
            out.write_record(row).map_err(io::Error::other)?;
        }
        out.flush()?;
        files.push(path);
        let path = folder.join("KOTA-BUATAN-jakon-iuran.csv");
        let mut out = csv_file(&path, b',', &["No. Proyek", "Nomor Kwitansi", "Termin", "Sebesar", "Tgl Terima"])?;
        for row in &self.payments {
            out.write_record(row).map_err(io::Error::other)?;
        }
        out.flush()?;
        files.push(path);
        files.push(office_sheet(
            folder,
            "KOTA-BUATAN-jakon-pekerja",
            "DAFTAR TENAGA KERJA PROYEK",
            &["No", "No. Proyek", "NIK", "Nama", "Jabatan", "Jenis Upah", "Upah", "Mulai Bekerja", "Tgl. Lapor"],
            &self.workers,
        )?);
        self.truth.sort();
        let path = folder.join("truth.json");
        let out = io::BufWriter::new(std::fs::File::create(&path)?);
        serde_json::to_writer(out, &self.truth).map_err(io::Error::from)?;
        Ok(files)
    }
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

fn floor(amount: Exact) -> i64 {
    amount.round(Rounding::Down).map_or(0, |r| r.0)
}

/// The insurer prints names without legal form.
fn bare_firm(vendor: &str) -> String {
    let words = vendor.split(|c: char| c.is_whitespace() || c == '.' || c == ',').filter(|w| !w.is_empty());
    let bare: Vec<&str> = words.filter(|w| !matches!(w.to_lowercase().as_str(), "cv" | "pt" | "ud")).collect();
    bare.join(" ")
}
