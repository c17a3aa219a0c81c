-- free_slots: against a model that is slow and obviously right, over 5,000 generated calendars
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SET TimeZone = 'UTC';
CREATE SCHEMA t_slots;
SELECT holdfast.create_calendar('t_slots.calendar');
\set org '''00000000-0000-7000-8000-00000000000a'''
SET holdfast.now = '2026-03-02 00:00+00';

-- the grid starts with the window; buffers reach out of it; a slot past the window's end is none
SELECT starts_at, ends_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[],
  ARRAY['{[2026-03-02 09:05+00, 2026-03-02 10:30+00)}']::tstzmultirange[], '30 minutes', '20 minutes', '1 hour', '1 hour');
-- notice cuts in without moving the grid; the step is the duration unless it is said
SELECT starts_at, ends_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[],
  ARRAY['{[2026-03-02 09:00+00, 2026-03-02 12:00+00)}']::tstzmultirange[], '45 minutes', NULL, '0', '0', '2026-03-02 09:10+00', '2026-03-02 11:15+00');
-- and anew from each beginning within a window, where the last slot of the old count may reach over it; others do not matter
SELECT starts_at, ends_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[],
  ARRAY['{[2026-03-02 09:00+00, 2026-03-02 12:00+00), [2026-03-02 13:00+00, 2026-03-02 14:00+00)}']::tstzmultirange[], '50 minutes',
  grid => ARRAY['{[2026-03-02 08:00+00,2026-03-02 08:00+00], [2026-03-02 10:30+00,2026-03-02 10:30+00], [2026-03-02 12:30+00,2026-03-02 12:30+00], [2026-03-02 13:05+00,2026-03-02 18:00+00]}']::tstzmultirange[]);
-- a hold is busy until it expires, a block in lane 0 of 2 is in nobody's way
SELECT holdfast.hold('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['[2026-03-02 09:00+00,2026-03-02 10:00+00)']::tstzrange[], NULL) IS NOT NULL AS held;
SELECT starts_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['{[2026-03-02 09:00+00, 2026-03-02 11:00+00)}']::tstzmultirange[], '1 hour');
SELECT starts_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['{[2026-03-02 09:00+00, 2026-03-02 11:00+00)}']::tstzmultirange[], '1 hour',
  capacities => ARRAY[2]);
SET holdfast.now = '2026-03-02 01:00+00';
SELECT starts_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['{[2026-03-02 09:00+00, 2026-03-02 11:00+00)}']::tstzmultirange[], '1 hour');
SELECT count(*) FROM holdfast.free_slots('t_slots.calendar', :org, '{}', '{}', '1 hour');

-- a hold that will replace a booking it overlaps waits in its shadow; booking and guard cover its time
SELECT c.hold_key IS NOT NULL AS booked FROM holdfast.hold('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['[2026-03-02 13:00+00,2026-03-02 14:00+00)']::tstzrange[], NULL) h,
  holdfast.confirm('t_slots.calendar', :org, h.hold_key) c;
SELECT h.hold_key IS NOT NULL AS held FROM t_slots.calendar b, holdfast.hold('t_slots.calendar', :org, ARRAY[:org]::uuid[],
  ARRAY['[2026-03-02 13:30+00,2026-03-02 14:30+00)']::tstzrange[], NULL, replaces => b.reference) h WHERE b.kind = 'busy';
SELECT starts_at FROM holdfast.free_slots('t_slots.calendar', :org, ARRAY[:org]::uuid[], ARRAY['{[2026-03-02 12:00+00, 2026-03-02 16:00+00)}']::tstzmultirange[], '30 minutes');

-- 5,000 calendars: up to three windows, three lanes, twelve blocks, in ten shapes of request
SELECT setseed(0.5);
CREATE TABLE t_slots.shape AS
SELECT n AS shape, (10 + n * 7) * interval '1 minute' AS duration, (5 + n * 5 % 23) * interval '1 minute' AS step,
       (n % 4) * interval '6 minutes' AS before, (n % 3) * interval '9 minutes' AS after,
       CASE WHEN n % 2 = 0 THEN timestamptz '2026-03-02 03:17+00' END AS not_before,
       CASE WHEN n % 5 = 0 THEN timestamptz '2026-03-02 20:11+00' END AS not_after
FROM generate_series(1, 10) n;
CREATE TABLE t_slots.resource AS
SELECT md5('resource' || n)::uuid AS id, n % 10 + 1 AS shape, 1 + (random() * 2)::int AS capacity,
       (SELECT range_agg(tstzrange(s, s + (random() * 400 + n * 0)::int * interval '1 minute'))
        FROM (SELECT timestamptz '2026-03-02 00:00+00' + (random() * 1100 + n * 0)::int * interval '1 minute' AS s
              FROM generate_series(1, 1 + (random() * 2 + n * 0)::int)) w) AS windows,
       (SELECT coalesce(range_agg(tstzrange(s, s, '[]')), '{}')
        FROM (SELECT timestamptz '2026-03-02 00:00+00' + (random() * 1400 + n * 0)::int * interval '1 minute' AS s
              FROM generate_series(1, (random() * 3 + n * 0)::int)) b) AS grid
FROM generate_series(1, 5000) n;
WITH wanted AS (
  SELECT r.id, lane, tstzrange(s, s + (5 + (random() * 90)::int) * interval '1 minute') AS during, random() < 0.2 AS lapsed
  FROM t_slots.resource r, generate_series(0, 3) lane, generate_series(1, 3) n, LATERAL
    (SELECT timestamptz '2026-03-02 00:00+00' + (random() * 1300 + lane * 0 + n * 0)::int * interval '1 minute' AS s OFFSET 0) x)
INSERT INTO t_slots.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference, expires_at)
SELECT :org, id, lane, during, lower(during), upper(during), CASE WHEN lapsed THEN 'busy-tentative' ELSE 'busy' END, k, k, k,
       CASE WHEN lapsed THEN timestamptz '2026-03-02 00:30+00' END
