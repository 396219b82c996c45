-- Facts are append-only. A later row supersedes an earlier one of the same key; nothing is updated.
CREATE TABLE source_file (
    id          INTEGER PRIMARY KEY,
    digest      BLOB NOT NULL,              -- keyed digest of the bytes and of what the clerk said about them
    name        TEXT NOT NULL,              -- as the clerk called it; never used to decide anything
    bytes       INTEGER NOT NULL,
    recorded_at TEXT NOT NULL               -- UTC, RFC 3339, never earlier than the row before
);
CREATE UNIQUE INDEX source_file_digest ON source_file (digest);

CREATE TABLE source_table (
    id          INTEGER PRIMARY KEY,
    file_id     INTEGER NOT NULL REFERENCES source_file (id),
    sheet       TEXT,
    register    TEXT NOT NULL,
    header_line INTEGER NOT NULL,
    reading     TEXT NOT NULL,
    columns     TEXT NOT NULL,              -- JSON: header, field, style of each column
    rows        INTEGER NOT NULL,
    new         INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    unchanged   INTEGER NOT NULL,
    problems    INTEGER NOT NULL
);

CREATE TABLE source_row (
    id       INTEGER PRIMARY KEY,
    table_id INTEGER NOT NULL,              -- source_table; written in the same transaction
    line     INTEGER NOT NULL,
    key      BLOB NOT NULL,                 -- keyed digest of register and source key
    content  BLOB NOT NULL,                 -- keyed digest of what the row says
    kinds    TEXT,                          -- one letter a cell; NULL where every cell is text
    cells    TEXT NOT NULL,                 -- JSON array of raw texts; null where sealed
    sealed   BLOB                           -- personal cells, encrypted
);
CREATE INDEX source_row_key ON source_row (key);

CREATE TABLE source_problem (
    table_id INTEGER NOT NULL,
    code     TEXT NOT NULL,
    row      INTEGER,
    col      INTEGER,
    header   TEXT,
    excerpt  TEXT
);
CREATE INDEX source_problem_table ON source_problem (table_id);

-- Derived tables may be dropped and rebuilt to the same bytes.
CREATE TABLE derived_run (
    id      INTEGER PRIMARY KEY,
    as_of   TEXT NOT NULL,
    known   INTEGER NOT NULL,               -- last source_table that was known
    agency  TEXT NOT NULL,                  -- empty for the whole city
    law     TEXT NOT NULL,                  -- fingerprint of the law data
    digest  TEXT NOT NULL,
    UNIQUE (as_of, known, agency, law)
);
CREATE TABLE derived_line (
    run_id INTEGER NOT NULL REFERENCES derived_run (id),
    kind   TEXT NOT NULL,                   -- project, span, finding, link, place
    seq    INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (run_id, kind, seq)
) WITHOUT ROWID;
