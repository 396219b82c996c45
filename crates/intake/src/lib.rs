//! Hostile bytes to rows: CSV, XLSX, ODS, JSON, OCDS, and gzip of any of them.
//!
//! * **In:** an open file and what the clerk said about it.
//! * **Out:** tables, rows and problems through a [`Sink`], or one [`Refusal`] for the file.
//! * **Does not know:** the database, the network, any path. It runs in a child process with
//!   limits on memory, time and files ([`child`]), so a bad file never stops the service.
//! * **Read first:** [`read`], then [`limits`].
//!
//! ```
//! use std::io::{Seek, Write};
//! let mut file = tempfile::tempfile().unwrap();
//! write!(file, "kd_rup_lama;kd_rup_baru\n1;2\n").unwrap();
//! file.rewind().unwrap();
//! let mut tables = intake::Collect::default();
//! intake::read(file, &intake::Options::default(), &mut tables).unwrap();
//! assert_eq!(tables.tables[0].register, "rup_riwayat");
//! assert_eq!(tables.tables[0].rows[0].cell(1), "2");
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod child;
mod header;
mod json;
pub mod limits;
mod parquet;
mod pipe;
mod refusal;
mod sheet;
mod sniff;
mod table;
mod text;

pub use parquet::parquet_rows;
pub use refusal::{Refusal, RefusalCode};
pub use table::{Collect, Collected, Sink, TableEnd, TableStart};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};

/// What the clerk said about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The register, where the clerk named it.
    pub register: Option<String>,
    /// Field to header text, for sheets whose headers no register knows.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Row of the header, from 1.
    pub header_row: Option<u32>,
    /// Name of the one sheet to read.
    pub sheet: Option<String>,
    /// Decimal sign of all text amounts, where the clerk knows better than the votes.
    pub number_style: Option<kernel::money::NumberStyle>,
}

/// Every row of one sheet of a workbook as it stands, with no register in mind (the first sheet, where
/// none is named), within the same limits. `each` answers whether it wants more.
///
/// # Errors
/// A [`Refusal`] where the file is no workbook or is damaged.
pub fn workbook_rows(
    mut file: File,
    sheet: Option<&str>,
    each: &mut dyn FnMut(&registers::RawRow) -> bool,
) -> Result<(), Refusal> {
    let sniff::Kind::Workbook(format) = sniff::kind(&mut file)? else {
        return Err(Refusal::new(RefusalCode::Unreadable));
    };
    file.rewind().map_err(|e| Refusal::of_io(&e))?;
    sheet::plain_rows(file, format, sheet, each)
}

/// Reads every table of a file into `sink`.
///
/// # Errors
/// A [`Refusal`] where nothing of the file can be used; what the sink saw until then counts for
/// nothing.
pub fn read(mut file: File, options: &Options, sink: &mut dyn Sink) -> Result<(), Refusal> {
    let rewind = |file: &mut File| file.rewind().map_err(|e| Refusal::of_io(&e));
    rewind(&mut file)?;
    let kind = sniff::kind(&mut file)?;
    rewind(&mut file)?;
    match kind {
        sniff::Kind::Workbook(format) => sheet::read(file, format, options, sink),
        sniff::Kind::Gzip => {
            let inner = sniff::kind_inside_gzip(&mut file)?;
            rewind(&mut file)?;
            let open = |mut file: File| -> Result<Box<dyn Read + Send>, Refusal> {
                file.rewind().map_err(|e| Refusal::of_io(&e))?;
                Ok(Box::new(flate2::read::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 16, file))))
            };
            match inner {
                sniff::Kind::Json => json::read(&mut || open(clone(&file)?), options, sink),
                sniff::Kind::Text => text::read(&mut || open(clone(&file)?), options, sink),
                sniff::Kind::Workbook(format) => sheet::read(unpack(open(file)?)?, format, options, sink),
                sniff::Kind::Gzip => Err(Refusal::new(RefusalCode::GzipInGzip)),
            }
        }
        sniff::Kind::Json => json::read(&mut || plain(clone(&file)?), options, sink),
        sniff::Kind::Text => text::read(&mut || plain(clone(&file)?), options, sink),
    }
}

fn clone(file: &File) -> Result<File, Refusal> {
    file.try_clone().map_err(|e| Refusal::of_io(&e))
}

fn plain(mut file: File) -> Result<Box<dyn Read + Send>, Refusal> {
    file.rewind().map_err(|e| Refusal::of_io(&e))?;
    Ok(Box::new(file))
}

/// A gzipped workbook is rare and small; it is unpacked into memory, bounded.
fn unpack(reader: Box<dyn Read + Send>) -> Result<std::io::Cursor<Vec<u8>>, Refusal> {
    let mut bytes = Vec::new();
    let max = limits::WORKBOOK_BYTES_MAX;
    reader.take(max + 1).read_to_end(&mut bytes).map_err(|e| Refusal::of_io(&e))?;
    if bytes.len() as u64 > max {
        return Err(Refusal::limit("workbook_bytes", max));
    }
    Ok(std::io::Cursor::new(bytes))
}
