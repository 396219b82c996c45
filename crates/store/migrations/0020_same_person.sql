-- What people said about two persons of derived_stay: one and the same, or two. The smaller digest first. Taken back, not changed.
CREATE TABLE same_person (
    id        INTEGER PRIMARY KEY,
    one       BLOB NOT NULL,                    -- person, digest
    other     BLOB NOT NULL,                    -- person, digest
    same      INTEGER NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    at        TEXT NOT NULL,                    -- UTC
    ended_at  TEXT
);
CREATE UNIQUE INDEX same_person_pair ON same_person (one, other) WHERE ended_at IS NULL;
CREATE INDEX same_person_other ON same_person (other) WHERE ended_at IS NULL;
