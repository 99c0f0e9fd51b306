-- Format 2: concepts beside the units, under the same journal.

-- The concepts as they are now.
CREATE TABLE concept (
    id   TEXT PRIMARY KEY,
    text TEXT NOT NULL            -- an entry of TBX; the memory does not read it
) STRICT, WITHOUT ROWID;

-- What a concept was before a revision changed it. NULL: it was not there.
CREATE TABLE concept_change (
    concept  TEXT NOT NULL,
    revision INTEGER NOT NULL,
    before   TEXT,
    PRIMARY KEY (concept, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX concept_change_revision ON concept_change (revision, concept);
