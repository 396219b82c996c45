//! Names of works, firms, offices and people, put together from common words.

use crate::random::Random;

pub(crate) const AGENCIES: [(&str, &str); 9] = [
    ("DINAS PEKERJAAN UMUM DAN PENATAAN RUANG", "1.03.0.00.0.00.01.0000"),
    ("DINAS PERUMAHAN RAKYAT DAN KAWASAN PERMUKIMAN", "1.04.0.00.0.00.02.0000"),
    ("DINAS PENDIDIKAN", "1.01.0.00.0.00.03.0000"),
    ("DINAS KESEHATAN", "1.02.0.00.0.00.04.0000"),
    ("DINAS LINGKUNGAN HIDUP", "2.11.0.00.0.00.05.0000"),
    ("DINAS PERHUBUNGAN", "2.15.0.00.0.00.06.0000"),
    ("KECAMATAN RANTAU ULU", "7.01.0.00.0.00.07.0000"),
    ("KECAMATAN MUARA TEDUH", "7.01.0.00.0.00.08.0000"),
    ("SEKRETARIAT DAERAH", "4.01.0.00.0.00.09.0000"),
];

const STREETS: [&str; 40] = [
    "Melati",
    "Mawar",
    "Kenanga",
    "Cempaka",
    "Anggrek",
    "Flamboyan",
    "Dahlia",
    "Teratai",
    "Merpati",
    "Rajawali",
    "Cendrawasih",
    "Kutilang",
    "Mangga",
    "Rambutan",
    "Manggis",
    "Durian",
    "Belimbing",
    "Jambu",
    "Salak",
    "Nangka",
    "Beringin",
    "Meranti",
    "Ulin",
    "Jelutung",
    "Tembesu",
    "Bakti Husada",
    "Karya Tani",
    "Usaha Nelayan",
    "Gotong Royong",
    "Suka Damai",
    "Tanjung Raya",
    "Parit Lengkong",
    "Sungai Teduh",
    "Lintas Muara",
    "Pelabuhan Lama",
    "Pasar Ikan",
    "Tepian Sari",
    "Bukit Kecil",
    "Simpang Empat",
    "Hulu Rantau",
];
const VILLAGES: [&str; 14] = [
    "Rantau Baru",
    "Rantau Lama",
    "Muara Teduh",
    "Teluk Sentosa",
    "Parit Sembilan",
    "Tanjung Harap",
    "Sungai Keruh",
    "Bukit Indah",
    "Pasir Landai",
    "Kebun Sayur",
    "Lubuk Sari",
    "Seberang Ulu",
    "Kampung Tengah",
    "Pematang Panjang",
];
const DISTRICTS: [&str; 5] = ["Rantau Ulu", "Rantau Hilir", "Muara Teduh", "Teluk Sentosa", "Bukit Indah"];
/// Middles of the districts, as a list has them.
const MIDDLES: [(&str, &str); 5] = [
    ("-1.5921", "103.6514"),
    ("-1.5874", "103.6032"),
    ("-1.6345", "103.5971"),
    ("-1.6402", "103.6388"),
    ("-1.6287", "103.6790"),
];

/// A village of the city.
pub(crate) fn village(i: usize) -> &'static str {
    VILLAGES[i % VILLAGES.len()]
}

/// Code, name, latitude and longitude of each district and village. No province has the number 99.
pub(crate) fn regions() -> Vec<[String; 4]> {
    let districts = DISTRICTS.iter().zip(MIDDLES).enumerate().map(|(i, (name, (latitude, longitude)))| {
        [format!("99.71.{:02}", i + 1), (*name).to_owned(), latitude.to_owned(), longitude.to_owned()]
    });
    let villages = VILLAGES.iter().enumerate().map(|(i, name)| {
        let (district, number) = (i % DISTRICTS.len() + 1, 1001 + i / DISTRICTS.len());
        [format!("99.71.{district:02}.{number}"), (*name).to_owned(), String::new(), String::new()]
    });
    districts.chain(villages).collect()
}

