-- What a contractor, or the insurer's representative, says about days of work outside the usual band. The last word of a project stands.
CREATE TABLE labour_reply (
    id        INTEGER PRIMARY KEY,
    project   TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    at        TEXT NOT NULL,                    -- UTC
    reason    TEXT NOT NULL,
    sealed    BLOB                              -- words
);
CREATE INDEX labour_reply_project ON labour_reply (project, id);
DELETE FROM derived_picture;
