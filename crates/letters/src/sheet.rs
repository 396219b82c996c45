//! A sheet for a wall: heads, sentences, their articles; A4, both sides.

use crate::{Fault, world};
use serde::Serialize;

/// What stands under one head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Head.
    pub head: String,
    /// Sentence, its articles, and what else is said about it.
    pub items: Vec<(String, String, Vec<String>)>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// ISO code of its language.
    pub language: String,
    /// Title.
    pub title: String,
    /// Under the title.
    pub subtitle: String,
    /// In order.
    pub parts: Vec<Part>,
    /// At the foot of each page.
    pub foot: String,
    /// The word for a page.
    pub page: String,
}

impl Sheet {
    /// The sheet as PDF of PDF/A-2a and PDF/UA-1, and the pages it takes. `day` is year, month, day.
    ///
    /// # Errors
    /// [`Fault`] of the typesetter.
    pub fn pdf(&self, day: (i32, u8, u8)) -> Result<(Vec<u8>, usize), Fault> {
        world::sheet(self, &format!("{} {day:?}", self.title), day)
    }
}
