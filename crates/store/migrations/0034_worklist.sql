-- Whom to call or visit: lists drawn by what a contact brings, with a share by lot, and what came of each.
ALTER TABLE derived_project ADD COLUMN crew INTEGER NOT NULL DEFAULT 0;     -- people there as lists or forms say; 0 where none does
ALTER TABLE derived_project ADD COLUMN ends TEXT NOT NULL DEFAULT '';       -- last day of works; empty where unknown
DELETE FROM derived_picture;
CREATE TABLE worklist (
    id         INTEGER PRIMARY KEY,
    day        TEXT NOT NULL,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    minutes    INTEGER NOT NULL,                -- of staff it was drawn for
    share      INTEGER NOT NULL,                -- of them by lot, parts per million
    candidates INTEGER NOT NULL,                -- projects it was drawn from
    made_at    TEXT NOT NULL,                   -- UTC
    UNIQUE (day, member_id)
);
CREATE TABLE worklist_item (
    list_id  INTEGER NOT NULL REFERENCES worklist (id),
    place    INTEGER NOT NULL,
    project  TEXT NOT NULL,                     -- by code
    arm      TEXT NOT NULL,                     -- ranked, random; unlisted: drawn to be compared with, and shown to nobody
    state    TEXT NOT NULL,                     -- exposed or registering, on the day
    step     TEXT NOT NULL,                     -- call or visit; none for unlisted
    crew     INTEGER NOT NULL,                  -- people as they were known or estimated
    known    INTEGER NOT NULL,                  -- 1: known, 0: estimated
    days     INTEGER NOT NULL,                  -- of works left
    chance   INTEGER NOT NULL,                  -- after the step, parts per million, as believed
    alone    INTEGER NOT NULL,                  -- without it
    minutes  INTEGER NOT NULL,                  -- it was thought to take
    expected INTEGER NOT NULL,                  -- thousandths of worker-days
    told     TEXT NOT NULL DEFAULT '',          -- reached, promised, absent, not_done; empty: nothing yet
    took     INTEGER NOT NULL DEFAULT 0,        -- minutes as told
    told_at  TEXT,                              -- UTC
    PRIMARY KEY (list_id, place)
);
CREATE INDEX worklist_item_project ON worklist_item (project);
