//! A bound on memory that is kept: before each step that takes more, what the process holds now and what the step will
//! take are held against it. What would not fit is refused with both figures, before it is tried.

use super::say;
use crate::{Language, Refused};

/// How much may be held, and the most that was.
#[derive(Debug, Default)]
pub struct Memory {
    max: Option<u64>,
    /// The most that was seen held, or was to be held next, in bytes.
    pub most: u64,
}

impl Memory {
    /// No more than so many bytes; without a bound it only watches.
    pub fn new(max: Option<u64>) -> Self {
        Self { max, most: 0 }
    }

    /// A step that takes so many bytes more comes next.
    ///
    /// # Errors
    /// [`Refused`] where the bound would be crossed.
    pub fn before(&mut self, more: u64, language: Language) -> Result<(), Refused> {
        let held = memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64);
        let needs = held + more;
        self.most = self.most.max(needs);
        match self.max {
            Some(max) if needs > max => {
                let mb = |b: u64| (b >> 20).max(1).to_string();
                Err(Refused(say(language, "link-memory", &[("needs", &mb(needs)), ("max", &mb(max))])))
            }
            _ => Ok(()),
        }
    }
}

/// Reads an amount of memory: `1500M`, `2G`, or bytes.
pub fn amount(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, shift) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 10),
        b'm' | b'M' => (&text[..text.len() - 1], 20),
        b'g' | b'G' => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    number.trim().parse::<u64>().ok()?.checked_mul(1 << shift)
}
