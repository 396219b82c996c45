//! What a perfect program would say, counted day by day.

use jiff::civil::Date;
use law::{Law, LeaveReading};
use serde::Serialize;

/// The truth about a made-up world.
#[derive(Debug, Default, Serialize)]
pub struct Truth {
    /// The day it is about.
    pub as_of: String,
    /// Registration and project.
    pub links: Vec<(String, String)>,
    /// Project, from, to, state.
    pub spans: Vec<(String, String, String, String)>,
    /// Finding and what it is about.
    pub findings: Vec<(String, String)>,
}

/// Last day to register: 14 working days after the order, counted one by one, with collective
/// leave as working days (the stricter reading).
pub(crate) fn deadline(order: Date) -> Option<Date> {
    let law = Law::builtin();
    let (term, _) = law.at(order).term("deadline/registration").ok()?;
    let calendar = law.calendar(LeaveReading::LeaveIsWorking);
    let (mut day, mut left) = (order, i64::from(term.count));
    while left > 0 {
        day = day.tomorrow().ok()?;
        left -= i64::from(calendar.is_working(day));
    }
    Some(day)
}

/// One registration as it matters for a day.
#[derive(Debug, Clone)]
pub(crate) struct Cover {
    pub(crate) registered: Date,
    /// Day the first instalment was complete.
    pub(crate) paid: Option<Date>,
    pub(crate) from: Date,
    pub(crate) until: Date,
}

/// The state on one day, by the definition in the mission, nothing clever.
fn state_on(day: Date, deadline: Date, covers: &[Cover]) -> &'static str {
    let running = |c: &Cover| c.registered <= day && c.from <= day && day <= c.until;
    if covers.iter().any(|c| running(c) && c.paid.is_some_and(|p| p <= day)) {
        "covered"
    } else if covers.iter().any(running) {
        "registering"
    } else if covers.iter().any(|c| c.registered <= day) {
        // Registered, but the period has ended or not begun.
        "exposed"
    } else if day <= deadline {
        "window"
    } else {
        "exposed"
    }
}

impl Truth {
    /// Adds the spans of a project, counted day by day.
    pub(crate) fn count_spans(
        &mut self,
        project: &str,
        start: Date,
        end: Date,
        order: Date,
        covers: &[Cover],
        as_of: Date,
    ) {
        let Some(deadline) = deadline(order) else { return };
        let last = covers.iter().map(|c| c.until).max().map_or(end, |u| u.max(end)).max(start).min(as_of);
        let mut day = start;
        let mut open: Option<(Date, &'static str)> = None;
        while day <= last {
            let state = state_on(day, deadline, covers);
            match open {
                Some((_, s)) if s == state => {}
                Some((from, s)) => {
                    let to = day.yesterday().unwrap_or(day);
                    self.spans.push((project.into(), from.to_string(), to.to_string(), s.into()));
                    open = Some((day, state));
                }
                None => open = Some((day, state)),
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        if let Some((from, s)) = open {
            self.spans.push((project.into(), from.to_string(), last.to_string(), s.into()));
        }
    }

    /// Adds a finding.
    pub(crate) fn find(&mut self, code: &str, about: &str) {
        self.findings.push((code.into(), about.into()));
    }

    /// Sorts, so that the same world is the same file.
    pub fn sort(&mut self) {
        self.links.sort();
        self.spans.sort();
        self.findings.sort();
        self.findings.dedup();
    }
}
