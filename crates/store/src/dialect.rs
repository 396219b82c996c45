//! One SQL, two databases. The SQL of the store is written for both; what PostgreSQL spells otherwise is respelled
//! here, mechanically: places of values, types of columns. Where two texts are needed, both stand here with a name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Words of one search.
const WORDS_MAX: usize = 12;

/// Bytes of a word; a server indexes no longer ones, and nobody types them.
const WORD_BYTES_MAX: usize = 256;

impl Dialect {
    /// The number of migrations a database has, 0 for an empty one.
    pub(crate) fn schema_version(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA user_version",
            Self::Postgres => "SELECT coalesce(max(version), 0) FROM payung_schema",
        }
    }

    /// Makes the place where that number is kept, where it is not there.
    pub(crate) fn schema_place(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "CREATE TABLE IF NOT EXISTS payung_schema (version BIGINT NOT NULL, key_check BYTEA)",
        }
    }

    /// Keeps that number.
    pub(crate) fn schema_keep(self, version: i64) -> String {
        match self {
            Self::Sqlite => format!("PRAGMA user_version = {version}"),
            Self::Postgres if version == 0 => String::new(),
            Self::Postgres => format!(
                "INSERT INTO payung_schema (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM payung_schema);
                 UPDATE payung_schema SET version = {version}"
            ),
        }
    }

    /// Has a database been begun? Only asked of a server: a file that is not there has not.
    pub(crate) fn schema_stands(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT 1",
            Self::Postgres => "SELECT to_regclass('payung_schema') IS NOT NULL",
        }
    }

    /// How a database keeps text.
    pub(crate) fn encoding(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT 'UTF8'",
            Self::Postgres => "SELECT current_setting('server_encoding')",
        }
    }

    /// A migration in this database's words.
    pub(crate) fn schema(self, migration: &str) -> String {
        match self {
            Self::Sqlite => migration.to_owned(),
            Self::Postgres => schema_to_postgres(migration),
        }
    }

    /// Asks the database to check itself; it answers `ok` or what it found. A server checks itself all the time.
    pub(crate) fn check(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA quick_check",
            Self::Postgres => "SELECT 'ok'",
        }
    }

    /// The column of a table of words, and the text or words to put there.
    pub(crate) fn words_column(self) -> &'static str {
        match self {
            Self::Sqlite => "text",
            Self::Postgres => "words",
        }
    }

    /// What goes into the column of a table of words.
    pub(crate) fn words_of(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.to_owned(),
            Self::Postgres => {
                let mut words: Vec<String> = folded_words(text).map(|w| format!("'{w}'")).collect();
                words.sort_unstable();
                words.dedup();
                words.join(" ")
            }
        }
    }

    /// Lets the database look at a new picture before anybody asks of it. A server plans by what it last counted, and
    /// counts by itself only minutes later: until then the first page of a million projects took a second. A file's
    /// plans do not depend on counts.
    pub(crate) fn count_anew(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => {
                "ANALYZE derived_project; ANALYZE derived_finding; ANALYZE derived_search; ANALYZE derived_number;
                 ANALYZE derived_match; ANALYZE derived_option; ANALYZE derived_registration; ANALYZE derived_cover"
            }
        }
    }

    /// Empties a table of words.
    pub(crate) fn words_clear(self, table: &str) -> String {
        match self {
            // A table without content has nothing to delete row by row.
            Self::Sqlite => format!("INSERT INTO {table} ({table}) VALUES ('delete-all')"),
            Self::Postgres => format!("DELETE FROM {table}"),
        }
    }

    /// The condition that a row of a table of words holds the words of [`Dialect::match_words`].
    pub(crate) fn match_condition(self, alias: &str) -> String {
        match self {
            Self::Sqlite => format!("{alias}.text MATCH ?"),
            Self::Postgres => format!("{alias}.words @@ CAST(CAST(? AS TEXT) AS TSQUERY)"),
        }
    }

    /// Words as a full-text question: all of them, each as a beginning. Nothing typed can be an operator.
    pub(crate) fn match_words(self, text: &str) -> Option<String> {
        let (words, between): (Vec<String>, _) = match self {
            Self::Sqlite => {
                let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
                (words.take(WORDS_MAX).map(|w| format!("\"{w}\"*")).collect(), " ")
            }
            Self::Postgres => (folded_words(text).take(WORDS_MAX).map(|w| format!("'{w}':*")).collect(), " & "),
        };
        (!words.is_empty()).then(|| words.join(between))
    }
}

/// The words of a text as SQLite's `unicode61 remove_diacritics 2` has them: letters and digits, small, without marks.
fn folded_words(text: &str) -> impl Iterator<Item = String> {
    let folded: String = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w[..w.floor_char_boundary(WORD_BYTES_MAX)].to_owned())
        .collect();
    words.into_iter()
}

/// A piece of SQL: what may be respelled, and what is left as it is.
enum Piece<'a> {
    Code(&'a str),
    /// A string or a quoted name.
    Quoted(&'a str),
    Comment,
}

/// Takes SQL apart at its strings, quoted names and comments.
fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let (mut out, mut rest) = (Vec::new(), sql);
    while let Some(at) = rest.find(['\'', '"', '-']) {
        let (code, from) = rest.split_at(at);
        let comment = from.starts_with("--");
        if from.starts_with('-') && !comment {
            out.push(Piece::Code(&rest[..=at]));
            rest = &from[1..];
            continue;
        }
        out.push(Piece::Code(code));
        if comment {
            out.push(Piece::Comment);
            rest = from.find('\n').map_or("", |end| &from[end..]);
        } else {
            let mark = if from.starts_with('"') { '"' } else { '\'' };
            let end = from[1..].find(mark).map_or(from.len(), |end| end + 2);
            out.push(Piece::Quoted(&from[..end]));
            rest = &from[end..];
        }
    }
    out.push(Piece::Code(rest));
    out
}

