-- Coverage: whether a person is known by a number, when each registration covers, and what others say of how many people there are.
ALTER TABLE derived_stay ADD COLUMN numbered INTEGER NOT NULL DEFAULT 0;    -- 1: the person is known by an identity number
CREATE TABLE derived_cover (
    number TEXT PRIMARY KEY,                    -- of the registration
    since  TEXT NOT NULL,                       -- first day on which the first contribution is in and the period runs
    until  TEXT NOT NULL                        -- last day of the period
);
DELETE FROM derived_picture;
-- A number somebody else counted, hopes for or published, with where it stands. Taken back, not changed.
CREATE TABLE coverage_word (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,                    -- base: people it is asked of; claim: people covered as somebody says; target: share to be reached
    name      TEXT NOT NULL,                    -- what the number is called by whoever counts it
    segment   TEXT NOT NULL,                    -- empty: all
    month     TEXT NOT NULL,                    -- the month it is of, or by which a target is to be reached
    count     INTEGER NOT NULL,                 -- people; of a target parts per million
    least     INTEGER NOT NULL,
    most      INTEGER NOT NULL,
    source    TEXT NOT NULL,                    -- publication, letter, page
    dated     TEXT NOT NULL,                    -- day of the source
    said_by   INTEGER NOT NULL REFERENCES member (id),
    said_at   TEXT NOT NULL,                    -- UTC
    ended_at  TEXT,
    ended_by  INTEGER REFERENCES member (id)
);
CREATE INDEX coverage_word_kind ON coverage_word (kind, month);
