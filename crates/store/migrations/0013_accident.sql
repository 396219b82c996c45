-- Work accidents. What happened, to whom and how badly is health data: sealed.
CREATE TABLE accident (
    id       INTEGER PRIMARY KEY,
    project  TEXT NOT NULL,
    mark     TEXT NOT NULL,                 -- entry on one of the project's lists; empty for somebody on none
    happened TEXT NOT NULL,                 -- day and minute, local
    at       TEXT NOT NULL,                 -- UTC
    sealed   BLOB NOT NULL
);
CREATE INDEX accident_project ON accident (project, id);
CREATE TABLE accident_step (
    id          INTEGER PRIMARY KEY,
    accident_id INTEGER NOT NULL REFERENCES accident (id),
    at          TEXT NOT NULL,              -- UTC, when it was said
    done        TEXT NOT NULL,              -- day and minute, local, when it was done
    step        TEXT NOT NULL,
    member      INTEGER,
    sealed      BLOB NOT NULL
);
CREATE INDEX accident_step_of ON accident_step (accident_id, id);
