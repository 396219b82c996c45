//! Everything known at a moment, loaded and linked.

use crate::Fault;
use assess::{City, Knowledge};
use kernel::origin::TableId;
use linkage::district::Districts;
use linkage::projects::{Built, Place, Placed, Records, build};
use linkage::works::{Linked, link};
use registers::records::{Decision, ListOf, Record, TreasuryPayment};
use std::collections::{BTreeMap, BTreeSet};
use store::{KnownTable, Store};

/// A city, loaded and linked.
pub struct KnownCity {
    /// Last table known.
    pub through: i64,
    /// Tables.
    pub tables: Vec<KnownTable>,
    /// Records.
    pub records: Records,
    /// Projects and places.
    pub built: Built,
    /// Links.
    pub linked: Linked,
    /// Every decision somebody took, also those another one replaced: by pair, the newest first.
    pub judgements: Vec<Decision>,
    /// Code of the city, where the list of its regions says so.
    pub place: Option<String>,
    /// Project of each treasury payment.
    pub treasury: Vec<Option<usize>>,
    /// Rows that came in.
    pub rows_in: u64,
    /// Rows by register and place.
    pub accounting: BTreeMap<(String, Place), u64>,
}

impl KnownCity {
    /// The day the newest list of what is read as something came; none where none did.
    pub fn told(&self, register: &str) -> Option<kernel::Date> {
        let at = self.tables.iter().filter(|t| t.register == register).map(|t| t.recorded_at.as_str()).max()?;
        at.get(..10)?.parse().ok()
    }

    /// Loads what was known through a table.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn load(store: &Store, through: i64) -> Result<Self, Fault> {
        let known = store.known(through)?;
        let mut records = Records::default();
        let mut judgements = Vec::new();
        let superseded = store.each_row(&known, |table, row| {
            if table.register.reads == "decision" {
                judgements.extend(row.alone().filter_map(|version| {
                    match registers::records::read(table.register, &version) {
                        Record::Decision(decision) => Some(decision),
                        _ => None,
                    }
                }));
            }
            records.push(registers::records::read(table.register, row), row.origin());
        })?;
        records.sort();
        // Stable: versions of one pair stay newest first.
        judgements.sort_by(|a, b| (&a.registration, &a.project).cmp(&(&b.registration, &b.project)));
        let districts = Districts::new(&records.regions);
        let place = districts.place().map(str::to_owned);
        // An address says one thing here, and is not kept for it.
        for worker in &mut records.workers {
            worker.resident = worker.address.take().and_then(|address| districts.resides(&address));
        }
        let built = build(&records);
        let linked = link(&built.projects, &records.registrations, &records.decisions);
        let treasury = linkage::treasury::link_treasury(&built.projects, &records.treasury);
        let registers: BTreeMap<TableId, &str> = known.tables.iter().map(|t| (t.id, t.register.as_str())).collect();
        let mut accounting: BTreeMap<(String, Place), u64> = BTreeMap::new();
        let mut placed = built.places.clone();
        let codes = built.projects.iter().map(|p| p.code.as_str()).collect();
        placed.extend(insurer_places(&records, &linked, &treasury, &codes));
        for p in &placed {
            let register = registers.get(&p.origin.table).copied().unwrap_or("?");
            *accounting.entry((register.to_owned(), p.place)).or_default() += 1;
        }
        if superseded > 0 {
            accounting.insert(("*".to_owned(), Place::Superseded), superseded);
        }
        for table in known.tables.iter().filter(|t| t.unchanged > 0) {
            *accounting.entry((table.register.clone(), Place::Repeat)).or_default() += table.unchanged;
        }
        Ok(Self {
            place,
            through,
            rows_in: known.rows_in(),
            tables: known.tables,
            records,
            built,
            linked,
            judgements,
            treasury,
            accounting,
        })
    }

    /// Rows with a place.
    pub fn rows_placed(&self) -> u64 {
        self.accounting.values().sum()
    }

    /// Which lists have been loaded.
    pub fn knowledge(&self) -> Knowledge {
        let has = |register: &str| self.tables.iter().any(|t| t.register == register);
        Knowledge {
            registrations: has("jakon_pendaftaran"),
            premiums: has("jakon_iuran"),
            workers: has("jakon_pekerja"),
        }
    }

    /// Treasury payments by project.
    pub fn payments_by_project(&self) -> BTreeMap<usize, Vec<&TreasuryPayment>> {
        let mut out: BTreeMap<usize, Vec<&TreasuryPayment>> = BTreeMap::new();
        for (payment, project) in self.records.treasury.iter().zip(&self.treasury) {
            if let Some(project) = project {
                out.entry(*project).or_default().push(payment);
            }
        }
        out
    }

    /// The city as the assessment wants it.
    pub fn city<'a>(&'a self, payments: &'a BTreeMap<usize, Vec<&'a TreasuryPayment>>) -> City<'a> {
        City {
            projects: &self.built.projects,
            registrations: &self.records.registrations,
            determinations: &self.records.determinations,
            premiums: &self.records.premiums,
            workers: &self.records.workers,
            treasury: payments,
            linked: &self.linked,
            knowledge: self.knowledge(),
            place: self.place.as_deref(),
        }
    }

    /// Is this the made-up city? Its files say so in their names.
    pub fn is_made_up(&self) -> bool {
        self.tables.iter().any(|t| t.file.starts_with("KOTA-BUATAN"))
    }

    /// `file:sheet:line` of a row.
    pub fn origin_text(&self, origin: kernel::Origin) -> String {
        match self.tables.iter().find(|t| t.id == origin.table) {
            Some(table) => match &table.sheet {
                Some(sheet) => format!("{}:{sheet}:{}", table.file, origin.line),
                None => format!("{}:{}", table.file, origin.line),
            },
            None => format!("?:{}", origin.line),
        }
    }
}

