-- Registrations are found by project, and a forecast knows from which month it was made.
CREATE INDEX derived_registration_project ON derived_registration (project);
ALTER TABLE coverage_forecast ADD COLUMN last_month TEXT NOT NULL DEFAULT '';       -- last month that was told then
ALTER TABLE coverage_forecast ADD COLUMN last_count INTEGER NOT NULL DEFAULT 0;     -- its count as it was then
