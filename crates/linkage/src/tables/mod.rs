//! Any two tables, linked by a profile.
//!
//! A [`Builder`] takes rows in batches, reads them in parallel and keeps only what is compared, in
//! flat arrays: no text but the identifiers and one copy of each word. [`Tables`] is what the
//! engine links.

mod column;
pub(crate) mod grade;
mod keys;
mod profile;
mod read;
mod rows;
mod run;
mod vocabulary;

pub use profile::{By, Columns, Field, Percent, Profile, ProfileFault, Rarity, RecallSpec, Thresholds, TrainSpec};
pub use read::Reader;
pub use run::{Deduped, Linked, Progress, Ready, Stage};

use column::Column;
use grade::Comparer;
use linkage_engine::{Lists, Outcomes, Side};
use rayon::prelude::*;
use read::{Read, Reading, Readings, Scratch};
use rows::Rows;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Rows of one table: the identifier, then the cells of each field in the order of the profile.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    ends: Vec<u32>,
    width: usize,
}

impl Batch {
    /// Rows with so many cells.
    pub fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Adds the next cell of the row being filled.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
    }

    /// Rows held.
    pub fn rows(&self) -> usize {
        self.ends.len() / self.width.max(1)
    }

    /// Bytes of text held; stay below four billion.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Empties it, keeping the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn cell(&self, row: usize, at: usize) -> &str {
        let i = row * self.width + at;
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[from as usize..self.ends[i] as usize]
    }
}

/// Identifiers of one side, as text.
#[derive(Debug, Default)]
struct Ids {
    text: String,
    ends: Vec<u64>,
    orders: Vec<u64>,
}

impl Ids {
    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len() as u64);
        self.orders.push(xxh3_64(id.as_bytes()));
    }

    fn get(&self, i: u32) -> &str {
        let i = i as usize;
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[from as usize..self.ends[i] as usize]
    }
}

/// Rows read at a time by one thread, with a word list of their own.
const RUN: usize = 2_048;

/// What a thread read: per field the words it met and the readings.
struct Run {
    rows: usize,
    fields: Vec<RunField>,
}

#[derive(Default)]
struct RunField {
    words: Vec<Box<str>>,
    readings: Readings,
    /// Rows count from the first of the run.
    amiss: Amiss,
}

/// Cells of a field that did not count as they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amiss {
    /// Cells that say something the field's reader cannot make out: they count as not filled in.
    pub unread: u64,
    /// The first row with such a cell.
    pub unread_row: Option<usize>,
    /// Cells with more different words than are kept; which are kept does not depend on the order of rows.
    pub cut: u64,
    /// The first row with such a cell.
    pub cut_row: Option<usize>,
}

impl Amiss {
    fn add(&mut self, run: &Self, from: usize) {
        self.unread += run.unread;
        self.unread_row = self.unread_row.or(run.unread_row.map(|row| row + from));
        self.cut += run.cut;
        self.cut_row = self.cut_row.or(run.cut_row.map(|row| row + from));
    }
}

/// Bytes a counted value takes while its table moves to a larger room: the new one twice filled, and the old one.
const COUNT_BYTES: u64 = 3 * 17;

/// Words of a value that are counted by themselves, on average.
const COUNTED_WORDS: u64 = 4;

/// Takes rows and makes [`Tables`].
#[derive(Debug)]
pub struct Builder {
    profile: Profile,
    columns: Vec<Column>,
    rows: [Rows; 2],
    ids: [Ids; 2],
    within: bool,
    spans: [Vec<std::ops::Range<usize>>; 2],
    amiss: [Vec<Amiss>; 2],
    /// Left rows that tell how rare a thing is, where later ones do not.
    counted: Option<usize>,
    grows: bool,
}

/// Two rows of one table bear one identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Which table.
    pub side: Side,
    /// The identifier.
    pub id: String,
    /// Indices of the first two rows that bear it.
    pub rows: (usize, usize),
}

