-- Doubtful matches from the side of a project, and what several people said about one pair.
ALTER TABLE derived_match ADD COLUMN words TEXT NOT NULL DEFAULT '';    -- what a search looks at, small letters
CREATE TABLE derived_option (
    project  TEXT NOT NULL,
    match_id INTEGER NOT NULL,
    agency   TEXT NOT NULL,                 -- of the project: whose match it is
    PRIMARY KEY (project, match_id)
);
CREATE INDEX derived_option_match ON derived_option (match_id, agency);
CREATE TABLE derived_judgement (
    id           INTEGER PRIMARY KEY,
    registration TEXT NOT NULL,
    project      TEXT NOT NULL,
    people       INTEGER NOT NULL,          -- how many said something
    alone        TEXT NOT NULL,             -- who, where it was one
    draw         TEXT NOT NULL,             -- order in which others are asked: a digest of the pair
    said         TEXT NOT NULL,             -- JSON: [who, same] pairs, the last word of each, the newest first
    body         TEXT NOT NULL              -- JSON: the pair side by side; empty where one side is not known
);
CREATE INDEX derived_judgement_draw ON derived_judgement (people, draw);
-- The picture of before has none of this: it is painted again.
DELETE FROM derived_picture;
