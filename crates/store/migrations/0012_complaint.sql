-- Complaints and tip-offs. Who sent one is not kept; whoever holds the code reads the answer. Words lie sealed.
CREATE TABLE complaint (
    id       INTEGER PRIMARY KEY,
    code     BLOB NOT NULL,                 -- keyed digest of the sender's code
    project  TEXT NOT NULL,                 -- empty where the sender did not know
    about    TEXT NOT NULL,
    standing TEXT NOT NULL,
    at       TEXT NOT NULL,                 -- UTC
    changed  TEXT NOT NULL                  -- UTC
);
CREATE UNIQUE INDEX complaint_code ON complaint (code);
CREATE INDEX complaint_standing ON complaint (standing, id);
CREATE TABLE complaint_word (
    id           INTEGER PRIMARY KEY,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    at           TEXT NOT NULL,
    step         TEXT NOT NULL,             -- sent, or a step of the office or the sender
    member       INTEGER,                   -- of the office; none for the sender
    sealed       BLOB NOT NULL
);
CREATE INDEX complaint_word_of ON complaint_word (complaint_id, id);
