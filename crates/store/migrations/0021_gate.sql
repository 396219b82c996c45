-- Verdicts of gates as they were given, with the facts and rules they rest on: given again from these, they are the same to the byte.
CREATE TABLE gate_verdict (
    id        INTEGER PRIMARY KEY,
    project   TEXT NOT NULL,
    moment    TEXT NOT NULL,
    day       TEXT NOT NULL,
    at        TEXT NOT NULL,                    -- UTC
    member_id INTEGER,                          -- none for the operator
    facts     TEXT NOT NULL,                    -- JSON
    rules     TEXT NOT NULL,                    -- JSON
    verdict   TEXT NOT NULL                     -- JSON
);
CREATE INDEX gate_verdict_project ON gate_verdict (project, id);
