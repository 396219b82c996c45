-- A verdict that holds, set aside: asked for by one, released by another, for a time.
CREATE TABLE gate_override (
    id          INTEGER PRIMARY KEY,
    verdict_id  INTEGER NOT NULL REFERENCES gate_verdict (id),
    reason      TEXT NOT NULL,                  -- typed
    text        TEXT NOT NULL,
    until       TEXT NOT NULL,                  -- last day
    asked_by    INTEGER NOT NULL REFERENCES member (id),
    asked_at    TEXT NOT NULL,                  -- UTC
    decided_by  INTEGER REFERENCES member (id),
    decided_at  TEXT,
    outcome     TEXT NOT NULL DEFAULT ''        -- released or declined
);
CREATE INDEX gate_override_verdict ON gate_override (verdict_id);
