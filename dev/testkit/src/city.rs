//! The city's own side: plans with revisions, packages, contracts, start orders, minutes, SP2D.

use crate::insurer::{ContractSeed, Insurer};
use crate::names::{self, AGENCIES};
use crate::random::Random;
use crate::write::{JsonFile, csv_file};
use jiff::civil::{Date, date};
use kernel::Exact;
use kernel::date::add_days;
use kernel::money::grouped;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// Size and seed of a city.
#[derive(Debug, Clone, Copy)]
pub struct CitySpec {
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// Packages that reached a winner.
    pub projects: u32,
    /// The day the lists stand for.
    pub as_of: Date,
}

impl Default for CitySpec {
    fn default() -> Self {
        Self { seed: 1, projects: 400, as_of: date(2026, 11, 15) }
    }
}

/// Direct-procurement limit around which values bunch, in rupiah (2022; a habit, not law here).
const BUNCH_RUPIAH: i64 = 200_000_000;
/// Durations that occur, in days.
const DURATIONS: [i32; 8] = [30, 45, 60, 75, 90, 120, 150, 180];
/// Start months by weight: start orders crowd into August to November.
const MONTH_WEIGHTS: [u64; 11] = [1, 3, 8, 10, 14, 22, 30, 150, 95, 140, 60];

struct Feeds {
    plans: JsonFile,
    revisions: JsonFile,
    announced: JsonFile,
    results: JsonFile,
    tender_values: JsonFile,
    contracts: JsonFile,
    orders: JsonFile,
    minutes: JsonFile,
    recorded: JsonFile,
    treasury: csv::Writer<std::fs::File>,
}

