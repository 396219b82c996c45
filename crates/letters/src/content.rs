//! What a letter says.

use serde::{Deserialize, Serialize};

/// A logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// PNG or JPEG.
    pub bytes: Vec<u8>,
}

/// Whose letter it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// Lines: the city, the office, its address.
    pub lines: Vec<String>,
    /// The coat of arms; not part of what is stored with a letter.
    #[serde(skip)]
    pub logo: Option<Logo>,
}

/// Words around what a letter says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Number.
    pub number: String,
    /// Subject.
    pub subject: String,
    /// Before the recipient.
    pub to: String,
    /// Above the list of copies.
    pub copies: String,
    /// Before the address at which it can be verified.
    pub verify: String,
    /// Page.
    pub page: String,
    /// In the place of the number of a draft.
    pub number_waits: String,
    /// What the square code is, for whoever cannot see it.
    pub code: String,
    /// What the logo is, for whoever cannot see it.
    pub logo: String,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// Office.
    pub title: String,
    /// Name.
    pub name: String,
    /// Staff number, with its word.
    pub id: String,
}

/// A piece of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its text.
        text: String,
    },
    /// Names and values.
    Facts {
        /// In order.
        rows: Vec<(String, String)>,
    },
    /// A numbered list.
    List {
        /// In order.
        items: Vec<String>,
    },
}

/// Everything a letter says but its number and day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// ISO code of its language.
    pub language: String,
    /// What it is, such as "first warning".
    pub title: String,
    /// Head.
    pub letterhead: Letterhead,
    /// Words of the frame.
    pub labels: Labels,
    /// Where it is written.
    pub place: String,
    /// Subject.
    pub subject: String,
    /// To whom, line by line.
    pub recipient: Vec<String>,
    /// Body.
    pub blocks: Vec<Block>,
    /// Who signs.
    pub signatory: Signatory,
    /// Who gets a copy.
    pub copies: Vec<String>,
}
