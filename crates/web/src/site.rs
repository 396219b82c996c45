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

/// Pages for everybody that are kept; a few kilobytes each.
const KEPT_MAX: usize = 4_096;

/// A city's site.
pub struct Site {
    /// The desk.
    pub desk: Arc<Desk>,
    /// How it is reached.
    pub settings: Settings,
    counts: Mutex<BTreeMap<(String, u16), u64>>,
    requests: AtomicU64,
    kept: Mutex<HashMap<(Language, String), (u64, Bytes)>>,
}

impl Site {
    /// A site over a desk.
    pub fn new(desk: Arc<Desk>, settings: Settings) -> Self {
        Self {
            desk,
            settings,
            counts: Mutex::new(BTreeMap::new()),
            requests: AtomicU64::new(0),
            kept: Mutex::default(),
        }
    }

    /// Does the database answer?
    pub(crate) fn is_ready(&self) -> bool {
        self.desk.read(|s| s.picture().map_err(app::Fault::from)).is_ok()
    }

    /// A number for a request: what a person reads out, and what stands in the log.
    pub(crate) fn reference(&self) -> String {
        let n = self.requests.fetch_add(1, Ordering::Relaxed);
        match Desk::token() {
            Ok(token) => app::desk::hex(&token[..4]),
            Err(_) => format!("{n:08x}"),
        }
    }

    /// A page for everybody, made of the picture that hangs now.
    pub(crate) fn kept(&self, language: Language, path: &str) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (painted, page) = kept.get(&(language, path.to_owned()))?;
        (*painted == self.desk.painted()).then(|| page.clone())
    }

    /// Keeps a page for everybody. `painted` is the picture that hung before it was made.
    pub(crate) fn keep(&self, language: Language, path: &str, painted: u64, page: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert((language, path.to_owned()), (painted, page));
    }

    pub(crate) fn count(&self, route: &str, status: u16) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((route.to_owned(), status)).or_default() += 1;
    }

    /// Requests by route and status, for whoever watches the machine.
    pub(crate) fn metrics(&self) -> String {
        let mut out = String::from("# TYPE payung_requests_total counter\n");
        for ((route, status), n) in self.counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            out.push_str(&format!("payung_requests_total{{route=\"{route}\",status=\"{status}\"}} {n}\n"));
        }
        out
    }
}
