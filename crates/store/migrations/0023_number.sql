-- Numbers under which a project is known elsewhere: contract, package, plan, payment order (SP2D). Part of the picture of the day.
CREATE TABLE derived_number (
    key     TEXT NOT NULL,                      -- capital letters and digits, one slash for anything between
    kind    TEXT NOT NULL,                      -- contract, package, plan or payment
    project TEXT NOT NULL
);
CREATE INDEX derived_number_key ON derived_number (key);
DELETE FROM derived_picture;
