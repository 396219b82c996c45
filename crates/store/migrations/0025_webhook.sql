-- How far another program was told what happened: one row.
CREATE TABLE webhook (
    id       INTEGER PRIMARY KEY,
    seq      INTEGER NOT NULL,                  -- last entry of the audit trail that was told or passed over
    failures INTEGER NOT NULL DEFAULT 0,        -- of the entry after it, in a row
    next_at  INTEGER NOT NULL DEFAULT 0,        -- not before, seconds since 1970
    told     INTEGER NOT NULL DEFAULT 0,        -- messages taken
    dropped  INTEGER NOT NULL DEFAULT 0,        -- messages given up
    note     TEXT NOT NULL DEFAULT ''           -- what the last failure was
);
