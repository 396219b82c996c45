-- Workshops: whom they are for, who was invited, who came, what they answered, and the certificates given.
ALTER TABLE derived_project ADD COLUMN started TEXT NOT NULL DEFAULT '';    -- day of the start order
ALTER TABLE derived_project ADD COLUMN prompt TEXT NOT NULL DEFAULT '';     -- registered by the last day to: yes, no, or nobody can tell
DELETE FROM derived_picture;
CREATE TABLE training (
    id       INTEGER PRIMARY KEY,
    role     TEXT NOT NULL,                     -- of the guide it teaches
    day      TEXT NOT NULL,
    opens    INTEGER NOT NULL,                  -- minute of the day
    closes   INTEGER NOT NULL,
    place    TEXT NOT NULL,
    seats    INTEGER NOT NULL,
    made_by  INTEGER NOT NULL REFERENCES member (id),
    made_at  TEXT NOT NULL,                     -- UTC
    ended_at TEXT,                              -- called off, UTC
    why      TEXT NOT NULL DEFAULT ''           -- it was called off
);
CREATE TABLE training_invite (
    id          INTEGER PRIMARY KEY,
    training_id INTEGER NOT NULL REFERENCES training (id),
    guest       TEXT NOT NULL,                  -- an agency as its projects name it, or an office as typed
    number      TEXT NOT NULL,
    pdf         BLOB NOT NULL,
    member_id   INTEGER NOT NULL REFERENCES member (id),
    at          TEXT NOT NULL,                  -- UTC
    UNIQUE (training_id, guest)
);
CREATE TABLE training_person (
    id          INTEGER PRIMARY KEY,
    training_id INTEGER NOT NULL REFERENCES training (id),
    mark        BLOB NOT NULL,                  -- digest of name and office: nobody stands twice
    agency      TEXT NOT NULL,                  -- as projects name it; empty for another office
    how         TEXT NOT NULL,                  -- code or list
    sealed      BLOB NOT NULL,                  -- name and office
    at          TEXT NOT NULL,                  -- UTC
    test        TEXT,                           -- the questions as they were asked
    answers     TEXT,                           -- place of each answer
    score       INTEGER,
    tested_at   TEXT,                           -- UTC
    UNIQUE (training_id, mark)
);
CREATE TABLE training_certificate (
    id               INTEGER PRIMARY KEY,
    person_id        INTEGER NOT NULL REFERENCES training_person (id),
    year             INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    number           TEXT NOT NULL,
    sign_key         TEXT NOT NULL,
    fingerprint      TEXT NOT NULL,             -- of what was signed
    sealed           BLOB NOT NULL,             -- the signed text: it names its holder
    at               TEXT NOT NULL,             -- UTC
    withdrawn_at     TEXT,                      -- UTC
    withdrawn_by     INTEGER REFERENCES member (id),
    withdrawn_day    TEXT,
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (person_id),
    UNIQUE (year, sequence)
);
CREATE UNIQUE INDEX training_certificate_number ON training_certificate (number);
CREATE INDEX training_certificate_key ON training_certificate (sign_key);