/// A statement of the store in PostgreSQL's words: `?1` and `?` become `$1`, `instr` becomes `strpos`.
pub(crate) fn to_postgres(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut last = 0usize;
    for piece in pieces(sql) {
        match piece {
            Piece::Quoted(text) => out.push_str(text),
            Piece::Comment => {}
            Piece::Code(code) => {
                let mut parts = code.split('?');
                out.push_str(&parts.next().unwrap_or_default().replace("instr(", "strpos("));
                for part in parts {
                    let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                    let number = part[..digits].parse().unwrap_or(last + 1);
                    last = last.max(number);
                    out.push_str(&format!("${number}"));
                    out.push_str(&part[digits..].replace("instr(", "strpos("));
                }
            }
        }
    }
    out
}

/// Statements of a migration, without comments.
fn statements(migration: &str) -> Vec<String> {
    let (mut out, mut current) = (Vec::new(), String::new());
    for piece in pieces(migration) {
        match piece {
            Piece::Comment => {}
            Piece::Quoted(text) => current.push_str(text),
            Piece::Code(code) => {
                let mut parts = code.split(';');
                current.push_str(parts.next().unwrap_or_default());
                for part in parts {
                    out.push(std::mem::take(&mut current));
                    current.push_str(part);
                }
            }
        }
    }
    out.push(current);
    out.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

fn schema_to_postgres(migration: &str) -> String {
    let mut out = String::new();
    for statement in statements(migration) {
        let respelled = if let Some(rest) = statement.strip_prefix("CREATE VIRTUAL TABLE ") {
            words_table(rest.split_whitespace().next().unwrap_or_default())
        } else if statement.starts_with("CREATE TABLE ") || statement.starts_with("ALTER TABLE ") {
            table(&statement)
        } else {
            statement
        };
        out.push_str(&respelled);
        out.push_str(";\n");
    }
    out
}

/// What stands for a full-text table of SQLite: the words themselves, found by their beginnings. They are folded
/// before they come, so no dictionary of the server has a say in what is found.
fn words_table(name: &str) -> String {
    format!(
        "CREATE TABLE {name} (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
         CREATE INDEX {name}_words ON {name} USING GIN (words) WITH (fastupdate = off)"
    )
}

/// Types of columns. Text is ordered by its bytes, as SQLite orders it.
fn table(statement: &str) -> String {
    let mut out = String::new();
    let statement = statement.trim_end().trim_end_matches("WITHOUT ROWID").trim_end();
    for piece in pieces(statement) {
        match piece {
            Piece::Quoted(text) => out.push_str(text),
            Piece::Comment => {}
            Piece::Code(code) => {
                let code = code.replace("INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY");
                out.push_str(&types(&code));
            }
        }
    }
    // SQLite numbers the rows of a table that has no key of its own, and the store asks for that order.
    if statement.starts_with("CREATE TABLE ") && !statement.contains("PRIMARY KEY") {
        let end = out.rfind(')').unwrap_or(out.len());
        out.insert_str(end, ", rowid BIGINT GENERATED ALWAYS AS IDENTITY");
    }
    out
}

/// Words that are types, and only where they stand alone: a column may be called `text`.
fn types(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        out.push_str(match word.as_str() {
            "INTEGER" => "BIGINT",
            "BLOB" => "BYTEA",
            "TEXT" => "TEXT COLLATE \"C\"",
            other => other,
        });
        word.clear();
    };
    for c in code.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            out.push(c);
        }
    }
    flush(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_outside_of_strings_only() {
        assert_eq!(to_postgres("SELECT a - 1, '?1', \"x?\" FROM t WHERE b = ?2 AND c = ?1 -- why?\n"), {
            "SELECT a - 1, '?1', \"x?\" FROM t WHERE b = $2 AND c = $1 \n"
        });
        assert_eq!(to_postgres("a IN (?, ?) LIMIT ?"), "a IN ($1, $2) LIMIT $3");
        assert_eq!(to_postgres("instr(a || ' ' || b, ?12) > 0"), "strpos(a || ' ' || b, $12) > 0");
        assert_eq!(to_postgres("'it''s ?' || ?"), "'it''s ?' || $1");
    }

    #[test]
    fn tables_get_the_types_of_the_server() {
        let made = schema_to_postgres(
            "-- A comment; with a semicolon.\nCREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT NOT NULL, b BLOB);\n
             CREATE TABLE b (k TEXT, n INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (k)) WITHOUT ROWID; -- x\n
             CREATE TABLE c (at INTEGER NOT NULL CHECK (at IN (1, 2)));",
        );
        assert!(
            made.contains("a (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text TEXT COLLATE \"C\" NOT")
        );
        assert!(made.contains("b BYTEA)") && made.contains("PRIMARY KEY (k));"), "{made}");
        assert!(made.contains("CHECK (at IN (1, 2)), rowid BIGINT GENERATED ALWAYS AS IDENTITY);"), "{made}");
    }

    #[test]
    fn words_are_folded_and_hold_no_operator() {
        let found = Dialect::Postgres.words_of("Pengaspalan JALAN \"Melati\" & (RT. 04), Café-d'Or");
        assert_eq!(found, "'04' 'cafe' 'd' 'jalan' 'melati' 'or' 'pengaspalan' 'rt'");
        assert_eq!(Dialect::Postgres.match_words("café | !mel*").unwrap(), "'cafe':* & 'mel':*");
        assert_eq!(Dialect::Sqlite.match_words("café | !mel*").unwrap(), "\"café\"* \"mel\"*");
        assert_eq!(Dialect::Postgres.match_words(" ':* "), None);
    }
}
