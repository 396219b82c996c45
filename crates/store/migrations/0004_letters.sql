-- A case: a duty of one project that is not met, and the letters about it.
CREATE TABLE case_file (
    id         INTEGER PRIMARY KEY,
    project    TEXT NOT NULL,
    code       TEXT NOT NULL,               -- the finding it is about
    name       TEXT NOT NULL,               -- of the project, as it was called then
    agency     TEXT NOT NULL,
    vendor     TEXT NOT NULL,
    npwp       TEXT NOT NULL,
    opened_by  INTEGER NOT NULL REFERENCES member (id),
    opened_at  TEXT NOT NULL,
    closed_at  TEXT,
    closed_why TEXT                         -- cured
);
CREATE UNIQUE INDEX case_file_open ON case_file (project, code) WHERE closed_at IS NULL;

-- A letter. A draft has no number; a released one has, and its PDF is kept as it went out.
CREATE TABLE letter (
    id           INTEGER PRIMARY KEY,
    case_id      INTEGER NOT NULL REFERENCES case_file (id),
    kind         TEXT NOT NULL,
    batch        INTEGER NOT NULL,          -- letters drafted in one act; the id of the first one
    facts        TEXT NOT NULL,             -- JSON: what it rests on
    inputs       TEXT NOT NULL,             -- JSON: what the writer added
    email        BLOB,                      -- the recipient's address, sealed
    drafted_by   INTEGER NOT NULL REFERENCES member (id),
    drafted_at   TEXT NOT NULL,
    discarded_by INTEGER REFERENCES member (id),
    discarded_at TEXT,
    released_by  INTEGER REFERENCES member (id),
    released_at  TEXT,
    dated        TEXT,                      -- the day on it
    year         INTEGER,
    sequence     INTEGER,                   -- within the year, without a gap
    number       TEXT,
    token        TEXT,                      -- leads to the page that says it is genuine
    template     TEXT,                      -- digest of the page it was printed on
    content      TEXT,                      -- JSON: what it says
    digest       TEXT,                      -- of the PDF
    pdf          BLOB,
    withdrawn_by INTEGER REFERENCES member (id),
    withdrawn_at TEXT,
    withdrawn_why TEXT,
    sending      TEXT NOT NULL DEFAULT '',  -- waiting, sent, failed, stopped
    sent_at      TEXT,
    sending_note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX letter_case ON letter (case_id, id);
CREATE UNIQUE INDEX letter_sequence ON letter (year, sequence) WHERE sequence IS NOT NULL;
CREATE UNIQUE INDEX letter_token ON letter (token) WHERE token IS NOT NULL;

-- What the city chose: its letterhead, who signs.
CREATE TABLE setting (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,               -- JSON
    changed_by INTEGER REFERENCES member (id),
    changed_at TEXT NOT NULL
);

-- A job may have to wait for the office to open.
ALTER TABLE job ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
