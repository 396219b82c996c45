//! Every limit of the front door, each a named constant with a reason and a test.

/// Address space of the child that parses, in bytes. A failed allocation ends it; the parent
/// reports a file that is too heavy.
pub const CHILD_MEMORY_BYTES: u64 = 512 << 20;
/// Processor time of the child, in seconds.
pub const CHILD_CPU_SECONDS: u64 = 60;
/// What the child may send back, in bytes.
pub const CHILD_OUTPUT_BYTES_MAX: u64 = 4 << 30;
/// One message of the child, in bytes.
pub const FRAME_BYTES_MAX: usize = 64 << 20;

/// Unpacked size of a text or JSON file.
pub const TEXT_BYTES_MAX: u64 = 2 << 30;
/// Size of a workbook file inside a gzip.
pub const WORKBOOK_BYTES_MAX: u64 = 100 << 20;
/// A text file that is not UTF-8 is converted in memory, so it must be smaller.
pub const FOREIGN_TEXT_BYTES_MAX: u64 = 100 << 20;
/// One record of a text file: a longer one is an unclosed quotation mark or no table.
pub const RECORD_BYTES_MAX: u64 = 4 << 20;

/// Entries of a workbook's archive.
pub const ZIP_ENTRIES_MAX: usize = 2_000;
/// Unpacked size of a workbook, summed over its entries.
pub const ZIP_UNPACKED_BYTES_MAX: u64 = 300 << 20;
/// Unpacked over packed size of one entry larger than [`ZIP_RATIO_FROM_BYTES`].
pub const ZIP_RATIO_MAX: u64 = 200;
/// Small entries compress well for honest reasons.
pub const ZIP_RATIO_FROM_BYTES: u64 = 10 << 20;
/// Unpacked size of the shared strings, which load at once.
pub const SHARED_STRINGS_BYTES_MAX: u64 = 200 << 20;

/// Rows of one table: those of the largest spreadsheet.
pub const ROWS_MAX: u32 = 1_048_576;
/// Rows of a text or JSON file.
pub const TEXT_ROWS_MAX: u32 = 20_000_000;
/// Columns of one table.
pub const COLUMNS_MAX: usize = 256;
/// Cells of one workbook.
pub const CELLS_MAX: u64 = 20_000_000;
/// Characters of one cell; the rest is cut and reported.
pub const CELL_BYTES_MAX: usize = 32 << 10;
/// Merged areas of one sheet that are followed.
pub const MERGES_MAX: usize = 100_000;
/// Problems of one table that are listed; beyond, they are only counted.
pub const PROBLEMS_MAX: usize = 10_000;

/// Rows searched for a header.
pub const HEADER_SEARCH_ROWS: usize = 40;
/// Rows whose cells vote on the style of their columns.
pub const STYLE_VOTE_ROWS: usize = 5_000;
