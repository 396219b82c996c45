-- The city's own sign-on. An attempt is good once, for minutes; what the provider calls a member stays.
CREATE TABLE signon_attempt (
    state      BLOB PRIMARY KEY,            -- hash
    secrets    BLOB NOT NULL,               -- sealed: nonce and verifier
    going      TEXT NOT NULL,               -- where to, afterwards
    expires_at INTEGER NOT NULL             -- seconds since 1970
);
CREATE TABLE signon_member (
    issuer    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    at        TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX signon_member_once ON signon_member (issuer, member_id);
