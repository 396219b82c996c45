-- What the treasury paid for a project, and what of it on days without cover.
ALTER TABLE derived_project ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;             -- rupiah
ALTER TABLE derived_project ADD COLUMN paid_uncovered INTEGER NOT NULL DEFAULT 0;   -- rupiah
DELETE FROM derived_picture;
