-- The outreach car: places worth a visit, tours, and what each visit brought. Counts only, nobody named.
CREATE TABLE outreach_stop (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,                    -- project, group, other
    source    TEXT NOT NULL DEFAULT '',         -- code of a project, group and district: what it was proposed from
    name      TEXT NOT NULL,
    latitude  INTEGER NOT NULL,                 -- millionths of a degree
    longitude INTEGER NOT NULL,
    people    INTEGER NOT NULL,                 -- who could be covered there
    minutes   INTEGER NOT NULL,                 -- a visit takes
    opens     INTEGER NOT NULL,                 -- minute of the day
    closes    INTEGER NOT NULL,
    added_by  INTEGER NOT NULL,
    added_at  TEXT NOT NULL,                    -- UTC
    ended_at  TEXT
);
CREATE TABLE outreach_tour (
    id        INTEGER PRIMARY KEY,
    day       TEXT NOT NULL,
    body      TEXT NOT NULL,                    -- the question and its answer, as they were
    expected  INTEGER NOT NULL,                 -- hundredths of a person
    by_lot    INTEGER NOT NULL,                 -- the same, in an order drawn by lot
    made_by   INTEGER NOT NULL REFERENCES member (id),
    made_at   TEXT NOT NULL                     -- UTC
);
CREATE TABLE outreach_visit (
    id       INTEGER PRIMARY KEY,
    tour_id  INTEGER NOT NULL REFERENCES outreach_tour (id),
    stop_id  INTEGER NOT NULL REFERENCES outreach_stop (id),
    people   INTEGER NOT NULL,                  -- who could be covered, when it was planned
    outcome  TEXT NOT NULL DEFAULT '',          -- done, closed, refused, skipped
    enrolled INTEGER,
    minutes  INTEGER,
    note     TEXT NOT NULL DEFAULT '',
    told_by  INTEGER REFERENCES member (id),
    told_at  TEXT,                              -- UTC
    UNIQUE (tour_id, stop_id)
);
