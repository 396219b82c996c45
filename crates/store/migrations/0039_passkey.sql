-- Passkeys of members. Nothing here is secret: the secret half stays on the device. Times are seconds since 1970.
CREATE TABLE passkey (
    id         INTEGER PRIMARY KEY,
    member_id  INTEGER NOT NULL REFERENCES member (id),
    name       TEXT NOT NULL,              -- what its holder calls the device
    credential BLOB NOT NULL UNIQUE,       -- the device's name for the key
    holder     BLOB NOT NULL,              -- the device's name for the member: one for all keys of a member
    public     BLOB NOT NULL,              -- public half
    state      BLOB NOT NULL,              -- count of uses, and what else moves on
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    ended_at   INTEGER
);
CREATE INDEX passkey_member ON passkey (member_id);
-- Attempts to sign in that were used: an answer is good once.
CREATE TABLE passkey_attempt (
    content    BLOB PRIMARY KEY,           -- hash
    expires_at INTEGER NOT NULL
);
