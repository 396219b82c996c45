-- Who stood on which list from when to when, as it was known from one point of the sequence of tables to another. Kept with
-- every import and withdrawal, and made again from source_row by a rebuild. What a line says about the person stays there, sealed.
CREATE TABLE derived_stay (
    id       INTEGER PRIMARY KEY,
    key      BLOB NOT NULL,                 -- source_row.key
    known    INTEGER NOT NULL,              -- table or withdrawal from which it was known
    until    INTEGER,                       -- the one from which it was known otherwise; NULL while it stands
    list     TEXT NOT NULL,                 -- P:code of a project, R:number of a registration
    person   BLOB NOT NULL,                 -- keyed digest
    joined   TEXT NOT NULL,                 -- day, empty where unknown
    left_on  TEXT NOT NULL,                 -- last day, empty while there
    reported TEXT NOT NULL                  -- day, empty where unknown
);
CREATE INDEX derived_stay_key ON derived_stay (key);
CREATE INDEX derived_stay_known ON derived_stay (known);
CREATE INDEX derived_stay_until ON derived_stay (until) WHERE until IS NOT NULL;
CREATE INDEX derived_stay_list ON derived_stay (list);
CREATE INDEX derived_stay_person ON derived_stay (person);

-- Which registration is of which project, in the picture.
CREATE TABLE derived_registration (
    number  TEXT NOT NULL,
    project TEXT NOT NULL,
    PRIMARY KEY (number, project)
);
DELETE FROM derived_picture;

-- A list of workers a contractor laid down and nobody has said yes to yet. Goes when it is stored or thrown away.
CREATE TABLE roster_draft (
    id      INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    by      INTEGER,
    at      TEXT NOT NULL,                  -- UTC
    name    TEXT NOT NULL,                  -- file name
    sealed  BLOB NOT NULL                   -- lines, what was mended in them, what was decided
);
CREATE INDEX roster_draft_project ON roster_draft (project);
