-- A series is held, confirmed and released as one; a booking that moves keeps its id and history.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- Four Mondays at 10:00 in Lisbon, across the change to summer time; the primary is in the list, one other twice.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "time_zone": "Europe/Lisbon",
    "start_time": "2030-03-18 10:00Z", "end_time": "2030-03-18 11:00Z", "start_time_offset_minutes": 0, "end_time_offset_minutes": 0,
    "occurrences": [
        {"start_time": "2030-03-25T10:00:00Z", "end_time": "2030-03-25T11:00:00Z", "start_time_offset_minutes": 0, "end_time_offset_minutes": 0},
        {"start_time": "2030-03-18T10:00:00.000Z", "end_time": "2030-03-18T12:00:00+01:00", "start_time_offset_minutes": 0},
        {"start_time": "2030-04-01T10:00:00+01:00", "end_time": "2030-04-01T11:00:00+01:00", "start_time_offset_minutes": 60, "end_time_offset_minutes": 60},
        {"start_time": "2030-04-01T09:00:00Z", "end_time": "2030-04-01T10:00:00Z"},
        {"start_time": "2030-04-08T09:00:00Z", "end_time": "2030-04-08T09:45:00Z", "start_time_offset_minutes": 60}]}', 'hold');
SELECT * FROM t.calendar;
-- all or nothing: one that clashes, and none is held
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-03-19 10:00Z", "end_time": "2030-03-19 11:00Z",
    "session_type_id": "talk", "occurrences": [{"start_time": "2030-03-26T10:00:00Z"}, {"start_time": "2030-04-01T09:30:00Z"}]}');
SELECT count(*) FROM t.calendar WHERE resource = 'ben';
-- confirmed as a whole, by any of its keys, each with a session of its own
SELECT n, b ->> 'id', b ->> 'start_time', b ->> 'notes', b ->> 'series_key', b ->> 'metadata'
FROM jsonb_array_elements(t.rpc('ana', 'confirm_booking', '{"hold_key": "hold3", "session": {"notes": "all", "a": 1},
    "occurrences": [{"hold_key": "hold2", "session": {"notes": "second", "b": 2}}, {"hold_key": "hold1"}]}')::jsonb -> 'bookings') WITH ORDINALITY AS r (b, n);
SELECT count(*), count(DISTINCT resource), min(kind), max(kind) FROM t.calendar;
-- cancelling one leaves the others
SELECT t.rpc('ana', 'cancel_booking', '{"booking_id": "hold2"}') ~ 'cancelled';
SELECT DISTINCT starts FROM t.calendar ORDER BY 1;

-- The whole batch elsewhere: by as much of the wall clock for each, over the change to summer time; what is offered can be held as it is.
INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
SELECT t.id('clinic'), t.id('noah'), d, '09:00', '13:00', 'Europe/Lisbon' FROM generate_series(1, 5) d;
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-04-03 09:00Z", "end_time": "2030-04-03 10:00Z"}', 'other') ~ 'expires_at';
CREATE FUNCTION t.batch(occurrences jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT t.rpc('ben', 'request_hold', jsonb_build_object('specialist_id', 'noah', 'client_id', 'ben', 'time_zone', 'Europe/Lisbon',
    'start_time', occurrences -> 0 -> 'start_time', 'end_time', occurrences -> 0 -> 'end_time', 'occurrences', occurrences)::text, 'batch')
$$;
CREATE TEMP TABLE refused AS SELECT t.batch('[{"start_time": "2030-03-20T10:00:00Z", "end_time": "2030-03-20T11:00:00Z"}, {"start_time": "2030-03-27T10:00:00Z", "end_time": "2030-03-27T11:00:00Z"},
  {"start_time": "2030-04-03T09:00:00Z", "end_time": "2030-04-03T10:00:00Z"}]') AS answer;
SELECT left(answer, 19), jsonb_pretty(substring(answer FROM 21)::jsonb -> 'alternatives' -> 2) FROM refused;
SELECT a ->> 'start_time', jsonb_array_length(a -> 'occurrences'), t.batch(a -> 'occurrences') ~ '"holds": ', t.rpc('ben', 'cancel_hold', format('{"hold_key": "batch%s"}', 1 + 3 * (n - 1)))
FROM refused, jsonb_array_elements(substring(answer FROM 21)::jsonb -> 'alternatives') WITH ORDINALITY AS e (a, n) ORDER BY n;
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "other1"}');
DELETE FROM public.specialist_working_hours;

-- Releasing by any key releases all.
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-03-19 10:00Z", "end_time": "2030-03-19 11:00Z",
    "session_type_id": "talk", "occurrences": [{"start_time": "2030-03-26T10:00:00Z"}, {"start_time": "2030-04-02T09:00:00Z"}]}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('ben', 'extend_hold', '{"hold_key": "hold6", "hold_seconds": 900}') ~ '(08:15:00.*){4}';
