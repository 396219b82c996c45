-- What officers said about a finding. The finding is derived; what was said stays, by the finding's mark:
-- a digest of its rule, its project and the facts it rests on. Other facts make another mark.
CREATE TABLE decision_finding (
    id           INTEGER PRIMARY KEY,
    mark         TEXT NOT NULL,
    code         TEXT NOT NULL,
    project      TEXT NOT NULL,
    registration TEXT NOT NULL,
    kind         TEXT NOT NULL,             -- answer, waiver, false_alarm
    reason       TEXT NOT NULL,
    said_by      INTEGER NOT NULL REFERENCES member (id),
    said_at      TEXT NOT NULL,
    released_by  INTEGER REFERENCES member (id),
    released_at  TEXT,
    ended_by     INTEGER REFERENCES member (id),
    ended_at     TEXT,
    ended_why    TEXT                       -- taken_back, declined, facts_changed
);
CREATE INDEX decision_finding_mark ON decision_finding (mark, id);
CREATE INDEX decision_finding_project ON decision_finding (project, id);
CREATE UNIQUE INDEX decision_finding_one ON decision_finding (mark) WHERE kind <> 'answer' AND ended_at IS NULL;

ALTER TABLE derived_finding ADD COLUMN mark TEXT NOT NULL DEFAULT '';
CREATE INDEX derived_finding_mark ON derived_finding (mark);
-- The picture of before has no marks: it is painted again.
DELETE FROM derived_picture;
