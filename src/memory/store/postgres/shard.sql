-- What a shard of a memory holds beside its part of the signatures. All of it can be made anew from
-- the memory, and is, when it is lost.
CREATE TABLE part (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    number   int NOT NULL,        -- which shard this is
    shards   int NOT NULL,        -- of how many
    revision bigint NOT NULL,     -- which revision of the memory it shows
    signed   text NOT NULL        -- by which rules the signatures were made
);
