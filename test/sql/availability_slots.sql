-- available_slots, explain_slot, and what request_hold refuses: one engine, one set of reasons.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- who, and when on the caller's wall clock
CREATE FUNCTION t.slots(who text, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce((SELECT string_agg(concat_ws(' ', s ->> 'specialist_id', substr(s ->> 'local_date', 6), s ->> 'local_time'), ', ')
                   FROM jsonb_array_elements(CASE WHEN a LIKE '{%' THEN a::jsonb END -> 'slots') s), a)
  FROM t.rpc(who, 'available_slots', arguments) a
$$;

-- Without hours a specialist is available at all times.
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-08", "to_date": "2030-01-08", "duration_minutes": 240, "time_zone": "UTC"}');

-- Maria works Monday to Friday, 9 to 12, with a break, in Lisbon; Noah at night in New York
INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
SELECT t.id('clinic'), t.id('maria'), d, time '09:00', time '12:00', 'Europe/Lisbon' FROM generate_series(1, 5) d
UNION ALL SELECT t.id('clinic'), t.id('noah'), d, time '22:00', time '02:00', 'America/New_York' FROM generate_series(0, 6) d;
INSERT INTO public.specialist_breaks (organization_id, specialist_id, start_time, end_time, exception_dates, time_zone)
VALUES (t.id('clinic'), t.id('maria'), '10:00', '10:30', '{2030-01-10}', 'Europe/Lisbon');
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-07", "to_date": "2030-01-08", "duration_minutes": 60, "time_zone": "Europe/Lisbon"}');
-- the caller's days: the night of New York is the morning of the 8th in Lisbon
SELECT t.slots('ana', '{"specialist_id": "noah", "from_date": "2030-01-08", "to_date": "2030-01-08", "session_type_id": "talk", "time_zone": "Europe/Lisbon"}');

-- Pages add up to the whole

SET holdfast.now = '2030-01-07 08:00:00+00';
CREATE FUNCTION t.pages(size int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_page jsonb;
  v_all jsonb := '[]';
BEGIN
  PERFORM t.become('ana');
  LOOP
    v_page := public.available_slots(specialist_ids => ARRAY['00000000-0000-4000-8000-000000000020', '00000000-0000-4000-8000-000000000021']::uuid[],
      from_date => '2030-01-08', to_date => '2030-01-12', page_size => size, cursor => v_page ->> 'next_cursor');
    v_all := v_all || (v_page -> 'slots');
    EXIT WHEN v_page ->> 'next_cursor' IS NULL;
  END LOOP;
  PERFORM set_config('role', 'none', true);
  RETURN v_all;
END
$$;
SELECT jsonb_array_length(t.pages(1000)) AS slots, t.pages(1) = t.pages(1000) AS by_1, t.pages(7) = t.pages(1000) AS by_7;

-- A hold takes its slot away, and only that
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 09:00Z", "end_time": "2030-01-08 10:00Z"}', 'hold');
SELECT t.slots('ben', '{"specialist_id": "maria", "from_date": "2030-01-08", "to_date": "2030-01-08", "duration_minutes": 30}');
-- Ana herself is busy then: nobody is offered to her
SELECT t.slots('ana', '{"specialist_id": "olga", "from_date": "2030-01-08", "to_date": "2030-01-08", "duration_minutes": 180, "time_zone": "UTC"}');
-- what is offered instead comes from the same engine
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 09:00Z", "end_time": "2030-01-08 10:00Z"}');

-- Refused, with every reason: to a client it is not_working, the specialist and admins read why
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 10:30Z"}');
SELECT t.rpc('maria', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 10:30Z"}');
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:00Z"}');
SELECT t.rpc('ben', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-08 10:10Z"}');
SELECT t.rpc('maria', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-08 10:10Z"}');
SELECT t.rpc('ana', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-08 10:00Z"}');
SELECT t.rpc('ana', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-09 09:00Z", "end_time": "2030-01-09 10:00Z"}');
-- a whole series is refused with the place of each
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-11 09:00Z", "end_time": "2030-01-11 10:00Z",
  "occurrences": [{"start_time": "2030-01-12T09:00Z", "end_time": "2030-01-12T10:00Z"}, {"start_time": "2030-01-14T09:00Z", "end_time": "2030-01-14T10:00Z"}]}');

-- Exceptions: an open Saturday, a closed morning; closed wins
INSERT INTO public.specialist_availability_exceptions (organization_id, specialist_id, exception_date, start_time, end_time, is_available, time_zone)
VALUES (t.id('clinic'), t.id('maria'), '2030-01-12', '09:00', '11:00', true, 'Europe/Lisbon'),
       (t.id('clinic'), t.id('maria'), '2030-01-12', '09:00', '09:30', false, 'Europe/Lisbon'),
       (t.id('clinic'), t.id('maria'), '2030-01-09', NULL, NULL, false, 'Europe/Lisbon');
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-09", "to_date": "2030-01-12", "duration_minutes": 90}');

-- Rules: notice, window, step, grid, limits
INSERT INTO public.booking_rules (organization_id, specialist_id, minimum_notice, booking_window, slot_step, client_weekly_limit)
VALUES (t.id('clinic'), NULL, '2 hours', '30 days', '15 minutes', 2), (t.id('clinic'), t.id('maria'), '26 hours', NULL, '45 minutes', NULL);
UPDATE public.booking_rules SET require_slot_grid = true, specialist_daily_limit = 1 WHERE specialist_id = t.id('maria');
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-08", "to_date": "2030-01-10", "duration_minutes": 30}');
SELECT t.rpc('ben', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-08 09:10Z", "end_time": "2030-01-08 09:40Z"}');
SELECT t.rpc('ben', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-02-11 09:10Z", "end_time": "2030-02-11 09:40Z"}');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-10 09:00Z", "end_time": "2030-01-10 09:30Z"}', 'hold');
-- the second on that day is one too many, held or offered
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 09:45Z", "end_time": "2030-01-10 10:15Z"}');
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-10", "to_date": "2030-01-10", "duration_minutes": 30}');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-11 09:00Z", "end_time": "2030-01-11 09:30Z"}', 'hold');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-12 09:00Z", "end_time": "2030-01-12 09:30Z"}');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-14 09:00Z", "end_time": "2030-01-14 09:30Z"}', 'hold');

-- moving a booking onto a time that overlaps its own counts it once, and what holds its time meanwhile not at all
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold2"}') ~ 'confirmed' AS confirmed;
SELECT t.rpc('maria', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-10 09:00Z", "end_time": "2030-01-10 10:00Z", "session_id": "hold2"}', 'move') ~ 'expires_at' AS held;
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-10", "to_date": "2030-01-10", "duration_minutes": 45}');
UPDATE public.booking_rules SET specialist_daily_limit = 9;
SELECT t.slots('ana', '{"specialist_id": "maria", "from_date": "2030-01-10", "to_date": "2030-01-10", "duration_minutes": 45}');
SELECT lane, starts, ends, kind FROM t.calendar WHERE resource = 'maria' AND starts LIKE '10 %';

-- Wrong or not theirs
SELECT t.rpc('ana', 'available_slots', a) FROM unnest(ARRAY['{"specialist_id": "yuri"}', '{"specialist_id": "pete"}', '{"client_id": "ben"}', '{"client_id": "nothing"}',
  '{"session_type_id": "retired"}', '{"from_date": "2030-01-08", "to_date": "2030-01-07"}', '{"from_date": "2030-01-08", "to_date": "2031-01-07"}', '{"from_date": "infinity"}',
  '{"time_zone": "Mars/Base"}', '{"page_size": 0}', '{"page_size": 1001}', '{"duration_minutes": 0}', '{"cursor": "junk"}', '{"cursor": "2030-01-08T09:00:00Z~x"}']) a;
SELECT t.rpc('ana', 'explain_slot', a) FROM unnest(ARRAY['{"specialist_id": "yuri", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-08 10:00Z"}',
  '{"specialist_id": "maria", "start_time": "infinity", "end_time": "infinity"}', '{"specialist_id": "maria", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-08 09:30Z"}',
  '{"specialist_id": "maria", "start_time": "2030-01-08 09:30Z", "end_time": "2030-01-18 09:30Z"}']) a;
SELECT t.rpc('', 'available_slots', '{"from_date": "2030-01-08"}');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
