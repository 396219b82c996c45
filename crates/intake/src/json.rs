//! JSON: arrays of objects, envelopes around them, JSON Lines, OCDS release and record packages.

use crate::limits::{COLUMNS_MAX, TEXT_BYTES_MAX, TEXT_ROWS_MAX};
use crate::refusal::LimitReached;
use crate::table::{Assembler, Sink};
use crate::{Options, Refusal, RefusalCode};
use registers::{CellKind, RawRow};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead as _, BufReader, Read};

type Open<'a> = &'a mut dyn FnMut() -> Result<Box<dyn Read + Send>, Refusal>;

/// Names under which envelopes keep their list of records.
const LISTS: [&str; 6] = ["data", "records", "releases", "rows", "result", "results"];

pub(crate) fn read(open: Open<'_>, options: &Options, sink: &mut dyn Sink) -> Result<(), Refusal> {
    // Objects of one feed do not all carry the same members, so the columns are collected first.
    let mut headers: Vec<String> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut count = 0u32;
    walk(
        open()?,
        &mut |_, key, _, _| {
            if !index.contains_key(key) {
                index.insert(key.to_owned(), headers.len());
                headers.push(key.to_owned());
            }
            headers.len() <= COLUMNS_MAX * 4
        },
        &mut || {
            count += 1;
            count <= TEXT_ROWS_MAX
        },
    )?;
    if count == 0 {
        return Err(Refusal::new(RefusalCode::NoRows));
    }
    if headers.len() > COLUMNS_MAX {
        return Err(Refusal::limit("columns", COLUMNS_MAX));
    }
    let mut assembler = Assembler::with_headers(options, &headers, "JSON".to_owned())?;
    let mut cells: Vec<(String, CellKind)> = vec![(String::new(), CellKind::Text); headers.len()];
    let mut row = RawRow::default();
    let mut refusal = None;
    {
        let cells = std::cell::RefCell::new(&mut cells);
        let mut line = 0u32;
        walk(
            open()?,
            &mut |_, key, text, kind| {
                if let Some(&at) = index.get(key) {
                    let slot = &mut cells.borrow_mut()[at];
                    slot.0.clear();
                    slot.0.push_str(text);
                    slot.1 = kind;
                }
                true
            },
            &mut || {
                line += 1;
                row.reset(line);
                for (text, kind) in cells.borrow_mut().iter_mut() {
                    row.push(text, *kind);
                    text.clear();
                    *kind = CellKind::Text;
                }
                match assembler.line(&row, sink) {
                    Ok(()) => true,
                    Err(r) => {
                        refusal = Some(r);
                        false
                    }
                }
            },
        )?;
    }
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    assembler.finish(sink).map(|_| ())
}

/// Called for every member of a record: record number, path, text, kind. False stops.
type OnCell<'a> = &'a mut dyn FnMut(u32, &str, &str, CellKind) -> bool;
/// Called after every record. False stops.
type OnRecord<'a> = &'a mut dyn FnMut() -> bool;

struct Walk<'a, 'b> {
    cell: OnCell<'a>,
    record: OnRecord<'b>,
    number: u32,
}

fn walk(reader: Box<dyn Read + Send>, cell: OnCell<'_>, record: OnRecord<'_>) -> Result<(), Refusal> {
    let bounded = Bounded { inner: reader, total: 0 };
    let mut walk = Walk { cell, record, number: 0 };
    let mut reader = BufReader::with_capacity(1 << 16, bounded);
    // Some programs write the mark of UTF-8 before it, which no JSON begins with.
    if reader.fill_buf().map_err(|e| Refusal::of_io(&e))?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    let mut json = serde_json::Deserializer::from_reader(reader);
    // One value is an array or an envelope; several in a row are JSON Lines.
    let mut values = 0;
    loop {
        match json.end() {
            Ok(()) => break,
            Err(e) if e.is_io() => return Err(refused(e)),
            Err(_) => {}
        }
        values += 1;
        Top { walk: &mut walk }.deserialize(&mut json).map_err(refused)?;
    }
    if values == 0 { Err(Refusal::new(RefusalCode::Empty)) } else { Ok(()) }
}

