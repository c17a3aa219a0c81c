-- The calendar on the direct way of writing.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\getenv srcdir PG_ABS_SRCDIR
\set semantics :srcdir '/shared/calendar.sql'
SET holdfast.direct_insert = on;
\i :semantics
-- A confirm without the executor: rows that do not fit on their page any more are in the indexes again, and what has lapsed, or
-- was changed since it was read, is not confirmed.
\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS t_direct CASCADE;
CREATE SCHEMA t_direct;
SELECT holdfast.create_calendar('t_direct.cal') \gset made_
ALTER TABLE t_direct.cal SET (fillfactor = 100);
SET search_path = t_direct;
RESET client_min_messages;
CREATE FUNCTION k(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(name)::uuid $$;
CREATE FUNCTION slot(n int) RETURNS tstzrange LANGUAGE sql IMMUTABLE
AS $$ SELECT tstzrange(t, t + interval '1 hour') FROM (SELECT timestamptz '2030-01-01Z' + n * interval '1 hour') AS s (t) $$;
CREATE TABLE held (n int, key uuid);
\set ECHO all
INSERT INTO held SELECT n, h.hold_key FROM generate_series(1, 200) n, holdfast.hold('cal', k('o'), ARRAY[k('r'), k('c')], ARRAY[slot(n)], k('u')) h;
SELECT count(*), count(DISTINCT c.reference) FROM held, holdfast.confirm('cal', k('o'), key) c;
SELECT pg_stat_force_next_flush();
SELECT kind, count(*), count(expires_at) AS expire FROM cal GROUP BY kind;
SELECT n_tup_upd, n_tup_hot_upd < n_tup_upd AS moved FROM pg_stat_user_tables WHERE relid = 'cal'::regclass;
SET enable_seqscan = off;
SELECT count(*) FROM held JOIN cal ON organization_id = k('o') AND hold_key = key AND kind = 'busy';
SELECT count(*) FROM cal WHERE organization_id = k('o') AND resource_id = k('r') AND lane = 0 AND during && slot(7);
RESET enable_seqscan;
SELECT count(*) FROM holdfast.verify_calendar('cal');
-- its time is taken, and it is no hold any more
SELECT conflict IS NOT NULL AS taken FROM holdfast.try_hold('cal', k('o'), ARRAY[k('r')], ARRAY[slot(7)], k('u'));
SELECT holdfast.confirm('cal', k('o'), key) FROM held WHERE n = 7;
-- a trigger is the executor's
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% becomes %', OLD.kind, NEW.kind; RETURN NULL; END $$;
CREATE TRIGGER shout AFTER UPDATE ON cal FOR EACH ROW EXECUTE FUNCTION shout();
SELECT hold_key AS key FROM holdfast.hold('cal', k('o'), ARRAY[k('r')], ARRAY[slot(300)], k('u')) \gset
SELECT count(*) FROM holdfast.confirm('cal', k('o'), :'key');
DROP TRIGGER shout ON cal;
-- a constraint of the user's own
ALTER TABLE cal ADD CONSTRAINT never CHECK (kind <> 'busy') NOT VALID;
SELECT hold_key AS key FROM holdfast.hold('cal', k('o'), ARRAY[k('r')], ARRAY[slot(301)], k('u')) \gset
\set VERBOSITY terse
SELECT count(*) FROM holdfast.confirm('cal', k('o'), :'key');
\set VERBOSITY default
ALTER TABLE cal DROP CONSTRAINT never;
-- one that lapsed
SET holdfast.now = '2031-01-01Z';
SELECT hold_key AS key FROM holdfast.hold('cal', k('o'), ARRAY[k('r')], ARRAY[slot(302)], k('u')) \gset
SET holdfast.now = '2031-01-01 01:00Z';
SELECT count(*) FROM holdfast.confirm('cal', k('o'), :'key');
RESET holdfast.now;
\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA t_direct CASCADE;
