-- Four roles for a memory on PostgreSQL. Run it as the owner of the memory, who may make roles:
--
--     psql -v schema=ministry -f roles.sql DATABASE
--
-- then give people what they need: GRANT ministry_translator TO a_leroy;
-- A shard needs the same: there readers only read, and the others write what is searched.

SELECT :'schema' || '_reader' AS reader, :'schema' || '_translator' AS translator,
    :'schema' || '_terminologist' AS terminologist,
    :'schema' || '_administrator' AS administrator \gset

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'reader', :'translator',
    :'terminologist', :'administrator']) name
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) \gexec

SET search_path = :"schema";
GRANT USAGE ON SCHEMA :"schema" TO :"reader", :"translator", :"terminologist", :"administrator";
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema"
    TO :"reader", :"translator", :"terminologist", :"administrator";

SELECT to_regclass('memory') IS NOT NULL AS is_memory \gset
\if :is_memory
    -- Whoever changes anything writes the journal; nobody but administrators changes what is in it.
    GRANT UPDATE ON memory TO :"translator", :"terminologist", :"administrator";
    GRANT INSERT ON revision, added, change TO :"translator", :"terminologist", :"administrator";
    -- The before-image of a unit that is again what it was is taken back within its revision.
    GRANT DELETE ON change TO :"translator", :"administrator";
    GRANT INSERT, DELETE ON unit, unit_key, signature TO :"translator", :"administrator";
    GRANT INSERT ON word TO :"translator", :"administrator";
    GRANT INSERT, UPDATE, DELETE ON concept TO :"terminologist", :"administrator";
    GRANT INSERT ON concept_change TO :"terminologist", :"administrator";
    -- To purge the past.
    GRANT UPDATE ON revision TO :"administrator";
    GRANT DELETE ON concept_change TO :"administrator";
    GRANT INSERT ON shard TO :"administrator";
\else
    GRANT INSERT, DELETE ON signature TO :"translator", :"terminologist", :"administrator";
    GRANT UPDATE ON part TO :"translator", :"terminologist", :"administrator";
\endif