/// The made-up city's own layer of the law: a minimum wage, which no decree of a real governor gives it.
pub const MINIMUM_WAGE: &str = "# Kota buatan: angka ini bukan milik kota mana pun.
path: wage/minimum
values:
  - from: 2024-01-01
    readings:
      - id: kota_buatan
        default: true
        rows:
          - { code: \"99-71\", title: { id: Kota buatan, en: Made-up city }, number: 3000000 }
        citation: { instrument: Kota buatan, article: contoh }
        confidence: judgement
        checked: 2026-11-26
";

/// Writes a whole city into a folder. Returns the files to import, in order.
///
/// # Errors
/// Of the disk.
pub fn generate(spec: &CitySpec, folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    let mut feed = |name: &str| -> io::Result<JsonFile> {
        let path = folder.join(format!("KOTA-BUATAN-{name}.json.gz"));
        files.push(path.clone());
        JsonFile::create(&path)
    };
    let mut feeds = Feeds {
        plans: feed("rup-paket-penyedia")?,
        revisions: feed("rup-history-kaji-ulang")?,
        announced: feed("spse-nontender-pengumuman")?,
        results: feed("spse-nontender-selesai")?,
        tender_values: feed("spse-tender-selesai-nilai")?,
        contracts: feed("spse-ekontrak-kontrak")?,
        orders: feed("spse-ekontrak-spmkspp")?,
        minutes: feed("spse-ekontrak-bapbast")?,
        recorded: feed("spse-pencatatan-nontender")?,
        treasury: {
            let path = folder.join("KOTA-BUATAN-sp2d.csv");
            csv_file(
                &path,
                b';',
                &[
                    "nomorSp2d",
                    "tanggalSp2d",
                    "jenisSp2d",
                    "nilaiSp2d",
                    "keteranganSp2d",
                    "namaSkpd",
                    "nama_pihak_ketiga",
                    "npwp_pihak_ketiga",
                    "no_kontrak",
                ],
            )?
        },
    };
    files.push(folder.join("KOTA-BUATAN-sp2d.csv"));
    let mut insurer = Insurer::new(spec.seed, spec.as_of);
    for i in 0..u64::from(spec.projects) {
        let mut r = Random::new(spec.seed, i);
        if let Some(seed) = package(&mut r, spec, i, &mut feeds, &mut insurer)? {
            insurer.lay(&seed, i);
        }
        noise(&mut r, spec, i, &mut feeds)?;
    }
    insurer.strangers((u64::from(spec.projects) / 60).max(2));
    for file in [
        feeds.plans,
        feeds.revisions,
        feeds.announced,
        feeds.results,
        feeds.tender_values,
        feeds.contracts,
        feeds.orders,
        feeds.minutes,
        feeds.recorded,
    ] {
        file.finish()?;
    }
    feeds.treasury.flush()?;
    files.extend(insurer.finish(folder)?);
    files.push(regions(folder)?);
    Ok(files)
}

/// The city's districts and villages, as its office of government would list them.
fn regions(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join("KOTA-BUATAN-wilayah.csv");
    let mut out = csv_file(&path, b';', &["kode_wilayah", "nama_wilayah", "lintang", "bujur"])?;
    for row in names::regions() {
        out.write_record(&row).map_err(io::Error::other)?;
    }
    out.flush()?;
    Ok(path)
}

fn head(spec: &CitySpec, agency: usize) -> serde_json::Map<String, Value> {
    let (name, code) = AGENCIES[agency];
    let head = json!({
        "tahun_anggaran": spec.as_of.year(), "kd_klpd": "D999", "nama_klpd": "Kota Rantau Buatan", "jenis_klpd": "KOTA",
        "kd_satker": format!("9{agency:04}999"), "kd_satker_str": code, "nama_satker": name, "kd_lpse": 999,
    });
    match head {
        Value::Object(map) => map,
        _ => serde_json::Map::new(),
    }
}

fn with(mut head: serde_json::Map<String, Value>, more: Value) -> Value {
    if let Value::Object(more) = more {
        head.extend(more);
    }
    Value::Object(head)
}

fn value(r: &mut Random) -> (i64, i64) {
    // Two thirds bunch under the limit, the rest spread over three orders of magnitude.
    let budget = match r.below(12) {
        0..=7 => BUNCH_RUPIAH - r.between(0, 9_000_000),
        8..=9 => r.between(15, 195) * 1_000_000 + r.between(0, 999) * 1_000,
        10 => r.between(210, 2_400) * 1_000_000,
        _ => r.between(2_500, 14_000) * 1_000_000,
    };
    let share = if budget > BUNCH_RUPIAH { r.between(800, 970) } else { r.between(985, 999) };
    (budget, budget / 1000 * share / 1000 * 1000)
}

fn plan_row(
    spec: &CitySpec,
    r: &mut Random,
    agency: usize,
    rup: u64,
    name: &str,
    budget: i64,
    kind: &str,
    status: &str,
) -> Value {
    let current = status == "Terumumkan";
    with(
        head(spec, agency),
        json!({
            "kd_rup": rup, "nama_paket": name, "pagu": budget, "kd_metode_pengadaan": 8, "metode_pengadaan": "Pengadaan Langsung",
            "jenis_pengadaan": kind, "volume_pekerjaan": "1 Paket", "urarian_pekerjaan": name,
            "tgl_awal_kontrak": format!("{}-{:02}-01", spec.as_of.year(), r.between(3, 10)),
            "tgl_pengumuman_paket": format!("{}-01-{:02} 09:{:02}:00", spec.as_of.year(), r.between(3, 28), r.between(0, 59)),
            "status_aktif_rup": current, "status_delete_rup": status == "Terdelete", "status_umumkan_rup": status,
            "nip_ppk": format!("19990101{:010}", r.below(9_999_999_999)), "nama_ppk": officer(spec, agency, r),
        }),
    )
}

/// A commitment officer: an office has four.
fn officer(spec: &CitySpec, agency: usize, r: &mut Random) -> String {
    let which = names::person(r).len() as u64 % 4;
    names::person(&mut Random::new(spec.seed, 1_000_000_000 + agency as u64 * 4 + which))
}

/// One package from plan to payment. Returns its contract where one is recorded.
fn package(
    r: &mut Random,
    spec: &CitySpec,
    i: u64,
    feeds: &mut Feeds,
    insurer: &mut Insurer,
) -> io::Result<Option<ContractSeed>> {
    let year = spec.as_of.year();
    let agency = r.weighted(&[30, 18, 14, 8, 5, 4, 9, 8, 4]);
    let consultant = r.percent(14);
    let bare = names::works(r, agency);
    let bare = match (consultant, r.below(2)) {
        (true, 0) => format!("Perencanaan {bare}"),
        (true, _) => format!("Pengawasan {bare}"),
        _ => bare,
    };
    let kind = if consultant { "Jasa Konsultansi Badan Usaha Konstruksi" } else { "Pekerjaan Konstruksi" };
    let (budget, price) = value(r);
    let (budget, price) = if consultant { (budget / 10, price / 10 / 1000 * 1000) } else { (budget, price) };
    let plan_kind = if consultant { "Jasa Konsultansi" } else { kind };
    let rup = 63_000_000 + i * 4;
    let plan_name = names::wrapped(r, &bare);
    // Nearly a fifth of the plan numbers on packages are already revised.
    let revised = r.percent(19);
    let status = if revised { "Terrevisi Satu ke Satu" } else { "Terumumkan" };
    feeds.plans.row(&plan_row(spec, r, agency, rup, &plan_name, budget, plan_kind, status))?;
    if revised {
        feeds.plans.row(&plan_row(spec, r, agency, rup + 1, &plan_name, budget, plan_kind, "Terumumkan"))?;
        if r.percent(60) {
            feeds.revisions.row(&with(head(spec, agency), json!({
                "kd_rup_lama": rup, "kd_rup_baru": rup + 1, "jenis_revisi": "SATUKESATU", "jenis_paket": "PENYEDIA",
                "alasan_kajiulang": "Perubahan jadwal", "tgl_kaji_ulang": format!("{year}-05-{:02}T08:00:00Z", r.between(2, 28)),
            })))?;
        }
    }
    let tender = price > BUNCH_RUPIAH && !consultant;
    let id = 10_900_000_000 + i * 1000;
    let (system, id_field) = if tender { ("tender", "kd_tender") } else { ("nontender", "kd_nontender") };
    let code = format!("{system}:{id}");
    let month = 1 + r.weighted(&MONTH_WEIGHTS) as i8;
    let order = date(year, month, r.between(1, 28) as i8);
    let announced = add_days(order, -20).unwrap_or(order);
    let result = add_days(order, -6).unwrap_or(order);
    let firm = names::firm(spec.seed, r.below(u64::from(spec.projects) / 3 + 8));
    if r.percent(9) {
        // A failed first attempt under another number.
        let failed = id + 500;
        announce(spec, r, feeds, agency, failed, id_field, rup, &bare, budget, kind, "Gagal/Batal", announced)?;
    }
    announce(spec, r, feeds, agency, id, id_field, rup, &bare, budget, kind, "Selesai", announced)?;
    let listed = if r.percent(50) { json!(price) } else { Value::Null };
    if tender {
        feeds.tender_values.row(&with(head(spec, agency), json!({
            "kd_tender": id, "kd_paket": id + 7, "kd_rup_paket": rup, "pagu": budget, "hps": budget - 1000, "nilai_penawaran": price,
            "nilai_terkoreksi": price, "nilai_negosiasi": price, "nilai_kontrak": listed, "tgl_pengumuman_tender": announced.to_string(),
            "tgl_penetapan_pemenang": result.to_string(), "nama_penyedia": firm.formal, "npwp_penyedia": dotted(&firm.npwp),
        })))?;
    } else {
        feeds.results.row(&with(head(spec, agency), json!({
            "kd_nontender": id, "kd_rup": rup.to_string(), "nama_paket": bare, "pagu": budget, "hps": budget - 1000, "nilai_penawaran": price,
            "nilai_terkoreksi": price, "nilai_negosiasi": price, "nilai_kontrak": listed, "jenis_pengadaan": kind,
            "mtd_pemilihan": "Pengadaan Langsung", "status_nontender": "Selesai", "tgl_pengumuman_nontender": format!("{announced} 13:00:00"),
            "tgl_selesai_nontender": format!("{result} 08:00:00"), "nama_penyedia": firm.formal, "npwp_penyedia": dotted(&firm.npwp),
        })))?;
    }
    if order > spec.as_of {
        insurer.truth.find("contract-record-missing", &code);
        return Ok(None);
    }
    // A third of the contracts never enter the contract list.
    if r.percent(33) {
        insurer.truth.find("contract-record-missing", &code);
        return Ok(None);
    }
    let duration = *r.pick(&DURATIONS);
    let end = add_days(order, duration - 1).unwrap_or(order);
    let number = format!("000.3.2/ {:04} /SPK/{}/{year}", i % 9_000 + 100, short_office(agency));
    let base = json!({ id_field: id, "nama_paket": bare, "no_kontrak": number, "tgl_kontrak": format!("{order}T00:00:00.000000Z"), "nama_penyedia": firm.formal });
    feeds.contracts.row(&with(head(spec, agency), merge(&base, json!({
        "mtd_pengadaan": "Pengadaan Langsung", "nilai_kontrak": price, "nilai_pdn_kontrak": price, "npwp_penyedia": dotted(&firm.npwp),
        "bentuk_usaha_penyedia": "CV", "jenis_kontrak": "Harga Satuan", "status_kontrak": "Kontrak Sedang Berjalan", "apakah_addendum": "Tidak",
        "versi_addendum": 0,
    }))))?;
    feeds.orders.row(&with(head(spec, agency), merge(&base, json!({
        "no_spmk_spp": format!("{number}/SPMK"), "tgl_spmk_spp": format!("{order}T00:00:00.000000Z"), "tgl_mulai_pekerjaan": us_date(order),
        "tgl_selesai_pekerjaan": us_date(end), "waktu_penyelesaian": format!("{duration} Hari Kalender"),
    }))))?;
    let mut final_price = price;
    if r.percent(4) {
        // An addendum raises the value.
        let more = price / 1000 * (1000 + r.between(15, 60));
        let day = add_days(order, duration / 2).unwrap_or(order);
        if day <= spec.as_of {
            final_price = more;
            feeds.contracts.row(&with(head(spec, agency), merge(&base, json!({
                "tgl_kontrak": format!("{day}T00:00:00.000000Z"), "nilai_kontrak": more, "nilai_pdn_kontrak": more, "jenis_kontrak": "Harga Satuan",
                "status_kontrak": "Kontrak Sedang Berjalan", "apakah_addendum": "Ya", "versi_addendum": 1, "alasan_addendum": "Perubahan volume",
            }))))?;
        }
    }
    let (progress, payments) = pay(spec, r, feeds, agency, &base, final_price, order, duration, &firm, i)?;
    Ok(Some(ContractSeed {
        code,
        name: bare,
        agency: AGENCIES[agency].0.to_owned(),
        number: Some(number),
        order,
        start: order,
        end,
        value: Exact::whole(final_price),
        vendor: firm.formal.clone(),
        npwp: Some(dotted(&firm.npwp)),
        consultant,
        progress,
        payments,
    }))
}

fn merge(base: &Value, more: Value) -> Value {
    let mut out = base.clone();
    if let (Value::Object(a), Value::Object(b)) = (&mut out, more) {
        a.extend(b);
    }
    out
}

fn announce(
    spec: &CitySpec,
    r: &mut Random,
    feeds: &mut Feeds,
    agency: usize,
    id: u64,
    id_field: &str,
    rup: u64,
    name: &str,
    budget: i64,
    kind: &str,
    status: &str,
    day: Date,
) -> io::Result<()> {
    let system = if id_field == "kd_tender" { "tender" } else { "nontender" };
    let more = json!({
        id_field: id, "kd_rup": rup.to_string(), "nama_paket": name, "pagu": budget, "hps": budget - 1000, "sumber_dana": "APBD",
        "jenis_pengadaan": kind, "mtd_pemilihan": if system == "tender" { "Tender" } else { "Pengadaan Langsung" },
        format!("status_{system}"): status, format!("versi_{system}"): if status == "Selesai" { 1 } else { 2 },
        format!("tgl_pengumuman_{system}"): format!("{day} 08:{:02}:00", r.between(0, 59)),
        "lokasi_pekerjaan": "Kota Rantau Buatan",
    });
    feeds.announced.row(&with(head(spec, agency), more))
}

/// Payment minutes with progress, and the treasury's payments that follow them.
fn pay(
    spec: &CitySpec,
    r: &mut Random,
    feeds: &mut Feeds,
    agency: usize,
    base: &Value,
    price: i64,
    order: Date,
    duration: i32,
    firm: &names::FirmName,
    i: u64,
) -> io::Result<(Vec<Date>, Vec<Date>)> {
    let (mut progress, mut payments) = (Vec::new(), Vec::new());
    if !r.percent(45) {
        return Ok((progress, payments));
    }
    let stages: &[(i64, i32)] = if price > BUNCH_RUPIAH { &[(30, 40), (70, 75), (100, 100)] } else { &[(100, 100)] };
    let mut before = 0;
    for (n, (percent, after)) in stages.iter().enumerate() {
        let Some(day) = add_days(order, duration * after / 100 + r.between(0, 6) as i32) else { break };
        if day > spec.as_of {
            break;
        }
        let amount = price / 100 * (percent - before);
        before = *percent;
        progress.push(day);
        payments.push(day);
        feeds.minutes.row(&with(head(spec, agency), merge(base, json!({
            "nilai_kontrak": price, "no_bap": format!("{}/BAP/{}", i % 9000 + 100, n + 1), "tgl_bap": format!("{day}T00:00:00.000000Z"),
            "besar_pembayaran": amount, "progres_pekerjaan": percent, "cara_pembayaran_kontrak": if stages.len() > 1 { "Termin" } else { "Sekaligus" },
        }))))?;
        if let Some(paid) = add_days(day, r.between(3, 9) as i32).filter(|d| *d <= spec.as_of) {
            let text = |key: &str| base.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            payments.push(paid);
            feeds
                .treasury
                .write_record([
                    format!("04.0/{:06}/LS/{}", i * 4 + n as u64, order.year()),
                    paid.to_string(),
                    "LS".to_owned(),
                    format!("{},00", grouped(amount, '.')),
                    format!("Pembayaran Termin {} ({percent}%) {}", n + 1, text("nama_paket")),
                    AGENCIES[agency].0.to_owned(),
                    firm.formal.clone(),
                    dotted(&firm.npwp),
                    text("no_kontrak"),
                ])
                .map_err(io::Error::other)?;
        }
    }
    Ok((progress, payments))
}

/// Rows that are no construction contract: goods, services that sound like works, cancelled plans.
fn noise(r: &mut Random, spec: &CitySpec, i: u64, feeds: &mut Feeds) -> io::Result<()> {
    let agency = r.below(AGENCIES.len() as u64) as usize;
    let rup = 63_000_000 + i * 4;
    if r.percent(60) {
        let name = *r.pick(&[
            "Belanja Alat Tulis Kantor",
            "Belanja Makanan dan Minuman Rapat",
            "Belanja Modal Mebel",
            "Belanja Bahan Cetak",
        ]);
        let row = plan_row(spec, r, agency, rup + 2, name, 17_000_000, "Barang", "Terumumkan");
        feeds.plans.row(&row)?;
    }
    if r.percent(6) {
        let name = names::works(r, agency);
        let status = *r.pick(&["Terdelete", "Terrevisi Batal", "Draf Lengkap"]);
        let row = plan_row(spec, r, agency, rup + 3, &name, 150_000_000, "Pekerjaan Konstruksi", status);
        feeds.plans.row(&row)?;
    }
    if r.percent(7) {
        let name = *r.pick(&[
            "Jasa Pengecatan Marka Jalan",
            "Pengadaan dan Pemasangan Kanopi Kantor",
            "Pemeliharaan Gedung Kantor",
        ]);
        feeds.recorded.row(&with(head(spec, agency), json!({
            "kd_nontender_pct": 7_900_000_000u64 + i, "kd_pkt_dce": 9_100_000 + i, "kd_rup": (rup + 2).to_string(), "nama_paket": name,
            "pagu": 30_000_000, "total_realisasi": 28_500_000, "sumber_dana": "APBD", "uraian_pekerjaan": name, "kategori_pengadaan": "Jasa Lainnya",
            "mtd_pemilihan": "Pengadaan Langsung", "bukti_pembayaran": "NonSPK", "status_nontender_pct": "Aktif", "status_nontender_pct_ket": "Paket Selesai",
            "tgl_buat_paket": format!("{}-06-01T10:00:01.679000Z", spec.as_of.year()), "tgl_mulai_paket": format!("{}-06-02 10:06:52", spec.as_of.year()),
            "tgl_selesai_paket": format!("{}-06-20 00:00:00", spec.as_of.year()),
        })))?;
    }
    Ok(())
}

fn dotted(npwp: &str) -> String {
    let p = |a: usize, b: usize| npwp.get(a..b).unwrap_or_default();
    format!("{}.{}.{}.{}-{}.{}", p(0, 2), p(2, 5), p(5, 8), p(8, 9), p(9, 12), p(12, 15))
}

fn short_office(agency: usize) -> &'static str {
    ["DPUPR", "DPRKP", "DISDIK", "DINKES", "DLH", "DISHUB", "KEC-RU", "KEC-MT", "SETDA"]
        .get(agency)
        .copied()
        .unwrap_or("OPD")
}

/// `Jul 3, 2026, 12:00:00AM`, as one feed prints it.
fn us_date(day: Date) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS[usize::try_from(day.month() - 1).unwrap_or(0)];
    format!("{month} {}, {}, 12:00:00AM", day.day(), day.year())
}
