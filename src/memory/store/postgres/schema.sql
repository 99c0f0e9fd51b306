-- A translation memory of Chancery on PostgreSQL, format 1: a schema of its own holds these tables.
-- The first five hold what the tables of the same names hold in an SQLite file.
--
-- Every unique key of a table that grows has the unit (or the source) in it, so that the tables can
-- be distributed by it, also by Citus: `unit`, `change`, `signature` by the unit, `unit_key` by the
-- source. The others are small, and are reference tables there.

-- One row: where the memory stands.
CREATE TABLE memory (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    format    int NOT NULL,
    signed    text NOT NULL,      -- by which rules the signatures were made
    topology  int NOT NULL DEFAULT 0, -- changes whenever the shards do; 0: there are none
    revision  bigint NOT NULL,    -- the newest revision, 0 before the first
    next_unit bigint NOT NULL,    -- the number the next new unit gets; numbers are never given twice
    units     bigint NOT NULL,    -- how many units there are
    purged    bigint NOT NULL     -- the before-images of this revision and earlier ones are gone
);

-- The units as they are now.
CREATE TABLE unit (
    id     bigint PRIMARY KEY,
    record bytea NOT NULL         -- everything about the unit; the format is that of record.rs
);

-- The keys from the header of each record, to find units that might be equal.
CREATE TABLE unit_key (
    source  bigint NOT NULL,      -- 64 bits; the others have 32
    context bigint NOT NULL,
    texts   bigint NOT NULL,
    body    bigint NOT NULL,
    unit    bigint NOT NULL,
    PRIMARY KEY (source, context, texts, body, unit)
);

-- The journal: one row for each change of the memory.
CREATE TABLE revision (
    id         bigint PRIMARY KEY,
    time       bigint NOT NULL,   -- milliseconds since 1970-01-01T00:00:00Z, never descending
    author     text NOT NULL,
    operation  text NOT NULL,
    origin     text NOT NULL,
    undoes     bigint,            -- the revision that was undone
    added      bigint NOT NULL,   -- how many units
    changed    bigint NOT NULL,
    removed    bigint NOT NULL,
    reversible boolean NOT NULL,  -- not after a purge
    stamp      bigint NOT NULL    -- random: tells a writer who lost the line whether this was its own
);

-- New units: those from first to last came with this revision.
CREATE TABLE added (
    first    bigint PRIMARY KEY,
    last     bigint NOT NULL,
    revision bigint NOT NULL
);
CREATE INDEX added_revision ON added (revision);

-- What a unit was before a revision changed it. NULL: it was not there (it was removed earlier).
CREATE TABLE change (
    unit     bigint NOT NULL,
    revision bigint NOT NULL,
    before   bytea,
    PRIMARY KEY (unit, revision)
);
CREATE INDEX change_revision ON change (revision, unit);

-- The concepts as they are now. Their ids are in the order of their bytes, whatever the collation
-- of the database.
CREATE TABLE concept (
    id   text COLLATE "C" PRIMARY KEY,
    text text NOT NULL            -- an entry of TBX; the memory does not read it
);

-- What a concept was before a revision changed it. NULL: it was not there.
CREATE TABLE concept_change (
    concept  text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    before   text,
    PRIMARY KEY (concept, revision)
);
CREATE INDEX concept_change_revision ON concept_change (revision, concept);

-- The words of all segments, whether they are there still or not.
CREATE TABLE word (
    lang  text NOT NULL,
    key   bytea NOT NULL,
    root  bigint NOT NULL,        -- hashes of the root and of the key
    token bigint NOT NULL,
    PRIMARY KEY (lang, key, token)
);

-- The servers that have the signatures, if there are any; else the table `signature` has them.
CREATE TABLE shard (
    number  int PRIMARY KEY,      -- from 0; a unit is on the shard that jump hashing gives it
    address text NOT NULL         -- without a password
);