const WORK_VERBS: [&str; 8] = [
    "Pembangunan",
    "Peningkatan",
    "Rehabilitasi",
    "Pemeliharaan",
    "Lanjutan Pembangunan",
    "Rekonstruksi",
    "Perbaikan",
    "Rehab",
];
const FIRM_WORDS: [&str; 46] = [
    "JAYA",
    "MANDIRI",
    "PUTRA",
    "KARYA",
    "PRATAMA",
    "BERSAMA",
    "ABADI",
    "SEJAHTERA",
    "UTAMA",
    "MITRA",
    "BANGUN",
    "CIPTA",
    "SENTOSA",
    "PERKASA",
    "INDAH",
    "MAKMUR",
    "SARANA",
    "TEKNIK",
    "NUSA",
    "BORNEO",
    "RANTAU",
    "MUARA",
    "CAHAYA",
    "SURYA",
    "BINTANG",
    "GEMILANG",
    "LESTARI",
    "AGUNG",
    "HARAPAN",
    "BAHARI",
    "KENCANA",
    "PERSADA",
    "KONSTRUKSINDO",
    "GRAHA",
    "ADHIKARYA",
    "TUNGGAL",
    "SUBUR",
    "MULTI",
    "GUNA",
    "WIRA",
    "DHARMA",
    "SATRIA",
    "RIMBA",
    "TIRTA",
    "BUANA",
    "PERMAI",
];
const FIRST: [&str; 36] = [
    "Budi", "Agus", "Slamet", "Joko", "Rudi", "Hendra", "Yanto", "Sugeng", "Wahyu", "Eko", "Dedi", "Asep", "Ujang",
    "Rahmat", "Hasan", "Usman", "Ilham", "Fajar", "Rizki", "Dimas", "Siti", "Sri", "Dewi", "Ratna", "Yuni", "Wati",
    "Ani", "Lina", "Mulyadi", "Suparman", "Tukiman", "Paijo", "Bambang", "Herman", "Darto", "Sutrisno",
];
const LAST: [&str; 24] = [
    "Santoso",
    "Wijaya",
    "Saputra",
    "Hidayat",
    "Nugroho",
    "Kurniawan",
    "Setiawan",
    "Susanto",
    "Lestari",
    "Rahayu",
    "Utomo",
    "Prasetyo",
    "Siregar",
    "Nasution",
    "Simbolon",
    "Hutapea",
    "Ramadhan",
    "Maulana",
    "Firmansyah",
    "Gunawan",
    "Halim",
    "Pranoto",
    "Wibowo",
    "Suryadi",
];
pub(crate) const TRADES: [&str; 8] = [
    "TUKANG BATU",
    "TUKANG BESI",
    "TUKANG KAYU",
    "PEKERJA",
    "MANDOR",
    "OPERATOR ALAT",
    "TUKANG CAT",
    "PEMBANTU TUKANG",
];

/// Works of a kind that suits an office, without any wrapper.
pub(crate) fn works(r: &mut Random, agency: usize) -> String {
    let street = *r.pick(&STREETS);
    let village = *r.pick(&VILLAGES);
    let district = *r.pick(&DISTRICTS);
    let verb = *r.pick(&WORK_VERBS);
    let number = r.between(1, 40);
    let (rt, rw) = (r.between(1, 30), r.between(1, 15));
    let place = match r.below(5) {
        0 => format!("Kec. {district}"),
        1 => format!("Kel. {village}"),
        2 => format!("RT {rt:02} RW {rw:02} Kel. {village}"),
        3 => format!("Kelurahan {village} Kecamatan {district}"),
        _ => String::new(),
    };
    let object = match agency {
        0 => match r.below(5) {
            0 => format!("Jalan {street}"),
            1 => format!("Jl. {street} Gg. {} {}", r.pick(&STREETS), r.between(1, 9)),
            2 => format!("Saluran Drainase Jl. {street}"),
            3 => format!("Jembatan Sei. {street}"),
            _ => format!("Turap Parit {street}"),
        },
        1 => match r.below(3) {
            0 => format!("Jalan Lingkungan Gang {street} {}", r.between(1, 12)),
            1 => format!("Drainase Lingkungan Komplek {street} Blok {}", r.between(1, 20)),
            _ => format!("Rumah Tidak Layak Huni Paket {}", r.between(1, 30)),
        },
        2 => match r.below(3) {
            0 => format!("Ruang Kelas SDN {number} {village}"),
            1 => format!("Toilet SMP Negeri {} {village}", r.between(1, 20)),
            _ => format!("Pagar Sekolah SD Negeri {number:02} {district}"),
        },
        3 => match r.below(2) {
            0 => format!("Gedung Puskesmas {village}"),
            _ => format!("Pustu {street} {village}"),
        },
        4 => format!("Taman {street} dan TPS {village}"),
        5 => format!("Marka dan Rambu Jalan {street} Segmen {}", r.between(1, 8)),
        _ => match r.below(2) {
            0 => format!("Rabat Beton Gang {street} RT {rt:02}"),
            _ => format!("Kantor Lurah {village}"),
        },
    };
    let stage = if r.percent(12) { *r.pick(&[" Tahap I", " Tahap II", " Tahap III", " (Lanjutan)"]) } else { "" };
    format!("{verb} {object}{stage} {place}").trim().to_owned()
}

