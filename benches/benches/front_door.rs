//! Reading and validating, beside the fastest public reader of each format, and storing.

use benches::{csv_file, xlsx_bytes};
use calamine::Reader as _;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use intake::{Collect, Options, Sink, TableEnd, TableStart};
use kernel::Problem;
use registers::RawRow;
use std::io::{Cursor, Seek, Write};
use store::{FileFacts, Location, Store, TableFacts, Vault};

fn main() {
    divan::main();
}

const CSV_ROWS: u32 = 1_000_000;
const XLSX_ROWS: u32 = 200_000;
const STORE_ROWS: u32 = 300_000;

/// Counts and forgets.
#[derive(Default)]
struct Count {
    rows: u64,
    problems: u64,
}

impl Sink for Count {
    fn table(&mut self, _: TableStart) {}
    fn row(&mut self, row: &RawRow) {
        self.rows += u64::from(!black_box(row).is_empty());
    }
    fn problem(&mut self, _: Problem) {
        self.problems += 1;
    }
    fn end(&mut self, _: TableEnd) {}
    fn unrecognised_sheet(&mut self, _: &str, _: u64) {}
}

mod csv_million {
    use super::*;

    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn payung_reads_and_validates(bencher: Bencher<'_, '_>) {
        let file = csv_file(0..CSV_ROWS);
        bencher.counter(ItemsCount::new(CSV_ROWS)).bench_local(|| {
            let mut count = Count::default();
            intake::read(file.try_clone().expect("clone"), &Options::default(), &mut count).expect("read");
            assert_eq!((count.rows, count.problems), (u64::from(CSV_ROWS), 0));
        });
    }

    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn peer_csv_byte_records(bencher: Bencher<'_, '_>) {
        let file = csv_file(0..CSV_ROWS);
        bencher.counter(ItemsCount::new(CSV_ROWS)).bench_local(|| {
            let mut file = file.try_clone().expect("clone");
            file.rewind().expect("rewind");
            let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
            let (mut record, mut rows) = (csv::ByteRecord::new(), 0u32);
            while reader.read_byte_record(&mut record).expect("read") {
                rows += u32::from(!black_box(&record).is_empty());
            }
            assert_eq!(rows, CSV_ROWS);
        });
    }
}

mod xlsx_200k {
    use super::*;

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn payung_reads_and_validates(bencher: Bencher<'_, '_>) {
        let mut file = tempfile::tempfile().expect("file");
        file.write_all(&xlsx_bytes(XLSX_ROWS)).expect("write");
        bencher.counter(ItemsCount::new(XLSX_ROWS)).bench_local(|| {
            let mut file = file.try_clone().expect("clone");
            file.rewind().expect("rewind");
            let mut count = Count::default();
            intake::read(file, &Options::default(), &mut count).expect("read");
            assert_eq!(count.rows, u64::from(XLSX_ROWS));
        });
    }

    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn peer_calamine_streaming_cells(bencher: Bencher<'_, '_>) {
        let bytes = xlsx_bytes(XLSX_ROWS);
        bencher.counter(ItemsCount::new(XLSX_ROWS)).bench_local(|| {
            let mut book = calamine::Xlsx::new(Cursor::new(&bytes)).expect("open");
            let name = book.sheet_names()[0].clone();
            let mut cells = book.worksheet_cells_reader(&name).expect("cells");
            let mut count = 0u64;
            while let Some(cell) = cells.next_cell().expect("cell") {
                count += u64::from(black_box(cell.get_position()).0 > 0);
            }
            assert_eq!(count, u64::from(XLSX_ROWS) * 9);
        });
    }
}

/// Rows `from` on, read.
fn collected(from: u32) -> Collect {
    let mut collected = Collect::default();
    intake::read(csv_file(from..from + STORE_ROWS), &Options::default(), &mut collected).expect("read");
    collected
}

/// Imports a read file in one transaction; every row must be new.
fn import(store: &mut Store, file: u8, collected: &Collect) {
    let table = &collected.tables[0];
    let recorded_at = "2026-01-01T00:00:00Z".into();
    let facts = FileFacts { name: "b.csv".into(), digest: [file; 16], bytes: 1, recorded_at };
    let mut import = store.import_begin(&facts).expect("begin");
    let columns = table.columns.clone();
    import.table(TableFacts { sheet: None, columns, header_line: 1, reading: String::new() }).expect("table");
    for row in &table.rows {
        import.row(row).expect("row");
    }
    assert_eq!(import.commit().expect("commit")[0].1.new, u64::from(STORE_ROWS));
}

/// A file, or the empty database of `PAYUNG_DATABASE`.
fn location(folder: &std::path::Path) -> Location {
    match std::env::var("PAYUNG_DATABASE") {
        Ok(url) => Location::server(&url).expect("address"),
        Err(_) => Location::File(folder.join("b.db")),
    }
}

fn empty_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(&location(folder.path()), Vault::new(&[7; 32])).expect("store");
    (folder, store)
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn store_first_file_of_a_register(bencher: Bencher<'_, '_>) {
    let rows = collected(0);
    bencher.counter(ItemsCount::new(STORE_ROWS)).with_inputs(empty_store).bench_local_values(|(folder, mut store)| {
        import(&mut store, 1, &rows);
        (folder, store)
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn store_second_file_with_key_look_up(bencher: Bencher<'_, '_>) {
    let (first, second) = (collected(0), collected(STORE_ROWS));
    bencher
        .counter(ItemsCount::new(STORE_ROWS))
        .with_inputs(|| {
            let (folder, mut store) = empty_store();
            import(&mut store, 1, &first);
            (folder, store)
        })
        .bench_local_values(|(folder, mut store)| {
            import(&mut store, 2, &second);
            (folder, store)
        });
}