impl Builder {
    /// For two tables. `cells` says, for each side, how many cells each field of the profile has in
    /// a batch's rows, after the identifier.
    pub fn new(profile: &Profile, cells: [&[usize]; 2]) -> Self {
        let spans = cells.map(|counts| {
            let mut at = 1;
            let span = |count: &usize| {
                at += count;
                at - count..at
            };
            counts.iter().map(span).collect()
        });
        Self {
            profile: profile.clone(),
            columns: profile.fields.iter().map(|f| Column::new(f, profile.rarity_of(&f.name))).collect(),
            rows: [Rows::default(), Rows::default()],
            ids: [Ids::default(), Ids::default()],
            within: false,
            spans,
            amiss: [(); 2].map(|()| vec![Amiss::default(); profile.fields.len()]),
            counted: None,
            grows: false,
        }
    }

    /// For one table against itself; rows are all of the left side.
    pub fn within(profile: &Profile, cells: &[usize]) -> Self {
        Self { within: true, ..Self::new(profile, [cells, cells]) }
    }

    /// Left rows added from here on do not change how rare a thing is, as those that [`Tables::add`] adds do not.
    pub fn stop_counting(&mut self) {
        self.counted = Some(self.rows(Side::Left));
    }

    /// Keeps what [`Tables::add`] needs to know of left rows to come: how often each value stands on the left.
    /// Memory: 17 bytes for each distinct value of a field.
    pub fn for_growing(&mut self) {
        self.grows = true;
    }

    /// Adds rows. Reading runs in parallel; words are numbered in the order of the rows.
    pub fn add(&mut self, side: Side, batch: &Batch) {
        take(
            &self.profile.fields,
            &self.spans[side as usize],
            &mut self.columns,
            side == Side::Left && self.counted.is_none(),
            batch,
            &mut self.rows[side as usize],
            (&mut self.ids[side as usize], &mut self.amiss[side as usize]),
        );
    }

    /// Cells of a side that did not count as they stand, by field of the profile. Rows count from 0.
    pub fn amiss(&self, side: Side) -> &[Amiss] {
        &self.amiss[side as usize]
    }

    /// Bytes adding a batch takes on top of what is held, at worst: records move to a room twice as large, and the batch
    /// is taken apart.
    pub fn adding_bytes(&self, side: Side, batch: &Batch) -> u64 {
        const APART: usize = 6;
        (self.rows[side as usize].bytes() + APART * batch.bytes()) as u64
    }

    /// Bytes [`Builder::finish`] takes on top of what is held, about: words a slip apart, counts of whole values.
    pub fn settling_bytes(&self) -> u64 {
        let lefts = self.rows(Side::Left) as u64;
        let counts = |c: &Column| {
            let words = if c.counts_words() { COUNTED_WORDS } else { 0 };
            (1 + words) * COUNT_BYTES * lefts + c.vocabulary.settling_bytes(c.field.slips)
        };
        self.columns.iter().map(counts).sum()
    }

    /// Rows taken so far.
    pub fn rows(&self, side: Side) -> usize {
        self.ids[side as usize].ends.len()
    }

    /// Everything is in: fixes what words and values say.
    ///
    /// # Errors
    /// The first [`Duplicate`] identifier of either table.
    pub fn finish(self) -> Result<Tables, Duplicate> {
        for side in [Side::Left, Side::Right] {
            if let Some(duplicate) = duplicate(&self.ids[side as usize], side) {
                return Err(duplicate);
            }
        }
        let (mut columns, mut rows) = (self.columns, self.rows);
        let counted = self.counted.unwrap_or(rows[0].len());
        columns.par_iter_mut().enumerate().for_each(|(f, column)| column.settle(f, &rows[0], counted));
        for side in &mut rows {
            side.shrink();
            side.fill(0, columns.len(), &|f, view| columns[f].info(&view));
        }
        if !self.grows {
            columns.iter_mut().for_each(Column::forget_counts);
        }
        let comparers = self.profile.compare.iter().map(|spec| Comparer::new(&self.profile, spec)).collect();
        let (ids, within, spans) = (self.ids, self.within, self.spans);
        Ok(Tables { profile: self.profile, columns, rows, comparers, ids, within, spans })
    }
}

