-- Working hours on the days when clocks change: windows are instants, hours are wall clock.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- the windows around a local day, as UTC and as the length of each
CREATE FUNCTION t.windows(zone text, day date, VARIADIC shifts time[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.specialist_working_hours;
  INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
  SELECT t.id('clinic'), t.id('olga'), extract(dow FROM day), shifts[i], shifts[i + 1], zone FROM generate_series(1, cardinality(shifts), 2) i;
  RETURN QUERY
  SELECT to_char(lower(s) AT TIME ZONE 'UTC', 'DD HH24:MI') || to_char(upper(s) AT TIME ZONE 'UTC', ' - DD HH24:MI') || ' Z, ' || (upper(s) - lower(s))
    || ', local ' || to_char(lower(s) AT TIME ZONE zone, 'DD HH24:MI') || to_char(upper(s) AT TIME ZONE zone, ' - DD HH24:MI')
  FROM holdfast_private.working_windows(t.id('clinic'), ARRAY[t.id('olga')], day::timestamp AT TIME ZONE zone, (day + 1)::timestamp AT TIME ZONE zone) w, unnest(w.windows) s
  WHERE (lower(s) AT TIME ZONE zone)::date BETWEEN day - 1 AND day + 1
  ORDER BY s;
END
$$;

-- New York, 10 March 2030: 2:00 is 3:00. A shift over the gap is an hour shorter, one in the gap begins when it ends
SELECT t.windows('America/New_York', '2030-03-10', '00:00', '08:00');
SELECT t.windows('America/New_York', '2030-03-10', '02:15', '04:00');
SELECT t.windows('America/New_York', '2030-03-10', '02:15', '02:45');
SELECT t.windows('America/New_York', '2030-03-10', '00:00', '00:00');
-- from the gap until before where the gap moves it: there is no such time that day
SELECT t.windows('America/New_York', '2030-03-10', '02:30', '03:10');
-- 3 November 2030: 1:00 to 2:00 comes twice. A shift over it is an hour longer, and a wall-clock time in it is its first
SELECT t.windows('America/New_York', '2030-11-03', '00:00', '08:00');
SELECT t.windows('America/New_York', '2030-11-03', '01:30', '03:00');
SELECT t.windows('America/New_York', '2030-11-03', '00:30', '01:30');
SELECT t.windows('America/New_York', '2030-11-03', '00:00', '00:00');
-- the night before, over midnight and the change
SELECT t.windows('America/New_York', '2030-03-09', '22:00', '06:00');
SELECT t.windows('America/New_York', '2030-11-02', '22:00', '06:00');
-- Lisbon
SELECT t.windows('Europe/Lisbon', '2030-03-31', '00:30', '03:00');
SELECT t.windows('Europe/Lisbon', '2030-10-27', '00:30', '03:00');
-- Lord Howe moves by half an hour
SELECT t.windows('Australia/Lord_Howe', '2030-10-06', '01:00', '04:00');
SELECT t.windows('Australia/Lord_Howe', '2030-10-06', '02:10', '04:00');
SELECT t.windows('Australia/Lord_Howe', '2030-04-07', '01:00', '04:00');
SELECT t.windows('Australia/Lord_Howe', '2030-04-07', '01:45', '04:00');
-- Apia had no 30 December 2011: that Friday's shift is where the clock went on, on Saturday; the others are whole
SELECT t.windows('Pacific/Apia', '2011-12-29', '09:00', '17:00');
SELECT t.windows('Pacific/Apia', '2011-12-30', '09:00', '17:00');
SELECT t.windows('Pacific/Apia', '2011-12-31', '09:00', '17:00');
SELECT t.windows('Pacific/Apia', '2011-12-29', '22:00', '06:00');

-- A break in the repeated hour is taken once, from the first time it strikes; a break in the gap is moved with it
INSERT INTO public.specialist_breaks (organization_id, specialist_id, start_time, end_time, time_zone) VALUES (t.id('clinic'), t.id('olga'), '01:30', '01:45', 'America/New_York');
SELECT t.windows('America/New_York', '2030-11-03', '00:00', '04:00');
UPDATE public.specialist_breaks SET start_time = '02:15', end_time = '02:30';
SELECT t.windows('America/New_York', '2030-03-10', '00:00', '05:00');
DELETE FROM public.specialist_breaks;
-- Closed wins over open, on a day of 23 hours too, and a whole day is one by the wall clock
INSERT INTO public.specialist_availability_exceptions (organization_id, specialist_id, exception_date, start_time, end_time, is_available, time_zone)
VALUES (t.id('clinic'), t.id('olga'), '2030-03-10', NULL, NULL, true, 'America/New_York'), (t.id('clinic'), t.id('olga'), '2030-03-10', '01:00', '04:00', false, 'America/New_York');
SELECT t.windows('America/New_York', '2030-03-10', '09:00', '12:00');
DELETE FROM public.specialist_availability_exceptions;

-- What is offered can be held, what is not is refused, through the night of the change: every half hour of it, as shown and as asked for
SET holdfast.now = '2030-03-01 00:00:00+00';
CREATE FUNCTION t.agrees(zone text, day date, minutes int) RETURNS TABLE (offered bigint, refused bigint, different bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_asked timestamptz;
  v_answer text;
  v_offered boolean;
BEGIN
  offered := 0; refused := 0; different := 0;
  CREATE TEMP TABLE shown ON COMMIT DROP AS
  SELECT (s ->> 'start_time')::timestamptz AS at FROM jsonb_array_elements((t.rpc('ana', 'available_slots', format(
    '{"specialist_id": "olga", "from_date": "%s", "to_date": "%s", "duration_minutes": %s, "time_zone": "%s", "page_size": 1000}', day, day, minutes, zone))::jsonb) -> 'slots') s;
  FOR v_asked IN SELECT generate_series(day::timestamp AT TIME ZONE zone, ((day + 1)::timestamp AT TIME ZONE zone) - interval '1 minute', '30 minutes') LOOP
    v_answer := t.rpc('ana', 'explain_slot', format('{"specialist_id": "olga", "start_time": "%s", "end_time": "%s"}', v_asked, v_asked + minutes * interval '1 minute'));
    v_offered := EXISTS (SELECT FROM shown WHERE at = v_asked);
    offered := offered + v_offered::int;
    refused := refused + (v_answer ~ '"available": false')::int;
    different := different + (v_offered <> (v_answer ~ '"available": true'))::int;
  END LOOP;
  DROP TABLE shown;
  RETURN NEXT;
END
$$;
INSERT INTO public.booking_rules (organization_id, specialist_id, slot_step) VALUES (t.id('clinic'), t.id('olga'), '30 minutes');
SELECT count(*) FROM t.windows('America/New_York', '2030-03-10', '00:00', '05:00');
SELECT * FROM t.agrees('America/New_York', '2030-03-10', 60);
SELECT count(*) FROM t.windows('America/New_York', '2030-11-03', '00:00', '05:00');
SELECT * FROM t.agrees('America/New_York', '2030-11-03', 60);
SELECT count(*) FROM t.windows('Europe/Lisbon', '2030-10-27', '00:00', '05:00');
SELECT * FROM t.agrees('Europe/Lisbon', '2030-10-27', 60);
SELECT count(*) FROM t.windows('Australia/Lord_Howe', '2030-10-06', '00:00', '05:00');
SELECT * FROM t.agrees('Australia/Lord_Howe', '2030-10-06', 60);
\set ECHO none
\i :srcdir/lib/finish_booking.sql
