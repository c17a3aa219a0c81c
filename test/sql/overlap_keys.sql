-- Overlap protection of tables with more about them: other triggers, other keys, columns that are gone, row security.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\set VERBOSITY terse
CREATE SCHEMA t_overlap_keys;
CREATE ROLE regress_overlap_keys;
GRANT USAGE ON SCHEMA t_overlap_keys TO regress_overlap_keys;
SET search_path = t_overlap_keys;
SET TimeZone = 'UTC';
SELECT holdfast.allow_overlap(NULL);

-- A table with a trigger of its own, protected twice, with the same resource in another order refused.
CREATE TABLE shifts (gone text, id int PRIMARY KEY, room int NOT NULL, host int NOT NULL, badge int, code text, starts timestamptz NOT NULL, ends timestamptz NOT NULL, off boolean NOT NULL DEFAULT false);
CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER aa_pass BEFORE INSERT OR UPDATE ON shifts FOR EACH ROW EXECUTE FUNCTION pass();
CREATE TRIGGER zzz_pass BEFORE INSERT OR UPDATE ON shifts FOR EACH ROW EXECUTE FUNCTION pass();
ALTER TABLE shifts DROP COLUMN gone;
SELECT holdfast.prevent_overlap('shifts', '{room,host}', 'starts', 'ends', 'NOT off');
SELECT holdfast.prevent_overlap('shifts', '{host,room}', 'starts', 'ends');
SELECT holdfast.prevent_overlap('shifts', '{host}', 'starts', 'ends', 'NOT off');
-- a unique index that does not know the row, for its predicate or for a null, and one that does
CREATE UNIQUE INDEX ON shifts (badge);
CREATE UNIQUE INDEX ON shifts (lower(code)) WHERE off;
-- insert tells the outcome by a word; taken keys are the server's own error or, where the client asked for it, nothing
CREATE FUNCTION attempt(fields text, more text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_count int;
BEGIN
    EXECUTE format('INSERT INTO shifts VALUES (%s) %s', fields, more);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count || ' row';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT n, attempt(r), attempt(r, 'ON CONFLICT DO NOTHING') AS quietly
FROM (VALUES
    (1, '1, 1, 1, 7, ''a'', ''2030-01-01 10:00'', ''2030-01-01 11:00'', false'),
    (2, '2, 1, 2, NULL, ''A'', ''2030-01-01 10:00'', ''2030-01-01 11:00'', false'),
    (3, '3, 1, 2, NULL, NULL, ''2030-01-01 10:30'', ''2030-01-01 11:30'', false'),
    (4, '4, 2, 1, 8, NULL, ''2030-01-01 10:30'', ''2030-01-01 11:30'', false'),
    (5, '5, 2, 1, 7, NULL, ''2030-01-01 12:00'', ''2030-01-01 13:00'', false'),
    (6, '6, 1, 1, NULL, ''a'', ''2030-01-01 10:00'', ''2030-01-01 11:00'', true'),
    (7, '7, 1, 1, NULL, ''A'', ''2030-01-01 10:00'', ''2030-01-01 11:00'', true'),
    (8, '1, 1, 1, 9, NULL, ''2030-01-01 10:00'', ''2030-01-01 11:00'', false')
) AS v (n, r) ORDER BY n;
SELECT id FROM shifts ORDER BY id;

-- Row security: a table from which a column is gone; who may not write the row is told that, and not who has the time.
ALTER TABLE shifts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shifts TO regress_overlap_keys USING (host = 1) WITH CHECK (host = 1 AND code IS DISTINCT FROM 'no');
GRANT ALL ON shifts TO regress_overlap_keys;
GRANT EXECUTE ON FUNCTION attempt TO regress_overlap_keys;
SET ROLE regress_overlap_keys;
SELECT n, attempt(r) FROM (VALUES
    (1, '11, 3, 1, NULL, ''yes'', ''2030-01-01 10:30'', ''2030-01-01 10:40'', false'),
    (2, '12, 3, 1, NULL, ''no'', ''2030-01-01 10:30'', ''2030-01-01 10:40'', false'),
    (3, '13, 3, 2, NULL, ''yes'', ''2030-01-01 10:30'', ''2030-01-01 10:40'', false'),
    (4, '14, 3, 1, NULL, ''yes'', ''2030-01-02 10:30'', ''2030-01-02 10:40'', false')
) AS v (n, r) ORDER BY n;
RESET ROLE;

-- all of it is undone, and the table's own triggers stay
SELECT holdfast.allow_overlap('shifts');
SELECT tgname FROM pg_trigger WHERE tgrelid = 'shifts'::regclass ORDER BY 1;
SELECT holdfast.allow_overlap('shifts');

SET client_min_messages = warning;
DROP SCHEMA t_overlap_keys CASCADE;
DROP ROLE regress_overlap_keys;
