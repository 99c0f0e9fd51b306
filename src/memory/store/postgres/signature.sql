-- What a segment is found by: a row for each segment of each unit.
CREATE TABLE signature (
    unit    bigint NOT NULL,
    variant smallint NOT NULL,    -- which segment of the unit
    weight  int NOT NULL,         -- of all its tokens
    bits    bit(256) NOT NULL,    -- one for each root of its tokens, several share one
    keys    int[] NOT NULL,       -- hashes of language, root and class of weight
    lang    text NOT NULL,        -- the primary language
    PRIMARY KEY (unit, variant)
);
-- So that reading them copies nothing.
ALTER TABLE signature ALTER bits SET STORAGE PLAIN;
CREATE INDEX signature_keys ON signature USING gin (keys) WITH (fastupdate = off);
CREATE INDEX signature_weightless ON signature (lang) WHERE weight = 0;
-- How common keys are is estimated by ANALYZE, which PostgreSQL runs by itself from time to time.
ALTER TABLE signature ALTER keys SET STATISTICS 1000;
