-- Who works here. Rights are rows: asked for by one, released by another, ended, never deleted.
CREATE TABLE member (
    id          INTEGER PRIMARY KEY,
    login       TEXT NOT NULL UNIQUE,       -- e-mail address, lower case
    name        TEXT NOT NULL,
    password    TEXT,                       -- Argon2id, PHC string
    totp        BLOB,                       -- secret of the second factor, sealed
    totp_step   INTEGER NOT NULL DEFAULT 0, -- last time step used: a code works once
    disabled_at TEXT,
    created_at  TEXT NOT NULL
);
CREATE TABLE member_grant (
    id          INTEGER PRIMARY KEY,
    member_id   INTEGER NOT NULL REFERENCES member (id),
    role        TEXT NOT NULL,
    scope       TEXT NOT NULL,              -- JSON
    asked_by    INTEGER REFERENCES member (id),
    asked_at    TEXT NOT NULL,
    released_by INTEGER REFERENCES member (id),
    released_at TEXT,
    ended_at    TEXT
);
CREATE INDEX member_grant_member ON member_grant (member_id);

-- Tokens are kept as hashes. Times are seconds since 1970.
CREATE TABLE session (
    token      BLOB PRIMARY KEY,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    stage      TEXT NOT NULL,               -- password: second factor outstanding; full
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    fresh_at   INTEGER NOT NULL,            -- last full proof, for acts that ask for a fresh one
    agent      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_member ON session (member_id);
CREATE TABLE invitation (
    token      BLOB PRIMARY KEY,
    login      TEXT NOT NULL,
    name       TEXT NOT NULL,
    grants     TEXT NOT NULL,               -- JSON
    invited_by INTEGER REFERENCES member (id),
    expires_at INTEGER NOT NULL,
    used_at    TEXT
) WITHOUT ROWID;
CREATE TABLE sign_in_failure (
    login BLOB NOT NULL,                    -- keyed digest of what was typed
    at    INTEGER NOT NULL
);
CREATE INDEX sign_in_failure_login ON sign_in_failure (login, at);

CREATE TABLE audit_entry (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    request TEXT NOT NULL,
    outcome TEXT NOT NULL,
    before  TEXT NOT NULL,
    hash    TEXT NOT NULL
);

-- Work in the background: leased, so that what died is taken up again.
CREATE TABLE job (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,               -- JSON
    asked_by   INTEGER REFERENCES member (id),
    state      TEXT NOT NULL,               -- waiting, running, done, failed, cancelled
    done       INTEGER NOT NULL DEFAULT 0,
    total      INTEGER NOT NULL DEFAULT 0,
    outcome    TEXT,                        -- JSON
    asked_at   TEXT NOT NULL,
    ended_at   TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX job_state ON job (state, id);

-- A file laid on the desk, before anybody says yes.
CREATE TABLE upload (
    id        INTEGER PRIMARY KEY,
    digest    TEXT NOT NULL,                -- of the bytes; the name of the file in the folder of uploads
    name      TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    member_id INTEGER REFERENCES member (id),
    at        TEXT NOT NULL,
    options   TEXT NOT NULL,                -- JSON
    job_id    INTEGER REFERENCES job (id)
);

-- An import that was taken back. It is a table of its own in the sequence, so that what was known on a day
-- stays what it was.
CREATE TABLE source_withdrawal (
    table_id INTEGER PRIMARY KEY,           -- its place in the sequence of source_table
    file_id  INTEGER NOT NULL REFERENCES source_file (id),
    at       TEXT NOT NULL,
    by       TEXT NOT NULL,
    reason   TEXT NOT NULL
);

-- The picture of today: what the pages show. Derived.
CREATE TABLE derived_picture (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    as_of   TEXT NOT NULL,
    known   INTEGER NOT NULL,
    law     TEXT NOT NULL,
    digest  TEXT NOT NULL,
    body    TEXT NOT NULL                   -- JSON: totals, agencies, months, sources
);
CREATE TABLE derived_project (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    agency      TEXT NOT NULL,
    vendor      TEXT NOT NULL,
    npwp        TEXT NOT NULL,
    year        INTEGER NOT NULL,
    role        TEXT NOT NULL,
    stage       TEXT NOT NULL,
    state       TEXT NOT NULL,              -- today's; possible: worded like construction, not counted yet
    counted     INTEGER NOT NULL,           -- part of the city's sums
    value       INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    uncovered   INTEGER NOT NULL,           -- project-days
    worker_days INTEGER NOT NULL,           -- known worker-days
    deadline    TEXT NOT NULL,
    gravest     TEXT NOT NULL,              -- finding
    findings    INTEGER NOT NULL,
    body        TEXT NOT NULL               -- JSON: the evidence
);
CREATE UNIQUE INDEX derived_project_code ON derived_project (code);
-- Rows are numbered in the order of the default list, the most uncovered days first.
CREATE INDEX derived_project_counted ON derived_project (counted, id);
CREATE INDEX derived_project_value ON derived_project (counted, value DESC, id);
CREATE INDEX derived_project_name ON derived_project (counted, name, id);
CREATE INDEX derived_project_state ON derived_project (counted, state, id);
CREATE INDEX derived_project_agency ON derived_project (counted, agency, id);
CREATE INDEX derived_project_both ON derived_project (counted, agency, state, id);
CREATE INDEX derived_project_gravest ON derived_project (counted, gravest, id);
CREATE INDEX derived_project_npwp ON derived_project (counted, npwp, id);
CREATE VIRTUAL TABLE derived_search USING fts5 (text, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE derived_finding (
    id           INTEGER PRIMARY KEY,
    code         TEXT NOT NULL,
    project      TEXT NOT NULL,
    registration TEXT NOT NULL,
    name         TEXT NOT NULL,
    agency       TEXT NOT NULL,
    vendor       TEXT NOT NULL,
    npwp         TEXT NOT NULL,
    since        TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    contested    INTEGER NOT NULL,
    body         TEXT NOT NULL              -- JSON: facts and rows
);
CREATE INDEX derived_finding_code ON derived_finding (code, id);
CREATE INDEX derived_finding_project ON derived_finding (project);
CREATE TABLE derived_match (
    id           INTEGER PRIMARY KEY,
    registration TEXT NOT NULL,
    state        TEXT NOT NULL,             -- review, unmatched
    body         TEXT NOT NULL              -- JSON: the registration and its options
);
CREATE UNIQUE INDEX derived_match_registration ON derived_match (state, registration);
