//! What every request shares.

use app::Language;
use app::desk::Desk;
use axum::body::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How the site is reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Browsers reach it by HTTPS: cookies are for HTTPS only.
    pub secure: bool,
    /// No line in the log for each request.
    pub quiet: bool,
}

/// The place of a language among the pages kept.
fn place(language: Language) -> usize {
    usize::from(language == Language::English)
}

/// Pages for everybody that are kept, of each language; a few kilobytes each.
const KEPT_MAX: usize = 4_096;

/// A city's site.
pub struct Site {
    /// The desk.
    pub desk: Arc<Desk>,
    /// How it is reached.
    pub settings: Settings,
    /// By route, then by status. Asked on every request, so nothing is copied to look it up.
    counts: Mutex<HashMap<String, BTreeMap<u16, u64>>>,
    requests: AtomicU64,
    /// Where this program's numbers of requests begin.
    seed: u64,
    /// By language, then by path.
    kept: Mutex<[HashMap<String, (u64, Bytes)>; 2]>,
}

impl Site {
    /// A site over a desk.
    pub fn new(desk: Arc<Desk>, settings: Settings) -> Self {
        Self {
            desk,
            settings,
            counts: Mutex::default(),
            requests: AtomicU64::new(0),
            seed: Desk::token().map_or(0, |t| t.iter().fold(0, |n, b| (n << 8) ^ u64::from(*b))),
            kept: Mutex::default(),
        }
    }

    /// Does the database answer?
    pub(crate) fn is_ready(&self) -> bool {
        self.desk.read(|s| s.picture().map_err(app::Fault::from)).is_ok()
    }

    /// A number for a request: what a person reads out, and what stands in the log. It comes from a counter, and is
    /// stirred so that two that follow each other do not look alike.
    pub(crate) fn reference(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed).wrapping_add(self.seed);
        // The finalizer of MurmurHash3: every bit of the counter reaches every bit of the number.
        let n = (n ^ (n >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let n = (n ^ (n >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        format!("{:08x}", (n ^ (n >> 33)) >> 32)
    }

    /// A page for everybody, made of the picture that hangs now.
    pub(crate) fn kept(&self, language: Language, path: &str) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (painted, page) = kept[place(language)].get(path)?;
        (*painted == self.desk.painted()).then(|| page.clone())
    }

    /// Keeps a page for everybody. `painted` is the picture that hung before it was made.
    pub(crate) fn keep(&self, language: Language, path: &str, painted: u64, page: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut kept[place(language)];
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(path.to_owned(), (painted, page));
    }

    pub(crate) fn count(&self, route: &str, status: u16) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if !counts.contains_key(route) {
            counts.insert(route.to_owned(), BTreeMap::new());
        }
        if let Some(statuses) = counts.get_mut(route) {
            *statuses.entry(status).or_default() += 1;
        }
    }

    /// Requests by route and status, for whoever watches the machine.
    pub(crate) fn metrics(&self) -> String {
        let mut out = String::from("# TYPE payung_requests_total counter\n");
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<_> = counts.iter().flat_map(|(r, by)| by.iter().map(move |(s, n)| (r, s, n))).collect();
        lines.sort();
        for (route, status, n) in lines {
            out.push_str(&format!("payung_requests_total{{route=\"{route}\",status=\"{status}\"}} {n}\n"));
        }
        out
    }
}