/// Places of the insurer's and treasury's rows.
fn insurer_places(
    records: &Records,
    linked: &Linked,
    treasury: &[Option<usize>],
    codes: &BTreeSet<&str>,
) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut places: Vec<Place> = vec![Place::RegistrationUnmatched; records.registrations.len()];
    for review in &linked.reviews {
        places[review.registration] = Place::RegistrationReview;
    }
    for link in &linked.links {
        places[link.registration] = Place::RegistrationLinked;
    }
    out.extend(records.registrations.iter().zip(places).map(|(r, place)| Placed { origin: r.origin, place }));
    let known: BTreeSet<&str> = records.registrations.iter().map(|r| r.number.as_str()).collect();
    let of = |number: &str| if known.contains(number) { Place::OfRegistration } else { Place::OfUnknownRegistration };
    out.extend(records.determinations.iter().map(|d| Placed { origin: d.origin, place: of(&d.number) }));
    out.extend(records.premiums.iter().map(|p| Placed { origin: p.origin, place: of(&p.number) }));
    out.extend(records.workers.iter().map(|w| {
        let place = match &w.list {
            ListOf::Registration(number) => of(number),
            ListOf::Project(code) if codes.contains(code.as_str()) => Place::Roster,
            ListOf::Project(_) => Place::Orphan,
            ListOf::Other(_) => Place::OtherCover,
            ListOf::Vulnerable(_) => Place::Vulnerable,
        };
        Placed { origin: w.origin, place }
    }));
    out.extend(records.bank_lines.iter().map(|origin| Placed { origin: *origin, place: Place::BankLine }));
    out.extend(records.decisions.iter().map(|d| Placed { origin: d.origin, place: Place::Decision }));
    out.extend(records.treasury.iter().zip(treasury).map(|(t, project)| Placed {
        origin: t.origin,
        place: if project.is_some() { Place::TreasuryLinked } else { Place::TreasuryUnmatched },
    }));
    out
}