SELECT t.rpc('ben', 'cancel_hold', '{"hold_key": "hold7"}');
SELECT count(*) FROM t.calendar WHERE resource = 'ben';
-- nothing is confirmed when one occurrence has a fault
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-03-19 10:00Z", "end_time": "2030-03-19 11:00Z",
    "session_type_id": "talk", "occurrences": [{"start_time": "2030-03-26T10:00:00Z"}]}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold8", "occurrences": [{"hold_key": "hold9", "session": {"notes": 1}}]}');
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold8", "occurrences": [{"hold_key": "hold1"}]}');
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold8", "occurrences": [{"hold_key": "hold9"}, {"hold_key": "hold9"}]}');
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold8", "occurrences": [{"session": {}}]}');
SELECT count(*) FROM public.bookings b WHERE b.client_id = t.id('ben');
SELECT t.rpc('ben', 'cancel_hold', '{"hold_key": "hold8"}');
-- 366 are held, more are not
CREATE FUNCTION t.daily(n int) RETURNS text LANGUAGE sql AS $$
SELECT jsonb_build_object('specialist_id', 'olga', 'client_id', 'ben', 'start_time', '2030-01-08 10:00Z', 'session_type_id', 'talk',
    'occurrences', jsonb_agg(jsonb_build_object('start_time', to_char(timestamp '2030-01-08 10:00' + d * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))::text
FROM generate_series(0, n - 1) AS d
$$;
SELECT jsonb_array_length(t.rpc('ben', 'request_hold', t.daily(366), 'long')::jsonb -> 'holds');
SELECT t.rpc('ben', 'cancel_hold', '{"hold_key": "long300"}');
SELECT n, t.rpc('ben', 'request_hold', t.daily(n)) FROM unnest('{367,10000}'::int[]) AS n;

-- Rescheduling at once: to a time that overlaps the old one, which is free after.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold10", "session": {"notes": "kept", "x": 1}}') ~ 'confirmed';
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold10", "start_time": "2030-01-08 10:30Z"}');
SELECT * FROM t.calendar WHERE starts LIKE '08%';
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 10:30Z"}', 'hold')::jsonb ->> 'hold_key';
-- into what Ben holds it cannot go, and stays where it was
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold10", "start_time": "2030-01-08 10:15Z", "end_time": "2030-01-08 11:15Z"}') ~ 'slot_conflict';
SELECT * FROM t.calendar WHERE starts LIKE '08%';
SELECT who, t.rpc(who, 'reschedule_booking', '{"booking_id": "hold10", "start_time": "2030-01-08 13:00Z"}') FROM unnest('{ben,noah,hugo,zoe}'::text[]) AS who;
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold10", "start_time": "2030-01-06 13:00Z"}');
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold10", "start_time": "infinity"}');
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold2", "start_time": "2030-01-08 13:00Z"}');

-- Asking first: a hold with session_id waits beside the booking, and confirming it moves the booking.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 11:00Z", "session_id": "hold10"}', 'hold');
SELECT * FROM t.calendar WHERE starts LIKE '08%' AND resource = 'ana';
-- until then both times are taken
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 10:30Z", "end_time": "2030-01-08 10:45Z"}') ~ 'slot_conflict';
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 11:45Z", "end_time": "2030-01-08 12:00Z"}') ~ 'slot_conflict';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold12", "session": {"notes": "moved", "y": 2}}');
SELECT * FROM t.calendar WHERE starts LIKE '08%' AND resource = 'ana';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold12"}');
-- a lapsed or cancelled one leaves it where it is
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 13:00Z", "session_id": "hold10"}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold13"}');
SELECT * FROM t.calendar WHERE starts LIKE '08%' AND resource = 'ana';
-- one that was asked for before the booking was cancelled moves nothing any more
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 13:00Z", "session_id": "hold10"}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('maria', 'cancel_booking', '{"booking_id": "hold10"}') ~ 'cancelled';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold14"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 14:00Z", "session_id": "hold10"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 14:00Z", "session_id": "nothing"}');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 14:00Z", "session_id": "hold1"}');
SELECT t.rpc('maria', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 14:00Z", "session_id": "hold1"}');

-- Who does not accept automatically agrees again when the client moves the booking, or gives it to them; not when they move it.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-09 10:00Z", "end_time": "2030-01-09 11:00Z"}', 'hold')::jsonb ->> 'hold_key';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold15"}') ~ 'pending';
SELECT t.rpc('noah', 'accept_booking', '{"booking_id": "hold15"}') ~ 'confirmed';
SELECT who, b ->> 'status', b ->> 'start_time', b ->> 'accepted_at' FROM (VALUES ('noah', 11), ('adam', 12), ('ana', 13)) AS v (who, h),
    jsonb_extract_path(t.rpc(who, 'reschedule_booking', format('{"booking_id": "hold15", "start_time": "2030-01-09 %s:00Z"}', h))::jsonb, 'booking') AS b;
