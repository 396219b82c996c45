-- Photos with a complaint: made anew from their picture, so that nothing of the file sent is kept, and sealed.
CREATE TABLE complaint_photo (
    id           INTEGER PRIMARY KEY,
    complaint_id INTEGER NOT NULL REFERENCES complaint (id),
    at           TEXT NOT NULL,                 -- UTC
    sealed       BLOB NOT NULL                  -- JPEG
);
CREATE INDEX complaint_photo_of ON complaint_photo (complaint_id, id);
