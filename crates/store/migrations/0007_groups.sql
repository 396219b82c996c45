-- What is built, and in which district.
ALTER TABLE derived_project ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE derived_project ADD COLUMN district TEXT NOT NULL DEFAULT '';    -- name; empty where none is told
CREATE INDEX derived_project_kind ON derived_project (counted, kind, id);
CREATE INDEX derived_project_district ON derived_project (counted, district, id);
-- The picture of before has none of this: it is painted again.
DELETE FROM derived_picture;