FROM wanted, LATERAL (SELECT holdfast.uuid_v7() AS k WHERE id IS NOT NULL OFFSET 0) y
ON CONFLICT DO NOTHING;
CREATE VIEW t_slots.finds AS
SELECT f.* FROM t_slots.shape s
CROSS JOIN LATERAL (SELECT array_agg(id) AS ids, array_agg(windows) AS windows, array_agg(capacity) AS capacities,
                           array_agg(grid) AS grids
                    FROM t_slots.resource r WHERE r.shape = s.shape) r
CROSS JOIN LATERAL holdfast.free_slots('t_slots.calendar', :org, ids, windows, duration, step, before, after, not_before, not_after, capacities, grids) f;
CREATE TABLE t_slots.found AS TABLE t_slots.finds;
CREATE TABLE t_slots.model AS
SELECT r.id AS resource_id, slot AS starts_at, slot + duration AS ends_at
FROM t_slots.resource r JOIN t_slots.shape s USING (shape)
CROSS JOIN LATERAL unnest(r.windows) w
CROSS JOIN LATERAL (SELECT begins, lead(begins) OVER (ORDER BY begins) AS next
                    FROM (SELECT lower(w) AS begins UNION SELECT lower(g) FROM unnest(r.grid) g WHERE lower(g) > lower(w) AND lower(g) < upper(w)) b) b
CROSS JOIN LATERAL generate_series(begins, upper(w) - duration, step) AS slot
WHERE (slot < next) IS NOT FALSE AND slot >= coalesce(not_before, '-infinity') AND slot + duration <= coalesce(not_after, 'infinity')
  AND EXISTS (SELECT FROM generate_series(0, capacity - 1) lane
              WHERE NOT EXISTS (SELECT FROM t_slots.calendar c
                                WHERE c.organization_id = :org AND c.resource_id = r.id AND c.lane = lane.lane
                                  AND c.during && tstzrange(slot - before, slot + duration + after)
                                  AND (c.expires_at IS NULL OR c.expires_at > holdfast.clock())));
SELECT (SELECT count(*) > 50000 FROM t_slots.found) AS many,
       (SELECT count(*) FROM (TABLE t_slots.found EXCEPT TABLE t_slots.model) x) AS only_found,
       (SELECT count(*) FROM (TABLE t_slots.model EXCEPT TABLE t_slots.found) x) AS only_in_model,
       (SELECT count(*) FROM t_slots.found) = (SELECT count(DISTINCT f) FROM t_slots.found f) AS once_each;

-- the same without the executor and with it
CREATE FUNCTION t_slots.differences(OUT only_now bigint, OUT only_before bigint) LANGUAGE sql AS $$
  SELECT (SELECT count(*) FROM (TABLE t_slots.finds EXCEPT ALL TABLE t_slots.found) x),
         (SELECT count(*) FROM (TABLE t_slots.found EXCEPT ALL TABLE t_slots.finds) x)
