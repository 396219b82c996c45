-- Months with a day without cover, `,2026-05,2026-06,`: what a month of the dashboard opens.
ALTER TABLE derived_project ADD COLUMN months TEXT NOT NULL DEFAULT '';
DELETE FROM derived_picture;
