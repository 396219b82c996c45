-- The file a phone's word came in with: taken back, it counts no more. And the first day a promise was kept: it stands where the data show it again.
ALTER TABLE outreach_enrolled ADD COLUMN file_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meeting_promise ADD COLUMN first_kept_on TEXT;
