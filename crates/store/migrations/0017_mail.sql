-- What a contractor did with a letter received: opened it, answered it. The office says when it has read an answer.
CREATE TABLE letter_reply (
    id        INTEGER PRIMARY KEY,
    letter_id INTEGER NOT NULL REFERENCES letter (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    at        TEXT NOT NULL,                    -- UTC
    kind      TEXT NOT NULL,                    -- opened, or what is answered
    sealed    BLOB,                             -- words
    read_by   INTEGER REFERENCES member (id),
    read_at   TEXT
);
CREATE INDEX letter_reply_letter ON letter_reply (letter_id, id);
CREATE INDEX letter_reply_unread ON letter_reply (id) WHERE read_at IS NULL AND kind <> 'opened';
