-- A translation memory of Chancery, format 1.
-- PRAGMA application_id = 0x43484e43 ("CHNC"), PRAGMA user_version = 1, journal in WAL mode.

-- One row: where the memory stands.
CREATE TABLE memory (
    identity  BLOB NOT NULL,      -- 16 random bytes, given once
    revision  INTEGER NOT NULL,   -- the newest revision, 0 before the first
    next_unit INTEGER NOT NULL,   -- the number the next new unit gets; numbers are never given twice
    units     INTEGER NOT NULL,   -- how many units there are
    purged    INTEGER NOT NULL    -- the before-images of this revision and earlier ones are gone
) STRICT;

-- The units as they are now.
CREATE TABLE unit (
    id     INTEGER PRIMARY KEY,
    record BLOB NOT NULL          -- everything about the unit; the format is that of record.rs
) STRICT;

-- The keys from the header of each record, to find units that might be equal.
CREATE TABLE unit_key (
    source  INTEGER NOT NULL,
    context INTEGER NOT NULL,
    texts   INTEGER NOT NULL,
    body    INTEGER NOT NULL,
    unit    INTEGER NOT NULL,
    PRIMARY KEY (source, context, texts, body, unit)
) STRICT, WITHOUT ROWID;

-- The journal: one row for each change of the memory.
CREATE TABLE revision (
    id         INTEGER PRIMARY KEY,
    time       INTEGER NOT NULL,  -- milliseconds since 1970-01-01T00:00:00Z, never descending
    author     TEXT NOT NULL,
    operation  TEXT NOT NULL,
    origin     TEXT NOT NULL,
    undoes     INTEGER,           -- the revision that was undone
    added      INTEGER NOT NULL,  -- how many units
    changed    INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    reversible INTEGER NOT NULL,  -- 0 after a purge
    stamp      INTEGER NOT NULL   -- random: tells copies of a memory apart that went separate ways
) STRICT;

-- New units: those from first to last came with this revision.
CREATE TABLE added (
    first    INTEGER PRIMARY KEY,
    last     INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX added_revision ON added (revision);

-- What a unit was before a revision changed it. NULL: it was not there (it was removed earlier).
CREATE TABLE change (
    unit     INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    before   BLOB,
    PRIMARY KEY (unit, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_revision ON change (revision, unit);
