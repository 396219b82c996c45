-- How often somebody asked about a person today: counted by a keyed digest of what was asked, never by who asked. Rows of other days go.
CREATE TABLE check_attempt (
    key   BLOB NOT NULL,
    day   TEXT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (key, day)
);
