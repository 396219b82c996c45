//! Parquet files, as data people keep them: flat columns, read row by row.

use crate::limits::{CELL_BYTES_MAX, COLUMNS_MAX};
use crate::{Refusal, RefusalCode};
use parquet::errors;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use registers::{CellKind, RawRow};
use std::fs::File;

/// Every row of a Parquet file as text, the names of the columns first as row 1. Days and moments
/// become `YYYY-MM-DD`; lists and groups become empty cells, because a register has none. `each`
/// answers whether it wants more.
///
/// # Errors
/// A [`Refusal`] where the file is damaged or ends early.
pub fn parquet_rows(file: File, each: &mut dyn FnMut(&RawRow) -> bool) -> Result<(), Refusal> {
    let reader = sound(|| SerializedFileReader::new(file))?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let columns = schema.root_schema().get_fields();
    if columns.len() > COLUMNS_MAX {
        return Err(Refusal::new(RefusalCode::TooLarge));
    }
    let mut row = RawRow::at(1);
    columns.iter().for_each(|c| row.push(c.name(), CellKind::Text));
    if !each(&row) {
        return Ok(());
    }
    let mut records = reader.into_iter();
    while let Some(record) = sound(|| records.next().transpose())? {
        row.reset(row.line.checked_add(1).ok_or_else(|| Refusal::new(RefusalCode::TooLarge))?);
        for (_, field) in record.get_column_iter() {
            push(field, &mut row)?;
        }
        if !each(&row) {
            break;
        }
    }
    Ok(())
}

/// The crate answers most damage with an error and some with a panic: both mean the file is damaged.
fn sound<T>(read: impl FnOnce() -> errors::Result<T>) -> Result<T, Refusal> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(Ok(sound)) => Ok(sound),
        // The crate has no error of its own for a method it was built without.
        Ok(Err(error)) if error.to_string().contains("Disabled feature") => {
            Err(Refusal::new(RefusalCode::PackedOtherwise))
        }
        _ => Err(Refusal::new(RefusalCode::Truncated)),
    }
}

fn push(field: &Field, row: &mut RawRow) -> Result<(), Refusal> {
    match field {
        Field::Null | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => row.push("", CellKind::Text),
        Field::Str(text) if text.len() > CELL_BYTES_MAX => return Err(Refusal::new(RefusalCode::TooLarge)),
        Field::Str(text) => row.push(text, CellKind::Text),
        // Writers without a text annotation store text as bytes.
        Field::Bytes(bytes) if bytes.len() <= CELL_BYTES_MAX => {
            row.push(&String::from_utf8_lossy(bytes.data()), CellKind::Text);
        }
        Field::Bytes(_) => return Err(Refusal::new(RefusalCode::TooLarge)),
        Field::Bool(flag) => row.push(if *flag { "true" } else { "false" }, CellKind::Flag),
        Field::Date(days) => push_day(i64::from(*days), row),
        Field::TimestampMillis(moment) => push_day(moment.div_euclid(86_400_000), row),
        Field::TimestampMicros(moment) => push_day(moment.div_euclid(86_400_000_000), row),
        Field::Double(value) => row.push(&value.to_string(), CellKind::Number),
        Field::Float(value) => row.push(&value.to_string(), CellKind::Number),
        number => row.push(&number.to_string(), CellKind::Number),
    }
    Ok(())
}

/// A day since 1 January 1970; one no calendar has stays its number, for the reader to complain of.
fn push_day(days: i64, row: &mut RawRow) {
    let since = jiff::Span::new().try_days(days);
    match since.and_then(|since| jiff::civil::date(1970, 1, 1).checked_add(since)) {
        Ok(day) => row.push(&day.to_string(), CellKind::Date),
        Err(_) => row.push(&days.to_string(), CellKind::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::io::{Seek, SeekFrom, Write};
    use std::sync::Arc;

    fn written(path: &std::path::Path) {
        let schema = "message t { required binary kode (UTF8); optional int64 nilai; required int32 mulai (DATE); }";
        let schema = Arc::new(parse_message_type(schema).expect("schema"));
        let file = File::create(path).expect("file");
        let mut writer =
            SerializedFileWriter::new(file, schema, Arc::new(WriterProperties::default())).expect("writer");
        let mut group = writer.next_row_group().expect("group");
        let mut column = group.next_column().expect("column").expect("kode");
        let codes = [ByteArray::from("RUP-01"), ByteArray::from("RUP-02")];
        column.typed::<ByteArrayType>().write_batch(&codes, None, None).expect("write");
        column.close().expect("close");
        let mut column = group.next_column().expect("column").expect("nilai");
        column.typed::<Int64Type>().write_batch(&[1_500_000_000], Some(&[1, 0]), None).expect("write");
        column.close().expect("close");
        let mut column = group.next_column().expect("column").expect("mulai");
        column.typed::<Int32Type>().write_batch(&[20_454, 0], None, None).expect("write");
        column.close().expect("close");
        group.close().expect("close");
        writer.close().expect("close");
    }

    #[test]
    fn rows_come_out_as_text() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rup.parquet");
        written(&path);
        let mut rows = Vec::new();
        parquet_rows(File::open(&path).expect("open"), &mut |row| {
            rows.push((0..row.len()).map(|i| row.cell(i).to_owned()).collect::<Vec<_>>());
            true
        })
        .expect("read");
        assert_eq!(
            rows,
            [["kode", "nilai", "mulai"], ["RUP-01", "1500000000", "2026-01-01"], ["RUP-02", "", "1970-01-01"]]
        );
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rup.parquet");
        written(&path);
        let length = std::fs::metadata(&path).expect("length").len();
        for at in 4..length {
            let mut bytes = std::fs::read(&path).expect("read");
            bytes[at as usize] ^= 0x5a;
            let mut copy = tempfile::tempfile().expect("file");
            copy.write_all(&bytes).expect("write");
            copy.seek(SeekFrom::Start(0)).expect("seek");
            // Refused or read; never an endless run.
            let _ = parquet_rows(copy, &mut |_| true);
        }
        let whole = std::fs::read(&path).expect("read");
        // Brotli is the fourth method, and a number stands in the file twice as large: one of these bytes names it.
        let packed = (4..whole.len()).any(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 8;
            let mut copy = tempfile::tempfile().expect("file");
            copy.write_all(&bytes).expect("write");
            copy.seek(SeekFrom::Start(0)).expect("seek");
            parquet_rows(copy, &mut |_| true).is_err_and(|refusal| refusal.code == RefusalCode::PackedOtherwise)
        });
        assert!(packed, "brotli is named, not called damage");
        let mut short = tempfile::tempfile().expect("file");
        short.write_all(&whole[..whole.len() - 9]).expect("write");
        let refusal = parquet_rows(short, &mut |_| true).expect_err("refused");
        assert_eq!(refusal.code, RefusalCode::Truncated);
    }
}
