//! What a page shows of one project, with the row each fact came from. Kept as JSON in the picture.

use serde::{Deserialize, Serialize};

/// A day or value with the list it was found in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// As ISO date or whole rupiah.
    pub value: String,
    /// Link of the chain, such as `work_start`.
    pub source: String,
}

/// Consecutive days in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Days.
    pub days: u32,
    /// State.
    pub state: String,
    /// State under the most lenient reading.
    pub lenient: String,
    /// Deciding fact.
    pub fact: String,
    /// Its day; empty for none.
    pub fact_date: String,
    /// The row it stands in; empty for none.
    pub source: String,
}

/// A registration linked to the project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Insurer's number.
    pub number: String,
    /// Name as registered.
    pub name: String,
    /// Firm as registered.
    pub firm: String,
    /// Order number as registered.
    pub order_number: String,
    /// Day registered.
    pub registered: String,
    /// Period.
    pub start: String,
    /// Period.
    pub end: String,
    /// Maintenance period.
    pub maintenance_end: String,
    /// Declared value, rupiah.
    pub value: Option<i64>,
    /// Heads on the form.
    pub heads: Option<u32>,
    /// Determined, rupiah.
    pub due: Option<i64>,
    /// Received, rupiah.
    pub paid: i64,
    /// Payments.
    pub payments: Vec<Payment>,
    /// `score`, `decision` or `sum`.
    pub by: String,
    /// Weight of the link, hundredths of a bit.
    pub weight: i32,
    /// Bars of the waterfall: comparison, level, weight.
    pub bars: Vec<(String, String, i32)>,
    /// The row.
    pub source: String,
}

/// Money that went somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Day.
    pub date: String,
    /// Rupiah.
    pub amount: i64,
    /// Receipt or SP2D number.
    pub number: String,
    /// What for.
    pub text: String,
    /// The row.
    pub source: String,
}

/// A finding on the project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Code.
    pub code: String,
    /// Digest of the facts: the finding's address.
    #[serde(default)]
    pub mark: String,
    /// Since when.
    pub since: String,
    /// Rupiah at stake.
    pub amount: Option<i64>,
    /// Only under the strict reading.
    pub contested: bool,
    /// Facts by name.
    pub facts: Vec<(String, String)>,
    /// Rows.
    pub sources: Vec<String>,
    /// Article.
    pub basis: String,
    /// How sure we are of it.
    pub confidence: String,
}

/// People as counts: all, with a number that reads, of the city by that number; with a wage to compare, below the minimum under the
/// stricter and the more lenient reading; with an address that tells, living in the city by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PeopleCount(pub [u64; 8]);

impl<'de> Deserialize<'de> for PeopleCount {
    /// What an older picture does not count is nothing.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<u64>::deserialize(deserializer)?;
        Ok(Self(std::array::from_fn(|i| list.get(i).copied().unwrap_or(0))))
    }
}

/// Days of people on a project's lists beside the band of its kind and value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labour {
    /// Days so far.
    pub days: u64,
    /// Band of the whole project: 10, 50 and 90 percent.
    pub whole: [u64; 3],
    /// What of it is due by now.
    pub so_far: [u64; 3],
    /// Progress: the lesser and the greater of time elapsed and works measured, parts per million.
    pub progress: [i64; 2],
    /// Finished projects of the kind it was learned from.
    pub learned: u64,
    /// `below`, `inside` or `above`.
    pub fit: String,
}

/// Everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Place.
    pub place: String,
    /// Contract number.
    pub contract_number: String,
    /// Plan entries.
    pub plans: Vec<String>,
    /// Packages.
    pub packages: Vec<String>,
    /// Day of the order.
    pub order: Option<Sourced>,
    /// First day of works.
    pub start: Option<Sourced>,
    /// Last day of works.
    pub end: Option<Sourced>,
    /// Value, whole rupiah.
    pub value: Option<Sourced>,
    /// Value of the first contract.
    pub first_value: Option<i64>,
    /// Addenda: day, value, end.
    pub addenda: Vec<(String, Option<i64>, String)>,
    /// Hand-over.
    pub handover: String,
    /// For a consultant, the works it serves.
    pub serves: String,
    /// Heads known.
    pub heads: Option<u32>,
    /// Protection by day.
    pub spans: Vec<Span>,
    /// What is missing, where days cannot be counted.
    pub missing: String,
    /// Uncovered worker-days: by roster, by heads, days without heads.
    pub worker_days: [u64; 3],
    /// People.
    #[serde(default)]
    pub people: PeopleCount,
    /// People there on the day, and of these not reported past the term; none where that cannot be told.
    #[serde(default)]
    pub reported: Option<[u64; 2]>,
    /// Days of work beside what is usual; none where that cannot be said.
    #[serde(default)]
    pub labour: Option<Labour>,
    /// Registrations.
    pub registrations: Vec<Registered>,
    /// Payments of the treasury.
    pub treasury: Vec<Payment>,
    /// Findings, the gravest first.
    pub findings: Vec<Found>,
    /// Every row it was made of.
    pub sources: Vec<String>,
}

