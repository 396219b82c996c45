-- Forecasts of coverage as they were made: the first of a month stands, and nothing that is known later changes it.
CREATE TABLE coverage_forecast (
    made    TEXT NOT NULL,                      -- month it was made in
    month   TEXT NOT NULL,                      -- month it is of
    count   INTEGER NOT NULL,
    least   INTEGER NOT NULL,                   -- ends of the interval of 90 of 100
    most    INTEGER NOT NULL,
    known   TEXT NOT NULL,                      -- digest of the picture it rests on
    made_at TEXT NOT NULL,                      -- UTC
    PRIMARY KEY (made, month)
);