$$;
SET holdfast.direct_insert = off;
SELECT * FROM t_slots.differences();
RESET holdfast.direct_insert;
SELECT * FROM t_slots.differences();
-- the same where the sweep has been: nothing is swept so far, then every block is younger than the mark, then bookings are older
SELECT last_value AS mark FROM t_slots.calendar_swept;
SELECT setval('t_slots.calendar_swept', 1) AS mark;
SELECT * FROM t_slots.differences();
UPDATE t_slots.calendar SET hold_key = overlay(hold_key::text PLACING '01000000-0000' FROM 1)::uuid WHERE kind = 'busy';
SELECT setval('t_slots.calendar_swept', (extract(epoch FROM now() - interval '1 day') * 1000000)::bigint) > 1 AS marked;
SELECT * FROM t_slots.differences();
VACUUM t_slots.calendar;
SELECT * FROM t_slots.differences();
SET holdfast.direct_insert = off;
SELECT * FROM t_slots.differences();
RESET holdfast.direct_insert;
-- resources that are named twice, that have blocks in another organization too, and that are asked about times far from each
-- other, are read as each alone
INSERT INTO t_slots.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference)
SELECT '00000000-0000-7000-8000-00000000000b', id, 0, '[2026-03-01,2026-03-04)', '2026-03-01', '2026-03-04', 'busy', k, k, k
FROM t_slots.resource, LATERAL (SELECT holdfast.uuid_v7() AS k WHERE id IS NOT NULL OFFSET 0) y WHERE shape = 1;
SELECT * FROM t_slots.differences();
CREATE TABLE t_slots.asked AS
SELECT id, n, capacity, CASE WHEN n = 1 THEN windows ELSE windows + '{[2026-06-01 08:00+00,2026-06-01 18:00+00)}' END AS windows
FROM t_slots.resource, generate_series(1, 2) n;
CREATE FUNCTION t_slots.unlike_alone(most int, OUT rows bigint, OUT unlike bigint) LANGUAGE sql AS $$
  WITH together AS (
    SELECT f.* FROM (SELECT array_agg(id ORDER BY id, n) AS ids, array_agg(windows ORDER BY id, n) AS windows, array_agg(capacity ORDER BY id, n) AS capacities
                     FROM t_slots.asked WHERE n <= most) a,
      holdfast.free_slots('t_slots.calendar', '00000000-0000-7000-8000-00000000000a', ids, windows, '70 minutes', capacities => capacities) f),
  alone AS (
    SELECT f.* FROM t_slots.asked a,
      holdfast.free_slots('t_slots.calendar', '00000000-0000-7000-8000-00000000000a', ARRAY[id], ARRAY[windows], '70 minutes', capacities => ARRAY[capacity]) f WHERE n <= most)
  SELECT (SELECT count(*) FROM together),
    (SELECT count(*) FROM ((TABLE together EXCEPT ALL TABLE alone) UNION ALL (TABLE alone EXCEPT ALL TABLE together)) x)
$$;
SELECT rows > 5000 AS many, unlike FROM t_slots.unlike_alone(1);
SELECT rows > 5000 AS many, unlike FROM t_slots.unlike_alone(2);
-- what is deleted is free at once, and taken again when that is undone
BEGIN;
DELETE FROM t_slots.calendar WHERE lane = 0;
SELECT only_now > 0 AS more, only_before FROM t_slots.differences();
ROLLBACK;
SELECT * FROM t_slots.differences();
-- and so where the caller may not read the mark
CREATE ROLE regress_slots_reader;
GRANT USAGE ON SCHEMA t_slots, holdfast TO regress_slots_reader;
GRANT SELECT ON t_slots.calendar, t_slots.shape, t_slots.resource TO regress_slots_reader;
GRANT EXECUTE ON FUNCTION holdfast.free_slots TO regress_slots_reader;
CREATE POLICY reads ON t_slots.calendar FOR SELECT TO regress_slots_reader USING (true);
SELECT has_sequence_privilege('regress_slots_reader', 't_slots.calendar_swept', 'SELECT') AS may_read_mark;
SET ROLE regress_slots_reader;
SELECT count(*) > 0 AS finds FROM holdfast.free_slots('t_slots.calendar', :org,
  (SELECT array_agg(id) FROM t_slots.resource), (SELECT array_agg(windows) FROM t_slots.resource), '1 hour') f;