/// A registration that waits for a person, with what it may belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The registration.
    pub registration: Registered,
    /// Agency as registered.
    pub agency: String,
    /// Projects it may be of, the best first.
    pub options: Vec<DoubtOption>,
}

/// One of several projects a registration may be of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtOption {
    /// Project.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its agency.
    pub agency: String,
    /// Its vendor.
    pub vendor: String,
    /// Its contract number.
    pub contract_number: String,
    /// Its value, rupiah.
    pub value: Option<i64>,
    /// Day of the order.
    pub order: String,
    /// Weight, hundredths of a bit.
    pub weight: i32,
    /// Bars.
    pub bars: Vec<(String, String, i32)>,
}

/// A district's figures and its tile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictFigures {
    /// Name.
    pub name: String,
    /// Projects, exposed, covered, unknown, uncovered days, worker-days.
    pub counts: [u64; 6],
    /// Column and row, from the north-west.
    pub tile: (usize, usize),
    /// Latitude and longitude of its middle, millionths of a degree.
    #[serde(default)]
    pub point: Option<(i64, i64)>,
}

/// A group of fewer people is shown by its size only: a share would point at somebody.
pub const SMALL_GROUP: u64 = 5;

/// The picture as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overview {
    /// Projects counted.
    pub projects: u64,
    /// By state today: name, projects, project-days.
    pub states: Vec<(String, u64, u64)>,
    /// Uncovered project-days.
    pub uncovered: u64,
    /// Uncovered worker-days: by roster, by heads, days without heads.
    pub worker_days: [u64; 3],
    /// The same under the other reading.
    pub worker_days_lenient: [u64; 3],
    /// Agencies: name, projects, exposed, covered, unknown, uncovered days, worker-days.
    pub agencies: Vec<(String, [u64; 6])>,
    /// The same by kind of works.
    pub kinds: Vec<(String, [u64; 6])>,
    /// The same by district, in the order of their codes.
    pub districts: Vec<DistrictFigures>,
    /// Projects in no known district.
    pub without_district: u64,
    /// People on projects by agency, the most first: as in [`Evidence::people`].
    pub people_agencies: Vec<(String, PeopleCount)>,
    /// The same by district, in the order of their codes.
    pub people_districts: Vec<(String, PeopleCount)>,
    /// The same by contractor, the most people first; the largest only.
    pub people_vendors: Vec<(String, PeopleCount)>,
    /// Days of work beside the usual band: projects below, inside, above; of finished ones inside the band the others teach, of how
    /// many.
    pub labour: [u64; 5],
    /// Reasons given for days outside it, with how often.
    pub labour_reasons: Vec<(String, u64)>,
    /// Code of the city, where its list of regions says so.
    pub place: String,
    /// Months: year, month, exposed, registering, window.
    pub months: Vec<(i16, i8, [u64; 3])>,
    /// Lists not loaded: `registrations`, `premiums`, `workers`.
    pub missing_lists: Vec<String>,
    /// Registrations that wait, and without a project.
    pub waiting: [u64; 2],
    /// Treasury payments without a project.
    pub treasury_unmatched: u64,
    /// Files loaded.
    pub tables: u64,
    /// Rows in, rows placed.
    pub rows: [u64; 2],
    /// The weeks to come at the counters.
    pub surge: assess::surge::Surge,
    /// A made-up city.
    pub made_up: bool,
}

/// A fact of a finding in words: its name and value; days and money as people write them.
pub fn fact_words(name: &str, value: &str, language: crate::Language) -> (String, String) {
    let word = phrases::Key::find(&format!("web-evidence-{name}"))
        .map_or_else(|| name.replace('_', " "), |key| phrases::say(language, key, &[]));
    let is_money = value.len() >= 6 && value.bytes().all(|b| b.is_ascii_digit());
    let shown = match (value.parse::<kernel::Date>(), value.parse::<i64>()) {
        (Ok(day), _) => crate::words::long_date(day, language),
        (_, Ok(amount)) if is_money && name != "registration" => {
            format!("Rp{}", crate::words::rupiah_text(kernel::Rupiah(amount), language))
        }
        _ => value.to_owned(),
    };
    (word, shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fact a rule states has a word in both languages.
    #[test]
    fn facts_have_words() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assess/src/rules");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for name in text.split("fact(\"").skip(1).filter_map(|piece| piece.split('"').next()) {
                let key = format!("web-evidence-{name}");
                assert!(phrases::Key::find(&key).is_some(), "{key}");
                seen += 1;
            }
        }
        assert!(seen > 15, "{seen}");
    }

    #[test]
    fn days_and_money_are_written_as_people_do() {
        let id = crate::Language::Indonesian;
        assert_eq!(fact_words("deadline", "2026-04-06", id), ("batas mendaftar".into(), "6 April 2026".into()));
        assert_eq!(fact_words("paid", "1250000", id).1, "Rp1.250.000");
        assert_eq!(fact_words("days_late", "12", id).1, "12");
    }
}
