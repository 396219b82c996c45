-- Commitment officers (PPK), to count by person without a name: a keyed digest in the rows, the name sealed.
CREATE TABLE derived_officer (
    officer TEXT PRIMARY KEY,
    name    BLOB NOT NULL                   -- sealed
);
ALTER TABLE derived_project ADD COLUMN officer TEXT NOT NULL DEFAULT '';
ALTER TABLE derived_finding ADD COLUMN officer TEXT NOT NULL DEFAULT '';
CREATE INDEX derived_project_officer ON derived_project (counted, officer, id);
CREATE INDEX derived_finding_officer ON derived_finding (officer, code);
-- The picture of before has none of this: it is painted again.
DELETE FROM derived_picture;