/// Reads a batch, numbers its words and appends its records.
fn take(
    fields: &[Field],
    spans: &[std::ops::Range<usize>],
    columns: &mut [Column],
    counts: bool,
    batch: &Batch,
    own: &mut Rows,
    (ids, amiss): (&mut Ids, &mut [Amiss]),
) {
    let (rows, before) = (batch.rows(), ids.ends.len());
    let runs: Vec<Run> = (0..rows.div_ceil(RUN))
        .into_par_iter()
        .map(|run| read_run(fields, spans, batch, run * RUN..((run + 1) * RUN).min(rows)))
        .collect();
    for row in 0..rows {
        ids.push(batch.cell(row, 0).trim());
    }
    for (r, run) in runs.iter().enumerate() {
        run.fields.iter().zip(amiss.iter_mut()).for_each(|(field, all)| all.add(&field.amiss, before + r * RUN));
    }
    // One field does not touch another, so their words are numbered side by side.
    let numbers: Vec<Vec<Vec<u32>>> = columns
        .par_iter_mut()
        .enumerate()
        .map(|(f, column)| runs.iter().map(|run| number_words(column, &run.fields[f], counts)).collect())
        .collect();
    let packed: Vec<(Vec<u32>, Vec<u32>)> = runs
        .par_iter()
        .enumerate()
        .map(|(r, run)| {
            let words: Vec<&[u32]> = numbers.iter().map(|field| field[r].as_slice()).collect();
            let (mut data, mut starts) = (Vec::new(), Vec::new());
            let mut readings: Vec<Read<'_>> = Vec::new();
            for row in 0..run.rows {
                readings.clear();
                readings.extend(run.fields.iter().map(|f| f.readings.get(row)));
                starts.push(data.len() as u32);
                rows::pack(fields, &readings, &words, &mut data);
            }
            (data, starts)
        })
        .collect();
    packed.iter().for_each(|(data, starts)| own.append(data, starts));
}

/// Numbers the words of a run; of left records, counts in how many each stands.
fn number_words(column: &mut Column, run: &RunField, counts: bool) -> Vec<u32> {
    let words: Vec<u32> = run.words.iter().map(|w| column.vocabulary.intern(w)).collect();
    if counts {
        for token in (0..run.readings.len()).flat_map(|row| run.readings.get(row).tokens) {
            column.vocabulary.counts[words[*token as usize] as usize] += 1;
        }
    }
    words
}

fn read_run(fields: &[Field], spans: &[std::ops::Range<usize>], batch: &Batch, rows: std::ops::Range<usize>) -> Run {
    let mut scratch = Scratch::default();
    let read_field = |(field, span): (&Field, &std::ops::Range<usize>)| {
        let mut out = RunField::default();
        let mut ids: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let (mut reading, mut joined) = (Reading::default(), String::new());
        let is_place = field.read == Reader::Region && span.len() > 1;
        for row in rows.clone() {
            reading.clear();
            let mut is_read = true;
            let mut one = |cell: &str, reading: &mut Reading| {
                is_read &= read::read(field, cell, &mut scratch, reading, &mut |word| {
                    if let Some(id) = ids.get(word) {
                        return *id;
                    }
                    let id = out.words.len() as u32;
                    out.words.push(word.into());
                    ids.insert(word.into(), id);
                    id
                });
            };
            let cells = span.clone().map(|at| batch.cell(row, at));
            if is_place {
                // A village in one cell and its district in the next are one place.
                joined.clear();
                cells.for_each(|cell| joined.extend([cell, ", "]));
                one(&joined, &mut reading);
            } else {
                cells.for_each(|cell| one(cell, &mut reading));
            }
            read::finish(field.read, &mut reading);
            let own = row - rows.start;
            if !is_read {
                out.amiss.unread += 1;
                out.amiss.unread_row = out.amiss.unread_row.or(Some(own));
            }
            if rows::cut(&mut reading, &out.words) {
                out.amiss.cut += 1;
                out.amiss.cut_row = out.amiss.cut_row.or(Some(own));
            }
            out.readings.push(&reading);
        }
        out
    };
    Run { rows: rows.len(), fields: fields.iter().zip(spans).map(read_field).collect() }
}