fn refused(error: serde_json::Error) -> Refusal {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => Refusal::new(RefusalCode::Truncated).with("line", line),
        serde_json::error::Category::Io => Refusal::of_io(&std::io::Error::from(error)),
        _ => Refusal::new(RefusalCode::JsonMalformed).with("line", line).with("column", column),
    }
}

struct Bounded {
    inner: Box<dyn Read + Send>,
    total: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.total += n as u64;
        if self.total > TEXT_BYTES_MAX {
            return Err(std::io::Error::other(LimitReached("text_bytes", TEXT_BYTES_MAX, self.total)));
        }
        Ok(n)
    }
}

/// A top-level value: an array of records, an envelope, or one record.
struct Top<'w, 'a, 'b> {
    walk: &'w mut Walk<'a, 'b>,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records, or an object around one")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Record { walk: self.walk })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // Members before the list belong to an envelope, unless no list comes: then the object is
        // itself a record.
        let mut own: Vec<(String, Box<RawValue>)> = Vec::new();
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if LISTS.contains(&key.as_str()) && !found && !own.iter().any(|(k, _)| k == "ocid") {
                found = map.next_value_seed(List { walk: self.walk })?;
            } else if found {
                map.next_value::<IgnoredAny>()?;
            } else {
                own.push((key, map.next_value()?));
            }
        }
        if !found {
            self.walk.object(own).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// The list inside an envelope; false where the member is no array.
struct List<'w, 'a, 'b> {
    walk: &'w mut Walk<'a, 'b>,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_> {
    type Value = bool;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element_seed(Record { walk: self.walk })?.is_some() {}
        Ok(true)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }
}

/// One record of a list.
struct Record<'w, 'a, 'b> {
    walk: &'w mut Walk<'a, 'b>,
}

impl<'de> DeserializeSeed<'de> for Record<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Record<'_, '_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record in braces")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let value: Box<RawValue> = map.next_value()?;
            self.walk.member(&key, &value).map_err(A::Error::custom)?;
        }
        self.walk.close().map_err(A::Error::custom)
    }
}

const STOPPED: &str = "stopped at a limit";

impl Walk<'_, '_> {
    fn object(&mut self, members: Vec<(String, Box<RawValue>)>) -> Result<(), &'static str> {
        for (key, value) in &members {
            self.member(key, value)?;
        }
        self.close()
    }

    fn close(&mut self) -> Result<(), &'static str> {
        self.number += 1;
        if (self.record)() { Ok(()) } else { Err(STOPPED) }
    }

    /// One member; objects inside are flattened to paths, arrays stay JSON.
    fn member(&mut self, path: &str, value: &RawValue) -> Result<(), &'static str> {
        let raw = value.get();
        let number = self.number;
        let go_on = match raw.as_bytes().first() {
            Some(b'"') => {
                let text: std::borrow::Cow<'_, str> = serde_json::from_str(raw).map_err(|_| "text")?;
                (self.cell)(number, path, &text, CellKind::Text)
            }
            Some(b'{') => {
                let members: Members<'_> = serde_json::from_str(raw).map_err(|_| "object")?;
                for (key, value) in members.0 {
                    self.member(&format!("{path}/{key}"), value)?;
                }
                true
            }
            Some(b'[') => (self.cell)(number, path, raw, CellKind::Json),
            Some(b'n') => (self.cell)(number, path, "", CellKind::Text),
            Some(b't' | b'f') => (self.cell)(number, path, raw, CellKind::Flag),
            _ => (self.cell)(number, path, raw, CellKind::Number),
        };
        if go_on { Ok(()) } else { Err(STOPPED) }
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut out = Vec::new();
                while let Some(entry) = map.next_entry::<String, &'de RawValue>()? {
                    out.push(entry);
                }
                Ok(Members(out))
            }
        }
        deserializer.deserialize_map(V)
    }
}