SELECT t.rpc('noah', 'accept_booking', '{"booking_id": "hold15"}') ~ 'confirmed';
-- to where it is already is no move
SELECT b ->> 'status', b ->> 'reschedule_count' FROM jsonb_extract_path(t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold15", "start_time": "2030-01-09 13:00Z"}')::jsonb, 'booking') AS b;
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-09 14:00Z", "session_id": "hold15"}', 'hold')::jsonb ->> 'hold_key';
SELECT b ->> 'status', b ->> 'specialist_id' FROM jsonb_extract_path(t.rpc('ana', 'confirm_booking', '{"hold_key": "hold16"}')::jsonb, 'booking') AS b;
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-09 15:00Z", "session_id": "hold15"}', 'hold')::jsonb ->> 'hold_key';
SELECT b ->> 'status', b ->> 'specialist_id', b ->> 'reschedule_count' FROM jsonb_extract_path(t.rpc('adam', 'confirm_booking', '{"hold_key": "hold17"}')::jsonb, 'booking') AS b;
SELECT * FROM t.calendar WHERE starts LIKE '09%';
SELECT r.actor, t.tidy(r.old_specialist_id::text), t.tidy(r.new_specialist_id::text), r.old_start_time, r.new_start_time FROM public.rescheduling_history r WHERE r.booking_id = t.id('hold15') ORDER BY r.id;
SELECT h.old_status, h.new_status, h.actor FROM public.booking_status_history h WHERE h.booking_id = t.id('hold15') ORDER BY h.id;

-- A move with a series: the booking moves, and the others are new in its series.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "session_id": "hold15", "occurrences": [{"start_time": "2030-01-17T10:00:00Z"}]}', 'hold')::jsonb ->> 'hold_key';
SELECT b ->> 'id', b ->> 'status', b ->> 'accepted_at', b ->> 'series_key', b ->> 'start_time' FROM jsonb_array_elements(t.rpc('ana', 'confirm_booking', '{"hold_key": "hold18"}')::jsonb -> 'bookings') AS b;

-- Once it has begun, its client moves it no more.
SET holdfast.now = '2030-01-10 10:00Z';
SELECT t.rpc('ana', 'reschedule_booking', '{"booking_id": "hold15", "start_time": "2030-01-11 13:00Z"}');
SELECT t.rpc('maria', 'reschedule_booking', '{"booking_id": "hold15", "start_time": "2030-01-11 13:00Z"}') ~ '2030-01-11T13';
SELECT * FROM holdfast.verify_calendar('holdfast_private.calendar');

\set ECHO none
\i :srcdir/lib/finish_booking.sql
