-- Keys of programs that ask for JSON. The key is shown once and kept as a hash; it never reaches further than its
-- member does. Times are seconds since 1970.
CREATE TABLE api_key (
    id         INTEGER PRIMARY KEY,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    name       TEXT NOT NULL,
    token      BLOB NOT NULL UNIQUE,
    rights     TEXT NOT NULL,              -- JSON: [action, resource] pairs
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    ended_at   INTEGER
);
CREATE INDEX api_key_member ON api_key (member_id);

-- Questions of the list of projects a member keeps under a name.
CREATE TABLE saved_view (
    id        INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES member (id),
    name      TEXT NOT NULL,
    query     TEXT NOT NULL,               -- as in the address
    UNIQUE (member_id, name)
);
