-- The monitoring meeting: who came, what was promised by whom until when, the figures as they were, the minutes.
CREATE TABLE meeting (
    id        INTEGER PRIMARY KEY,
    day       TEXT NOT NULL,
    opens     INTEGER NOT NULL,                 -- minute of the day
    place     TEXT NOT NULL,
    made_by   INTEGER NOT NULL REFERENCES member (id),
    made_at   TEXT NOT NULL,                    -- UTC
    note      TEXT NOT NULL DEFAULT '',         -- what was said beside promises
    closed_at TEXT,                             -- minutes were made, UTC
    closed_by INTEGER REFERENCES member (id),
    figures   TEXT NOT NULL DEFAULT '',         -- JSON: as they were when it closed; the next one opens with the difference
    pdf       BLOB                              -- the minutes
);
CREATE TABLE meeting_guest (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id),
    guest      TEXT NOT NULL,                   -- an agency as its projects name it, or an office
    people     INTEGER NOT NULL,                -- who came; 0: nobody
    PRIMARY KEY (meeting_id, guest)
);
CREATE TABLE meeting_promise (
    id         INTEGER PRIMARY KEY,
    meeting_id INTEGER NOT NULL REFERENCES meeting (id),
    owner      TEXT NOT NULL,                   -- agency or office
    what       TEXT NOT NULL,
    due        TEXT NOT NULL,                   -- day
    cure       TEXT NOT NULL,                   -- said, registered, covered, finding: what the data have to show
    project    TEXT NOT NULL DEFAULT '',
    finding    TEXT NOT NULL DEFAULT '',        -- code
    said_by    INTEGER NOT NULL REFERENCES member (id),
    said_at    TEXT NOT NULL,                   -- UTC
    kept_on    TEXT,                            -- day on which the data showed the cure, or somebody said so
    kept_by    INTEGER REFERENCES member (id),  -- who said so; none where the data showed it
    ended_at   TEXT                             -- taken back, UTC
);
CREATE INDEX meeting_promise_meeting ON meeting_promise (meeting_id);
CREATE INDEX meeting_promise_open ON meeting_promise (kept_on, ended_at);
