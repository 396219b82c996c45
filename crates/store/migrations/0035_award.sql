-- The award file: the year's guide as somebody entered it, and documents that answer what it asks. Taken back, not changed.
CREATE TABLE award_guide (
    id       INTEGER PRIMARY KEY,
    year     INTEGER NOT NULL,
    body     TEXT NOT NULL,                     -- YAML, as entered
    said_by  INTEGER NOT NULL REFERENCES member (id),
    said_at  TEXT NOT NULL,                     -- UTC
    ended_at TEXT
);
CREATE TABLE award_document (
    id       INTEGER PRIMARY KEY,
    guide_id INTEGER NOT NULL REFERENCES award_guide (id),
    evidence TEXT NOT NULL,                     -- code of what it answers
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,                     -- pdf, jpeg or png
    bytes    INTEGER NOT NULL,
    sha256   TEXT NOT NULL,
    sealed   BLOB NOT NULL,                     -- documents may name people
    added_by INTEGER NOT NULL REFERENCES member (id),
    added_at TEXT NOT NULL,                     -- UTC
    ended_at TEXT
);
CREATE INDEX award_document_guide ON award_document (guide_id, evidence);
