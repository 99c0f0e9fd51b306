-- Collections of a memory that not all may see. Run it as the owner of the memory:
--
--     psql -v schema=ministry -f collections.sql DATABASE
--
-- then say which units only the members of a role see, by the file they came from, the revision that
-- added them, or their numbers:
--
--     INSERT INTO ministry.collection SELECT first, last, 'ministry_cabinet'
--     FROM ministry.added JOIN ministry.revision ON revision.id = added.revision
--     WHERE revision.origin = 'cabinet.tmx';
--
-- Others do not get these units, in whatever way they ask. They see how many units there are in
-- all, and could read from the tables the words of all of them, each by itself, and their hashes.
-- Administrators see no more than the collections of their roles, and a purge leaves what they do not
-- see: let the owner purge, who sees all.

SET search_path = :"schema";
SET client_min_messages = warning;

CREATE TABLE IF NOT EXISTS collection (
    first bigint NOT NULL,        -- the units with these numbers and those between
    last  bigint NOT NULL,
    role  name NOT NULL           -- are seen by its members only
);
CREATE INDEX IF NOT EXISTS collection_last ON collection (last);

-- Everyone must be able to ask what is not for him.
GRANT SELECT ON collection TO PUBLIC;

SELECT format('DROP POLICY IF EXISTS %s ON %I', policy, tab)
FROM unnest(ARRAY['unit', 'change']) tab, unnest(ARRAY['seen', 'inserted', 'deleted']) policy \gexec

CREATE POLICY seen ON unit FOR SELECT USING (NOT EXISTS (
    SELECT FROM collection WHERE id BETWEEN first AND last AND NOT pg_has_role(role, 'member')));
CREATE POLICY inserted ON unit FOR INSERT WITH CHECK (true);
CREATE POLICY deleted ON unit FOR DELETE USING (true);
CREATE POLICY seen ON change FOR SELECT USING (NOT EXISTS (
    SELECT FROM collection WHERE unit BETWEEN first AND last AND NOT pg_has_role(role, 'member')));
CREATE POLICY inserted ON change FOR INSERT WITH CHECK (true);
CREATE POLICY deleted ON change FOR DELETE USING (true);

ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE change ENABLE ROW LEVEL SECURITY;
