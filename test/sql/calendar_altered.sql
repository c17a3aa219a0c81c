-- Calendars that somebody has altered: columns in another order, other keys. What they say stays the same; only the way to it changes.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\set VERBOSITY terse
CREATE SCHEMA t_calendar_altered;
SET search_path = t_calendar_altered;
SET TimeZone = 'UTC';
SET holdfast.now = '2030-01-01 00:00+00';
CREATE FUNCTION u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE FUNCTION at(hours text) RETURNS tstzrange LANGUAGE sql IMMUTABLE AS $$
    SELECT tstzrange(('2030-01-10 ' || split_part(hours, '-', 1) || '+00')::timestamptz, ('2030-01-10 ' || split_part(hours, '-', 2) || '+00')::timestamptz)
$$;
-- works goes through the life of blocks in a calendar and says what became of each step.
CREATE FUNCTION works(calendar regclass) RETURNS TABLE (step text, answer text) LANGUAGE plpgsql AS $$
DECLARE
    v_key uuid;
    v_other uuid;
BEGIN
    SELECT h.hold_key INTO v_key FROM holdfast.hold(calendar, u(9), ARRAY[u(1), u(2)], ARRAY[at('10:00-11:00'), at('12:00-13:00')], u(5)) AS h LIMIT 1;
    step := 'held'; EXECUTE format('SELECT string_agg(right(resource_id::text, 1) || to_char(starts_at, '' HH24:MI''), '', '' ORDER BY resource_id, starts_at) FROM %s', calendar) INTO answer; RETURN NEXT;
    step := 'taken'; SELECT string_agg(t.conflict #>> '{retry_after_seconds}', ',') INTO answer FROM holdfast.try_hold(calendar, u(9), ARRAY[u(2)], ARRAY[at('12:30-13:30')], NULL) AS t; RETURN NEXT;
    step := 'another tenant'; SELECT count(*)::text INTO answer FROM holdfast.try_hold(calendar, u(8), ARRAY[u(2)], ARRAY[at('12:30-13:30')], NULL) AS t WHERE t.conflict IS NULL; RETURN NEXT;
    step := 'free'; SELECT string_agg(to_char(f.starts_at, 'HH24:MI'), ' ' ORDER BY f.starts_at) INTO answer
        FROM holdfast.free_slots(calendar, u(9), ARRAY[u(1)], ARRAY[tstzmultirange(at('09:00-15:00'))], '1 hour') AS f; RETURN NEXT;
    step := 'extended'; answer := to_char(holdfast.extend(calendar, u(9), v_key, '10 minutes'), 'HH24:MI'); RETURN NEXT;
    step := 'confirmed'; SELECT count(*)::text INTO answer FROM holdfast.confirm(calendar, u(9), v_key, ARRAY[u(50), u(50)]); RETURN NEXT;
    -- both occurrences of what is moved stand where the new time is, and beside it
    step := 'moved'; SELECT h.hold_key INTO v_other FROM holdfast.hold(calendar, u(9), ARRAY[u(1)], ARRAY[at('09:30-13:30')], u(5), replaces => u(50)) AS h;
        SELECT string_agg(to_char(lower(c.during), 'HH24:MI'), ' ' ORDER BY c.during) INTO answer FROM holdfast.conflicts(calendar, u(9), ARRAY[u(1)], ARRAY[at('00:00-23:00')]) AS c; RETURN NEXT;
    step := 'still taken'; SELECT count(*)::text INTO answer FROM holdfast.try_hold(calendar, u(9), ARRAY[u(1)], ARRAY[at('11:15-11:45')], NULL) AS t WHERE t.conflict IS NOT NULL; RETURN NEXT;
    step := 'swapped'; PERFORM holdfast.confirm(calendar, u(9), v_other); EXECUTE format('SELECT string_agg(right(resource_id::text, 1) || lane || to_char(starts_at, '' HH24:MI''), '', '' ORDER BY resource_id, starts_at, lane) FROM %s WHERE organization_id = u(9)', calendar) INTO answer; RETURN NEXT;
    step := 'sound'; SELECT count(*)::text INTO answer FROM holdfast.verify_calendar(calendar); RETURN NEXT;
END $$;
SELECT holdfast.create_calendar('t_calendar_altered.plain');
CREATE TABLE told AS SELECT * FROM works('plain');
SELECT * FROM told;

-- each alteration makes a calendar that answers as the first one did
CREATE FUNCTION differences(calendar regclass) RETURNS TABLE (step text, answer text, before text) LANGUAGE sql AS $$
    SELECT w.step, w.answer, t.answer FROM works(calendar) AS w JOIN told AS t USING (step) WHERE w.answer IS DISTINCT FROM t.answer
$$;
DELETE FROM plain;
SELECT * FROM differences('plain');
SELECT holdfast.create_calendar('t_calendar_altered.c1'), holdfast.create_calendar('t_calendar_altered.c2'), holdfast.create_calendar('t_calendar_altered.c3'),
    holdfast.create_calendar('t_calendar_altered.c4');
-- a column that was dropped and made again, one more, a check, a key that is checked at the end, another primary key
ALTER TABLE c1 DROP COLUMN holder;
ALTER TABLE c1 ADD COLUMN holder uuid;
SELECT * FROM differences('c1');
ALTER TABLE c2 ADD COLUMN room text DEFAULT 'a', ADD CHECK (room <> 'b');
SELECT * FROM differences('c2');
ALTER TABLE c3 ADD UNIQUE (organization_id, hold_key, kind) DEFERRABLE INITIALLY DEFERRED;
SELECT * FROM differences('c3');
DO $$
BEGIN
    EXECUTE format('ALTER TABLE c4 DROP CONSTRAINT %I', (SELECT conname FROM pg_constraint WHERE conrelid = 'c4'::regclass AND contype = 'p'));
END $$;
ALTER TABLE c4 ADD PRIMARY KEY (resource_id, lane, organization_id, hold_key);
SELECT * FROM differences('c4');
-- without one of its columns it is none
\set VERBOSITY default
ALTER TABLE c2 DROP COLUMN kind;
SELECT holdfast.hold('c2', u(7), ARRAY[u(1)], ARRAY[at('10:00-11:00')], NULL);

-- Two occurrences at the same time need a lane each.
SELECT holdfast.hold('plain', u(9), ARRAY[u(3)], ARRAY[at('10:00-11:00'), at('10:00-11:00')], NULL, capacities => '{1}');
SELECT count(*) FROM holdfast.hold('plain', u(9), ARRAY[u(4)], ARRAY[at('10:00-11:00'), at('10:00-11:00'), at('10:00-10:30')], NULL, capacities => '{3}');
SELECT lane, starts_at, ends_at FROM plain WHERE resource_id = u(4) ORDER BY 1;
SELECT count(*) FROM holdfast.verify_calendar('plain');
-- What is moved may consist of blocks that were made in any order.
SELECT count(holdfast.block('plain', u(9), u(7), at(h), 'busy', u(70))) FROM unnest('{14:00-15:00,12:00-13:00,10:00-11:00}'::text[]) AS h;
SELECT count(*) FROM holdfast.hold('plain', u(9), ARRAY[u(7)], ARRAY[at('09:30-14:30')], NULL, replaces => u(70));
SELECT to_char(lower(during), 'HH24:MI'), to_char(upper(during), 'HH24:MI'), kind FROM plain WHERE resource_id = u(7) AND lane >= 0 ORDER BY during;
-- More blocks than are read at a time.
SELECT count(holdfast.block('plain', u(9), u(6), tstzrange(t, t + interval '5 minutes'), 'busy-unavailable', u(60))) FROM generate_series(timestamptz '2030-02-01', '2030-02-10', '10 minutes') AS t;
SELECT count(*), min(starts_at), max(ends_at) FROM holdfast.free_slots('plain', u(9), ARRAY[u(6)], ARRAY['{[2030-02-01,2030-02-10)}'::tstzmultirange], '5 minutes');

SET client_min_messages = warning;
DROP SCHEMA t_calendar_altered CASCADE;