RESET ROLE;
-- what they may not see is not there for them, and a calendar they may not read is refused
CREATE FUNCTION t_slots.count() RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM holdfast.free_slots('t_slots.calendar', '00000000-0000-7000-8000-00000000000a',
    (SELECT array_agg(id) FROM t_slots.resource), (SELECT array_agg(windows) FROM t_slots.resource), '1 hour')
$$;
SELECT t_slots.count() AS of_owner \gset
SET ROLE regress_slots_reader;
SELECT t_slots.count() = :of_owner AS the_same;
RESET ROLE;
ALTER POLICY reads ON t_slots.calendar USING (lane > 0);
SET ROLE regress_slots_reader;
SELECT t_slots.count() > :of_owner AS more;
RESET ROLE;
REVOKE SELECT ON t_slots.calendar FROM regress_slots_reader;
GRANT SELECT (organization_id, resource_id, lane, during, hold_key, expires_at) ON t_slots.calendar TO regress_slots_reader;
SET ROLE regress_slots_reader;
SELECT t_slots.count() > :of_owner AS more;
RESET ROLE;
\set VERBOSITY terse
REVOKE SELECT (expires_at) ON t_slots.calendar FROM regress_slots_reader;
SET ROLE regress_slots_reader;
SELECT t_slots.count();
RESET ROLE;
ALTER TABLE t_slots.calendar DISABLE ROW LEVEL SECURITY;
SET ROLE regress_slots_reader;
SELECT t_slots.count();
RESET ROLE;
\set VERBOSITY default

-- refused by word
CREATE FUNCTION t_slots.refused(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  EXECUTE format('SELECT holdfast.free_slots(%s)', arguments);
  RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'PT400' THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN SQLERRM || ' ' || v_detail;
END
$$;
SELECT t_slots.refused('''t_slots.calendar'', gen_random_uuid(), ' || a)
FROM unnest(ARRAY['NULL, ''{}'', ''1 hour''', '''{}'', NULL, ''1 hour''', '''{}'', ''{NULL}'', ''1 hour''',
  'ARRAY[ARRAY[gen_random_uuid()]], ''{"{}"}'', ''1 hour''', '''{}'', ''{"{}"}'', ''1 hour''', '''{}'', ''{}'', ''0''',
  '''{}'', ''{}'', ''-1 hour''', '''{}'', ''{}'', ''1 month''', '''{}'', ''{}'', NULL', '''{}'', ''{}'', ''1 hour'', ''0''', '''{}'', ''{}'', ''1 hour'', ''1 hour'', ''-1 min''',
  '''{}'', ''{}'', ''1 hour'', ''1 hour'', ''1 min'', ''99 days''', '''{}'', ''{}'', ''1 hour'', not_before => ''infinity''',
  'ARRAY[gen_random_uuid()], ARRAY[''{[2026-01-01,)}'']::tstzmultirange[], ''1 hour''',
  'ARRAY[gen_random_uuid()], ARRAY[''{[2026-01-01,infinity)}'']::tstzmultirange[], ''1 hour''',
  'ARRAY[gen_random_uuid()], ARRAY[''{}'']::tstzmultirange[], ''1 hour'', grid => ''{}''',
  'ARRAY[gen_random_uuid()], ARRAY[''{}'']::tstzmultirange[], ''1 hour'', grid => ARRAY[''{[2026-01-01,)}'']::tstzmultirange[]',
  'ARRAY[gen_random_uuid()], ARRAY[''{}'']::tstzmultirange[], ''1 hour'', capacities => ''{0}''',
  'ARRAY[gen_random_uuid()], ARRAY[''{}'']::tstzmultirange[], ''1 hour'', capacities => ''{1,2}''']) a;
SELECT holdfast.free_slots(NULL, gen_random_uuid(), '{}', '{}', '1 hour');
SELECT holdfast.free_slots('t_slots.calendar', NULL, '{}', '{}', '1 hour');
SET client_min_messages = warning;
DROP SCHEMA t_slots CASCADE;
REVOKE ALL ON SCHEMA holdfast FROM regress_slots_reader;
REVOKE ALL ON FUNCTION holdfast.free_slots FROM regress_slots_reader;
DROP ROLE regress_slots_reader;
