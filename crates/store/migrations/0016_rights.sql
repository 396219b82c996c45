-- Requests to erase what is known of one person: asked for by one member, carried out on the word of another.
CREATE TABLE erasure (
    id         INTEGER PRIMARY KEY,
    person     BLOB NOT NULL,                   -- the digest of derived_stay
    reason     TEXT NOT NULL,
    asked_by   INTEGER NOT NULL REFERENCES member (id),
    asked_at   TEXT NOT NULL,                   -- UTC
    decided_by INTEGER REFERENCES member (id),
    decided_at TEXT,
    outcome    TEXT NOT NULL DEFAULT '',        -- done or declined
    entries    INTEGER NOT NULL DEFAULT 0       -- entries of lists whose personal cells are gone
);
CREATE INDEX erasure_person ON erasure (person);
