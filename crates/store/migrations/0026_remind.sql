-- Members who asked to be written to when something waits for them, and the last day they were.
ALTER TABLE member ADD COLUMN remind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN reminded_on TEXT NOT NULL DEFAULT '';