/// The account wrapper some offices put around plan names.
pub(crate) fn wrapped(r: &mut Random, name: &str) -> String {
    match r.below(10) {
        0 => format!("Belanja Modal Jalan Kota ([#] {name})"),
        1 => format!("Belanja Modal Bangunan Gedung Tempat Kerja ([-] {name} (1 paket pekerjaan))"),
        2 => format!("{name} (DAK)"),
        _ => name.to_owned(),
    }
}

pub(crate) struct FirmName {
    pub(crate) bare: String,
    pub(crate) formal: String,
    pub(crate) npwp: String,
}

/// Firm number `i` of the city: always the same for a seed.
pub(crate) fn firm(seed: u64, i: u64) -> FirmName {
    let mut r = Random::new(seed, 0xF1_0000 + i);
    let count = if r.percent(25) { 3 } else { 2 };
    let mut words: Vec<&str> = Vec::new();
    while words.len() < count {
        let word = *r.pick(&FIRM_WORDS);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let bare = words.join(" ");
    let form = if r.percent(75) { "CV" } else { "PT" };
    let formal = match r.below(6) {
        0 => format!("{form} {bare}"),
        1 => format!("{form}.{bare}"),
        2 => format!("{bare}, {form}"),
        3 => format!("{}. {}", form.to_lowercase(), bare.to_lowercase()),
        _ => format!("{form}. {bare}"),
    };
    // The first eight digits carry the number; the ninth is the check digit (Luhn).
    let base = format!("{:08}", 90_000_000 + (seed % 1000) * 9_000 + i % 9_000);
    let npwp = format!("{base}{}901000", luhn_digit(&base));
    FirmName { bare, formal, npwp }
}

fn luhn_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            if i % 2 == 1 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// A person's name; single names occur.
pub(crate) fn person(r: &mut Random) -> String {
    let first = *r.pick(&FIRST);
    if r.percent(15) { first.to_owned() } else { format!("{first} {}", r.pick(&LAST)) }
}

/// A structurally valid NIK of the province 99, which does not exist.
pub(crate) fn nik(r: &mut Random, serial: u64) -> String {
    let (day, month, year) = (r.between(1, 28), r.between(1, 12), r.between(65, 99));
    format!(
        "9971{:02}{:02}{month:02}{year:02}{:04}",
        r.between(1, 9),
        if r.percent(15) { day + 40 } else { day },
        serial % 9_999 + 1
    )
}

/// How a contractor retypes a name on the insurer's form: capitals, abbreviations, sometimes
/// shortened or mistyped. Rates: docs/decisions/0005.
pub(crate) fn retyped(r: &mut Random, name: &str) -> String {
    let mut words: Vec<String> = name.split_whitespace().map(str::to_uppercase).collect();
    let swaps: [(&str, &str); 13] = [
        ("JALAN", "JL."),
        ("JL.", "JALAN"),
        ("GANG", "GG."),
        ("GG.", "GANG"),
        ("KECAMATAN", "KEC."),
        ("KEC.", "KECAMATAN"),
        ("KELURAHAN", "KEL."),
        ("KEL.", "KELURAHAN"),
        ("REHABILITASI", "REHAB"),
        ("REHAB", "REHABILITASI"),
        ("PEMBANGUNAN", "PEMB."),
        ("PENINGKATAN", "PENINGK."),
        ("SDN", "SD NEGERI"),
    ];
    if r.percent(45) {
        for word in &mut words {
            if let Some((_, to)) = swaps.iter().find(|(from, _)| from == word) {
                *word = (*to).to_owned();
            }
        }
    }
    if r.percent(12) && words.len() > 5 {
        // The tail with district and village falls away; the object stays.
        words.truncate(words.len() - 2);
    }
    if r.percent(8) {
        let long: Vec<usize> = (0..words.len()).filter(|i| words[*i].len() >= 7 && words[*i].is_ascii()).collect();
        if !long.is_empty() {
            let at = *r.pick(&long);
            let drop = 2 + r.below(words[at].len() as u64 - 4) as usize;
            words[at].remove(drop);
        }
    }
    words.join(" ")
}

/// How a contractor retypes a contract number.
pub(crate) fn retyped_number(r: &mut Random, number: &str) -> Option<String> {
    match r.below(20) {
        0..=10 => Some(number.to_owned()),
        11..=14 => Some(number.replace(' ', "").to_uppercase()),
        15..=16 => Some(number.replace('/', "-")),
        17 => number.split('/').next().map(|head| head.trim().to_owned()).filter(|h| h.len() > 2),
        _ => None,
    }
}
