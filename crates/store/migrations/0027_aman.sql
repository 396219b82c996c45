-- Money for the contributions of vulnerable workers. Payung holds none of it: it keeps the book of what a bank or the treasury holds.

-- Who gives. What says who it is lies sealed.
CREATE TABLE donor (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,                    -- person, servant, firm, office
    agency    TEXT NOT NULL DEFAULT '',         -- of a civil servant, or the office that collects
    sealed    BLOB NOT NULL,                    -- name, contact
    added_by  INTEGER NOT NULL REFERENCES member (id),
    added_at  TEXT NOT NULL,                    -- UTC
    ended_at  TEXT,                             -- UTC
    ended_why TEXT NOT NULL DEFAULT ''
);

-- What money is for: everybody, or one group; gifts, or a budget.
CREATE TABLE fund (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    payer     TEXT NOT NULL,                    -- donor or budget
    for_group TEXT NOT NULL DEFAULT '',         -- key of a group; empty: everybody
    added_by  INTEGER NOT NULL,
    added_at  TEXT NOT NULL,
    UNIQUE (name)
);

CREATE TABLE pledge (
    id          INTEGER PRIMARY KEY,
    donor_id    INTEGER NOT NULL REFERENCES donor (id),
    fund_id     INTEGER NOT NULL REFERENCES fund (id),
    rhythm      TEXT NOT NULL,                  -- once, monthly, payroll
    amount      INTEGER NOT NULL,               -- rupiah of one time
    first_month TEXT NOT NULL,                  -- first day of it
    last_month  TEXT,                           -- first day of it; NULL: until it is ended
    spelled     TEXT NOT NULL UNIQUE,           -- what the donor writes into the transfer
    person      BLOB,                           -- whom the donor wishes to be covered first, by keyed digest
    added_by    INTEGER NOT NULL REFERENCES member (id),
    added_at    TEXT NOT NULL,
    ended_at    TEXT,
    ended_why   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX pledge_donor ON pledge (donor_id);

-- Bank accounts whose statements were taken up, by the number on them.
CREATE TABLE bank_account (
    id      INTEGER PRIMARY KEY,
    number  TEXT NOT NULL UNIQUE,               -- empty: statements that do not say
    balance INTEGER NOT NULL DEFAULT 0,         -- printed after the last line
    through TEXT NOT NULL DEFAULT ''            -- day of the last line
);

-- Lines of statements taken into the book. What the bank printed stays in source_row, sealed. What an account held before its first
-- line is a line too, without a key.
CREATE TABLE bank_line (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES bank_account (id),
    key        BLOB UNIQUE,                     -- source_row.key
    day        TEXT NOT NULL,
    amount     INTEGER NOT NULL,                -- above zero came, below went
    balance    INTEGER NOT NULL                 -- printed after it
);

-- Lines of the city's budget.
CREATE TABLE budget_line (
    id      INTEGER PRIMARY KEY,
    fund_id INTEGER NOT NULL REFERENCES fund (id),
    name    TEXT NOT NULL UNIQUE
);

-- Months of cover for people, bought from one fund: asked for by one, decided by another.
CREATE TABLE allotment (
    id          INTEGER PRIMARY KEY,
    fund_id     INTEGER NOT NULL REFERENCES fund (id),
    first_month TEXT NOT NULL,
    last_month  TEXT NOT NULL,
    amount      INTEGER NOT NULL,               -- rupiah, the most any reading of the law asks
    asked_by    INTEGER NOT NULL REFERENCES member (id),
    asked_at    TEXT NOT NULL,
    decided_by  INTEGER REFERENCES member (id),
    decided_at  TEXT,
    outcome     TEXT NOT NULL DEFAULT '',       -- released or declined
    paid_at     TEXT,                           -- when a payment for it was found
    closed_at   TEXT                            -- when what was left went back
);
CREATE TABLE allotment_person (
    id           INTEGER PRIMARY KEY,
    allotment_id INTEGER NOT NULL REFERENCES allotment (id),
    person       BLOB NOT NULL,                 -- keyed digest
    for_group    TEXT NOT NULL,
    first_month  TEXT NOT NULL,
    last_month   TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    ended_at     TEXT,                          -- UTC: taken off before anything was paid
    UNIQUE (allotment_id, person)
);
CREATE INDEX allotment_person_person ON allotment_person (person);

-- The book. Entries are only added; one that was a mistake is taken back by another.
CREATE TABLE ledger_entry (
    id           INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,                 -- UTC
    member       INTEGER NOT NULL,
    day          TEXT NOT NULL,                 -- value date
    kind         TEXT NOT NULL,
    line_id      INTEGER REFERENCES bank_line (id),
    donor_id     INTEGER REFERENCES donor (id),
    pledge_id    INTEGER REFERENCES pledge (id),
    fund_id      INTEGER REFERENCES fund (id),
    allotment_id INTEGER REFERENCES allotment (id),
    gift_id      INTEGER REFERENCES ledger_entry (id),   -- the gift that went back
    undoes       INTEGER UNIQUE REFERENCES ledger_entry (id),
    note         TEXT NOT NULL DEFAULT ''       -- number of a document
);
CREATE INDEX ledger_entry_line ON ledger_entry (line_id);
CREATE INDEX ledger_entry_donor ON ledger_entry (donor_id);
CREATE INDEX ledger_entry_allotment ON ledger_entry (allotment_id);
CREATE TABLE ledger_posting (
    id       INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES ledger_entry (id),
    account  TEXT NOT NULL,
    amount   INTEGER NOT NULL                   -- above zero debit, below credit
);
CREATE INDEX ledger_posting_entry ON ledger_posting (entry_id);
-- What entries come to, kept in their transactions and compared with them by the check.
CREATE TABLE ledger_account (
    account TEXT PRIMARY KEY,
    balance INTEGER NOT NULL
);
