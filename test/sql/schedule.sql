-- working_windows, offered_slots, offered_page: against a model made of local_spans, multiranges and free_slots
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SET TimeZone = 'UTC';
CREATE SCHEMA t_schedule;
SELECT holdfast.create_calendar('t_schedule.calendar');
\set org '''00000000-0000-7000-8000-00000000000a''::uuid'
SET holdfast.now = '2026-03-27 10:00+00';

-- a doctor from 9 to 12 on weekdays but for a break at 10, open on one Saturday; a clock that is changed on the 29th
CREATE TABLE t_schedule.workers (organization_id uuid, resource_id uuid, time_zone text, is_offered bool, is_always bool, capacity int,
  buffer_before interval, buffer_after interval, slot_step interval, minimum_notice interval, booking_window interval);
CREATE TABLE t_schedule.rules (organization_id uuid, resource_id uuid, kind text, time_zone text, day_of_week int, start_time time, end_time time,
  effective_from date, effective_to date, exception_dates date[], first_day date DEFAULT '-infinity', last_day date DEFAULT 'infinity',
  starts_at timestamptz DEFAULT '-infinity', ends_at timestamptz DEFAULT 'infinity');
INSERT INTO t_schedule.workers (organization_id, resource_id, time_zone, is_offered) VALUES (:org, :org, 'Europe/Lisbon', true);
INSERT INTO t_schedule.rules (organization_id, resource_id, kind, time_zone, day_of_week, start_time, end_time)
SELECT :org, :org, 'shift', 'Europe/Lisbon', d, time '09:00', time '12:00' FROM generate_series(1, 5) d
UNION ALL SELECT :org, :org, 'break', 'Europe/Lisbon', NULL, '10:00', '10:15';
INSERT INTO t_schedule.rules (organization_id, resource_id, kind, time_zone, start_time, end_time, effective_from, effective_to)
VALUES (:org, :org, 'open', 'Europe/Lisbon', '00:30', '02:30', '2026-03-29', '2026-03-29');
SELECT windows * '{[2026-03-28,2026-03-31)}' AS windows, grid * '{[2026-03-28,2026-03-31)}' AS grid
FROM holdfast.working_windows('t_schedule.workers', 't_schedule.rules', :org, ARRAY[:org, '00000000-0000-7000-8000-00000000000b', NULL], '2026-03-29', '2026-03-30');
CREATE FUNCTION t_schedule.starts(most int DEFAULT NULL, from_time timestamptz DEFAULT '2026-03-27', to_time timestamptz DEFAULT '2026-03-31', attendee uuid DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(to_char(starts_at, 'DD HH24:MI'), ', ') FROM holdfast.offered_slots('t_schedule.calendar', 't_schedule.workers', 't_schedule.rules',
    '00000000-0000-7000-8000-00000000000a', ARRAY['00000000-0000-7000-8000-00000000000a']::uuid[], '30 minutes', from_time, to_time, attendee, most)
$$;
SELECT t_schedule.starts(), t_schedule.starts(2) AS first;
-- notice and window bound the start; what a booking and its buffers take is not offered, nor what somebody is away or the attendee taken for
UPDATE t_schedule.workers SET minimum_notice = '90 minutes', booking_window = '2 days 22 hours', buffer_before = '10 minutes', slot_step = '15 minutes';
SELECT t_schedule.starts();
SELECT count(*) FROM holdfast.hold('t_schedule.calendar', :org, ARRAY[:org]::uuid[], ARRAY['[2026-03-29 02:00+01,2026-03-29 02:20+01)']::tstzrange[], NULL);
SELECT t_schedule.starts(from_time => '2026-03-29');
INSERT INTO t_schedule.rules (organization_id, resource_id, kind, starts_at, ends_at) VALUES (:org, :org, 'away', '2026-03-29 01:45+01', '2026-03-29 01:50+01');
SELECT t_schedule.starts(from_time => '2026-03-29'), t_schedule.starts(attendee => :org) AS with_themselves;
UPDATE t_schedule.workers SET is_offered = false;
SELECT t_schedule.starts();
-- hours that are suspended or over are hours all the same: nothing is open
UPDATE t_schedule.workers SET is_offered = true, is_always = true;
UPDATE t_schedule.rules SET kind = 'pause' WHERE kind = 'shift';
SELECT t_schedule.starts();
UPDATE t_schedule.rules SET kind = 'shift', effective_to = '2020-01-01' WHERE kind = 'pause';
SELECT t_schedule.starts();
DELETE FROM t_schedule.rules WHERE kind = 'shift';
SELECT t_schedule.starts(4);

-- 200 resources in six zones, with all kinds of rules, around changes of the clock
TRUNCATE t_schedule.workers, t_schedule.rules;
SELECT setseed(0.25);
INSERT INTO t_schedule.workers
SELECT :org, md5('worker' || n)::uuid, (ARRAY['Europe/Lisbon', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'])[1 + n % 6],
  n % 17 > 0, n % 3 > 0, 1 + (random() < 0.3)::int, (n % 3) * interval '10 min', (n % 2) * interval '5 min',
  CASE WHEN n % 4 > 0 THEN (10 + n % 5 * 10) * interval '1 min' END, CASE WHEN n % 5 > 0 THEN n % 5 * interval '3 hours' END,
  CASE WHEN n % 7 = 0 THEN interval '2 days' END
FROM generate_series(1, 200) n;
INSERT INTO t_schedule.rules (organization_id, resource_id, kind, time_zone, day_of_week, start_time, end_time, effective_from, effective_to, exception_dates)
SELECT :org, w.resource_id, (ARRAY['shift', 'shift', 'shift', 'pause', 'break', 'open', 'closed'])[1 + floor(random() * 7)::int],
  CASE WHEN random() < 0.8 THEN w.time_zone ELSE 'Europe/London' END, CASE WHEN random() < 0.7 THEN floor(random() * 7)::int END,
  CASE WHEN r > 0.1 THEN time '00:00' + floor(random() * 96) * interval '15 min' END, CASE WHEN r > 0.1 THEN time '00:00' + floor(random() * 96) * interval '15 min' END,
  CASE WHEN random() < 0.2 THEN date '2026-03-25' + floor(random() * 8)::int END, CASE WHEN random() < 0.2 THEN date '2026-03-25' + floor(random() * 8)::int END,
  CASE WHEN random() < 0.3 THEN ARRAY[date '2026-03-28' + floor(random() * 3)::int, NULL] END
FROM t_schedule.workers w, generate_series(1, 8) n, LATERAL (SELECT random() + n * 0 AS r, w.resource_id) x WHERE hashtext(w.resource_id::text) % 10 <> 0;
INSERT INTO t_schedule.rules (organization_id, resource_id, kind, starts_at, ends_at)
SELECT :org, w.resource_id, 'away', s, s + random() * interval '9 hours' FROM t_schedule.workers w, LATERAL (SELECT timestamptz '2026-03-27' + random() * interval '4 days' AS s, w.resource_id) a;
SELECT count(*) > 500 AS held FROM t_schedule.workers w, generate_series(1, 12) n,
  LATERAL (SELECT timestamptz '2026-03-27' + floor(random() * 300) * interval '15 min' + length(w.resource_id::text || n) * interval '0' AS s OFFSET 0) x,
  holdfast.try_hold('t_schedule.calendar', :org, ARRAY[w.resource_id, md5('client' || n)::uuid], ARRAY[tstzrange(s, s + interval '40 min')], NULL, '1 hour', ARRAY[2, 1]) h
WHERE h.conflict IS NULL;

CREATE FUNCTION t_schedule.asked() RETURNS uuid[] LANGUAGE sql AS $$ SELECT array_agg(resource_id) FROM t_schedule.workers $$;
CREATE VIEW t_schedule.window_model AS
SELECT w.resource_id, CASE WHEN s.has THEN coalesce(s.shifts, '{}') WHEN NOT w.is_always THEN '{}'
    ELSE tstzmultirange(tstzrange(holdfast.local_instant((timestamptz '2026-03-28 03:00' AT TIME ZONE w.time_zone)::date, w.time_zone), holdfast.local_instant('2026-04-01', w.time_zone))) END
    + coalesce(s.opened, '{}') - coalesce(s.closed, '{}') AS windows,
  CASE WHEN s.has THEN coalesce(s.starts, '{}') ELSE (SELECT range_agg(tstzrange(m, m, '[]')) FROM (SELECT holdfast.local_instant(date '2026-03-26' + n, w.time_zone) AS m
    FROM generate_series(0, 6) n) x) END + coalesce(s.opens, '{}') AS grid
FROM t_schedule.workers w
CROSS JOIN LATERAL (
  SELECT bool_or(kind IN ('shift', 'pause')) AS has, range_agg(spans) FILTER (WHERE kind = 'shift') AS shifts, range_agg(each.starts) FILTER (WHERE kind = 'shift') AS starts,
    range_agg(spans) FILTER (WHERE kind = 'open') AS opened, range_agg(each.starts) FILTER (WHERE kind = 'open') AS opens, range_agg(spans) FILTER (WHERE kind IN ('break', 'closed')) AS closed
  FROM (SELECT r.kind, holdfast.local_spans('2026-03-26', '2026-04-01', r.day_of_week, r.start_time, r.end_time, r.time_zone, r.effective_from, r.effective_to, r.exception_dates) AS spans,
          (SELECT range_agg(holdfast.starts_of(holdfast.local_spans(d::date, d::date, r.day_of_week, r.start_time, r.end_time, r.time_zone, r.effective_from, r.effective_to, r.exception_dates)))
           FROM generate_series(date '2026-03-26', '2026-04-01', '1 day') d) AS starts
        FROM t_schedule.rules r WHERE r.resource_id = w.resource_id AND r.kind <> 'away') each) s;
CREATE TABLE t_schedule.windows AS
SELECT * FROM holdfast.working_windows('t_schedule.workers', 't_schedule.rules', :org, t_schedule.asked(), '2026-03-28 03:00', '2026-03-30 21:00');
SELECT count(*), count(*) FILTER (WHERE w.windows <> '{}') > 120 AS many, count(*) FILTER (WHERE w.windows <> m.windows) AS wrong_windows,
  count(*) FILTER (WHERE w.grid <> m.grid) AS wrong_grid
FROM t_schedule.windows w JOIN t_schedule.window_model m USING (resource_id);

CREATE VIEW t_schedule.found AS
SELECT * FROM holdfast.offered_slots('t_schedule.calendar', 't_schedule.workers', 't_schedule.rules', :org, t_schedule.asked(), '50 minutes',
  '2026-03-28 03:00', '2026-03-30 21:00', md5('client1')::uuid) WITH ORDINALITY;
CREATE TABLE t_schedule.model AS
SELECT f.resource_id, f.starts_at, f.ends_at
FROM t_schedule.workers w JOIN t_schedule.windows s USING (resource_id)
CROSS JOIN LATERAL holdfast.free_slots('t_schedule.calendar', :org, ARRAY[w.resource_id], ARRAY[s.windows], '50 minutes', w.slot_step, w.buffer_before, w.buffer_after,
  greatest('2026-03-28 03:00', holdfast.clock() + coalesce(w.minimum_notice, '0')),
  least(timestamptz '2026-03-30 21:00' - interval '1 microsecond', holdfast.clock() + w.booking_window) + interval '50 minutes', ARRAY[w.capacity], ARRAY[s.grid]) f
WHERE w.is_offered
  AND NOT EXISTS (SELECT FROM t_schedule.rules r WHERE r.resource_id = w.resource_id AND r.kind = 'away' AND r.starts_at < f.ends_at AND r.ends_at > f.starts_at)
  AND NOT EXISTS (SELECT FROM t_schedule.calendar c WHERE c.resource_id = md5('client1')::uuid AND c.during && tstzrange(f.starts_at, f.ends_at));
SELECT count(*) > 2000 AS many, bool_and(n = ordinality) AS in_order,
  (SELECT count(*) FROM (SELECT resource_id, starts_at, ends_at FROM t_schedule.found EXCEPT ALL TABLE t_schedule.model) x) AS only_found,
  (SELECT count(*) FROM (TABLE t_schedule.model EXCEPT ALL SELECT resource_id, starts_at, ends_at FROM t_schedule.found) x) AS only_in_model
FROM (SELECT ordinality, row_number() OVER (ORDER BY starts_at, resource_id) AS n FROM t_schedule.found) x;

-- pages add up to the whole, whatever their size, and the first few are the first few
CREATE FUNCTION t_schedule.pages(size int) RETURNS TABLE (resource_id uuid, starts_at timestamptz, ends_at timestamptz, place bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_page jsonb;
  v_after text[];
BEGIN
  place := 0;
  LOOP
    v_page := holdfast.offered_page('t_schedule.calendar', 't_schedule.workers', 't_schedule.rules', '00000000-0000-7000-8000-00000000000a', t_schedule.asked(), '50 minutes',
      '2026-03-28 03:00', '2026-03-30 21:00', md5('client1')::uuid, size, v_after[1]::timestamptz, v_after[2]::uuid, 'Europe/Lisbon');
    FOR resource_id, starts_at, ends_at IN
      SELECT (s ->> 'resource_id')::uuid, (s ->> 'start_time')::timestamptz, (s ->> 'end_time')::timestamptz FROM jsonb_array_elements(v_page -> 'slots') s
    LOOP
      place := place + 1;
      RETURN NEXT;
    END LOOP;
    EXIT WHEN v_page ->> 'next_cursor' IS NULL;
    v_after := string_to_array(v_page ->> 'next_cursor', '~');
  END LOOP;
END
$$;
SELECT size, (SELECT count(*) FROM (TABLE t_schedule.found EXCEPT ALL SELECT * FROM t_schedule.pages(size)) x) AS missing,
  (SELECT count(*) FROM (SELECT * FROM t_schedule.pages(size) EXCEPT ALL TABLE t_schedule.found) x) AS wrong
FROM unnest(ARRAY[13, 200, 5000]) size;
SELECT most, (SELECT count(*) FROM ((SELECT resource_id, starts_at, ends_at FROM t_schedule.found WHERE ordinality <= most)
    EXCEPT ALL (SELECT * FROM holdfast.offered_slots('t_schedule.calendar', 't_schedule.workers', 't_schedule.rules', :org, t_schedule.asked(), '50 minutes',
      '2026-03-28 03:00', '2026-03-30 21:00', md5('client1')::uuid, most))) x) AS missing
FROM unnest(ARRAY[1, 2, 3, 51, 700]) most;

-- a page as clients get it
SELECT jsonb_pretty(holdfast.slot_page(ARRAY[:org, :org]::uuid[], ARRAY['2026-03-29 00:30+00', '2026-03-29 01:00:00.5+00']::timestamptz[], '50 minutes', 'Europe/Lisbon', 1, 'doctor'));
SELECT holdfast.slot_page('{}', '{}', '90 minutes', 'Asia/Kathmandu', 50), holdfast.slot_page(ARRAY[:org]::uuid[], ARRAY['2026-03-29 20:00+00']::timestamptz[], '1 hour', 'Asia/Kathmandu', 1);

-- refused by word
CREATE FUNCTION t_schedule.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  EXECUTE 'SELECT holdfast.' || call;
  RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'PT400' THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN SQLERRM || ' ' || v_detail;
END
$$;
SELECT t_schedule.refused(format('offered_slots(''t_schedule.calendar'', ''t_schedule.workers'', ''t_schedule.rules'', %L, %s)', :org, a)) FROM unnest(ARRAY[
  'NULL, ''1 hour'', now(), now()', '''{}'', NULL, now(), now()', '''{}'', ''0'', now(), now()', '''{}'', ''1 hour'', NULL, now()', '''{}'', ''1 hour'', now(), ''infinity''',
  '''{}'', ''1 hour'', now(), now() + interval ''10000 days''', '''{}'', ''1 hour'', now(), now(), max_count => 0', '''{}'', ''1 hour'', now(), now(), NULL, 1, ''infinity'', gen_random_uuid()',
  '''{}'', ''1 hour'', now(), now()']) a;
SELECT t_schedule.refused(a) FROM unnest(ARRAY[
  'slot_page(ARRAY[gen_random_uuid()], ''{}'', ''1 hour'', ''UTC'', 1)', 'slot_page(ARRAY[gen_random_uuid()], ARRAY[NULL]::timestamptz[], ''1 hour'', ''UTC'', 1)',
  'slot_page(''{}'', ''{}'', ''1 hour'', ''Mars/Base'', 1)', 'slot_page(''{}'', ''{}'', ''1 hour'', ''UTC'', 0)', 'slot_page(''{}'', ''{}'', ''-1 hour'', ''UTC'', 1)']) a;
SELECT t_schedule.refused(format('offered_page(''t_schedule.calendar'', ''t_schedule.workers'', ''t_schedule.rules'', %L, ''{}'', ''1 hour'', now(), now(), NULL, %s)', :org, a))
FROM unnest(ARRAY['0, NULL, NULL, ''UTC''', 'NULL, NULL, NULL, ''UTC''', '1, NULL, NULL, NULL', '1, NULL, NULL, ''EST5EDT,M3.2.0''']) a;
BEGIN;
UPDATE t_schedule.workers SET time_zone = NULL;
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
UPDATE t_schedule.workers SET time_zone = 'UTC', capacity = 0;
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
ROLLBACK;
BEGIN;
UPDATE t_schedule.rules SET kind = 'holiday' WHERE kind = 'open';
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
UPDATE t_schedule.rules SET kind = 'shift', time_zone = NULL WHERE kind = 'holiday';
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
UPDATE t_schedule.rules SET kind = '', time_zone = 'UTC' WHERE kind = 'shift';
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
UPDATE t_schedule.rules SET kind = 'shift', day_of_week = 7, time_zone = 'UTC' WHERE kind = '';
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
ROLLBACK;
BEGIN;
INSERT INTO t_schedule.workers SELECT * FROM t_schedule.workers LIMIT 1;
SELECT t_schedule.refused(format('working_windows(''t_schedule.workers'', ''t_schedule.rules'', %L, t_schedule.asked(), now(), now())', :org));
ROLLBACK;
SET client_min_messages = warning;
DROP SCHEMA t_schedule CASCADE;
