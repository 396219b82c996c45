-- A link with which a foreman's phone keeps the list of one project. Of the link only a hash is kept.
CREATE TABLE foreman_link (
    id           INTEGER PRIMARY KEY,
    project      TEXT NOT NULL,
    member_id    INTEGER NOT NULL REFERENCES member (id),  -- who made it; it reaches no further than they do
    name         TEXT NOT NULL,                 -- whose phone
    token        BLOB NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    confirmed_on TEXT NOT NULL DEFAULT '',      -- last day the list was said to be right
    ended_at     INTEGER
);
CREATE INDEX foreman_link_project ON foreman_link (project);

-- What a phone said, by the number it gave it: said again, it changes nothing and gets the same answer.
CREATE TABLE foreman_act (
    link_id INTEGER NOT NULL REFERENCES foreman_link (id),
    act     TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at      TEXT NOT NULL,                      -- UTC
    PRIMARY KEY (link_id, act)
);
