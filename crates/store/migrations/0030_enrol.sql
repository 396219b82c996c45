-- Enrolment at the outreach car on a phone: a link for one tour, of which only a hash is kept, and what was said through it by the number the phone gave it.
CREATE TABLE outreach_phone (
    id         INTEGER PRIMARY KEY,
    tour_id    INTEGER NOT NULL REFERENCES outreach_tour (id),
    member_id  INTEGER NOT NULL REFERENCES member (id),    -- who made it; it reaches no further than they do
    name       TEXT NOT NULL,                   -- whose phone
    token      BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    ended_at   INTEGER
);
CREATE INDEX outreach_phone_tour ON outreach_phone (tour_id);
CREATE TABLE outreach_enrolled (
    phone_id INTEGER NOT NULL REFERENCES outreach_phone (id),
    act      TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    stop_id  INTEGER NOT NULL,                  -- 0 where nobody said
    at       TEXT NOT NULL,                     -- UTC
    PRIMARY KEY (phone_id, act)
);
-- Minutes of road that somebody measured; place 0 is where cars leave from. The newest word on a way stands.
CREATE TABLE outreach_road (
    id      INTEGER PRIMARY KEY,
    from_id INTEGER NOT NULL,
    to_id   INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    said_by INTEGER NOT NULL REFERENCES member (id),
    said_at TEXT NOT NULL,                      -- UTC
    UNIQUE (from_id, to_id)
);