fn duplicate(ids: &Ids, side: Side) -> Option<Duplicate> {
    let mut order: Vec<(u64, u32)> = ids.orders.iter().copied().zip(0..).collect();
    order.par_sort_unstable();
    let twins = order.windows(2).filter(|w| w[0].0 == w[1].0 && ids.get(w[0].1) == ids.get(w[1].1));
    let first = twins.min_by_key(|w| w[1].1)?;
    let rows = (first[0].1 as usize, first[1].1 as usize);
    Some(Duplicate { side, id: ids.get(first[0].1).to_owned(), rows })
}

/// Two tables, or one against itself, ready to be linked.
#[derive(Debug)]
pub struct Tables {
    profile: Profile,
    columns: Vec<Column>,
    rows: [Rows; 2],
    comparers: Vec<Comparer>,
    ids: [Ids; 2],
    within: bool,
    spans: [Vec<std::ops::Range<usize>>; 2],
}

impl Tables {
    /// Adds rows to a table: new registrations for standing works, or new works. How rare a thing is was counted when
    /// the tables were made and stays so: links of all rows are then those of tables loaded with these rows at the
    /// end, after [`Builder::stop_counting`]. Left rows need tables made [`Builder::for_growing`]. A word of new works
    /// that no row had before is found as it stands, not with a slip in it. Time: about one pass over the words of a
    /// field for each word never met.
    ///
    /// # Errors
    /// The first identifier the table already has, or the batch has twice; nothing is added then.
    pub fn add(&mut self, side: Side, batch: &Batch) -> Result<std::ops::Range<u32>, Duplicate> {
        let from = self.len(side);
        for row in 0..batch.rows() {
            let id = batch.cell(row, 0).trim();
            let twin = (0..row).find(|r| batch.cell(*r, 0).trim() == id).map(|r| from + r);
            if let Some(first) = self.find(side, id).map(|r| r as usize).or(twin) {
                return Err(Duplicate { side, id: id.to_owned(), rows: (first, from + row) });
            }
        }
        let own = self.side(side);
        let (rows, ids) = (&mut self.rows[own], &mut self.ids[own]);
        let mut amiss = vec![Amiss::default(); self.profile.fields.len()];
        take(&self.profile.fields, &self.spans[own], &mut self.columns, false, batch, rows, (ids, &mut amiss));
        self.columns.iter_mut().filter(|c| c.field.read.has_words()).for_each(|c| c.vocabulary.settle_later());
        let columns = &self.columns;
        self.rows[own].fill(from, columns.len(), &|f, view| columns[f].info(&view));
        Ok(from as u32..self.len(side) as u32)
    }

    /// Identifier of a record.
    pub fn id(&self, side: Side, record: u32) -> &str {
        self.ids[self.side(side)].get(record)
    }

    /// Record of an identifier. Time: one pass.
    pub fn find(&self, side: Side, id: &str) -> Option<u32> {
        let hash = xxh3_64(id.as_bytes());
        let ids = &self.ids[self.side(side)];
        (0..ids.orders.len() as u32).find(|i| ids.orders[*i as usize] == hash && ids.get(*i) == id)
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    fn side(&self, side: Side) -> usize {
        if self.within { 0 } else { side as usize }
    }
}

impl Lists for Tables {
    fn len(&self, side: Side) -> usize {
        self.ids[self.side(side)].ends.len()
    }

    fn order(&self, side: Side, record: u32) -> u64 {
        self.ids[self.side(side)].orders[record as usize]
    }

    fn keys(&self, side: Side, record: u32, out: &mut Vec<u64>) {
        let rows = &self.rows[self.side(side)];
        keys::keys(&self.profile.block, &self.columns, rows, self.profile.look.block_max, side, record, out);
    }

    fn compare(&self, left: u32, right: u32, out: &mut Outcomes) {
        let rights = &self.rows[self.side(Side::Right)];
        for comparer in &self.comparers {
            comparer.compare(&self.columns, (&self.rows[0], left), (rights, right), out);
        }
    }

    fn call(&self, left: &[u32]) {
        self.rows[0].call(left);
    }

    fn within(&self) -> bool {
        self.within
    }
}
