-- Slips given about verdicts of gates: the signed text as it went out, and how it was withdrawn.
CREATE TABLE slip (
    id               INTEGER PRIMARY KEY,
    year             INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    number           TEXT NOT NULL,
    verdict_id       INTEGER NOT NULL REFERENCES gate_verdict (id),
    kind             TEXT NOT NULL,             -- clearance or status
    sign_key         TEXT NOT NULL,
    digest           TEXT NOT NULL,             -- of the verdict with its facts and rules
    until            TEXT NOT NULL,             -- last day it holds
    text             TEXT NOT NULL,             -- signed
    pdf              BLOB NOT NULL,
    at               TEXT NOT NULL,             -- UTC
    member_id        INTEGER NOT NULL REFERENCES member (id),
    withdrawn_at     TEXT,                      -- UTC
    withdrawn_by     INTEGER REFERENCES member (id),
    withdrawn_day    TEXT,
    withdrawn_kind   TEXT NOT NULL DEFAULT '',  -- void or ended
    withdrawn_reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX slip_number ON slip (number);
CREATE UNIQUE INDEX slip_sequence ON slip (year, sequence);
CREATE INDEX slip_verdict ON slip (verdict_id);
CREATE INDEX slip_withdrawn ON slip (withdrawn_at);
CREATE INDEX slip_key ON slip (sign_key);
