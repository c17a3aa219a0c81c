-- Recurring bookings: booked by rule, all or what is possible; moved and cancelled for one, the following or all.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE VIEW t.series AS
SELECT t.tidy(r.id::text, 'series') AS series, r.frequency, r.starts_local, r.start_date, r.end_date, r.is_active, r.sequence,
       t.tidy(r.continues_id::text, 'series') AS continues
FROM public.recurring_bookings r ORDER BY r.id;
CREATE VIEW t.occurrences AS
SELECT t.tidy(o.recurring_booking_id::text, 'series') AS series, to_char(o.original_start AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS original,
       to_char(b.start_time AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS starts, b.status, o.is_detached, o.refusal ->> 'error' AS refused
FROM public.recurring_booking_occurrences o LEFT JOIN public.bookings b ON b.id = o.booking_id
ORDER BY o.recurring_booking_id, o.original_start;
CREATE FUNCTION t.book(who text, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN (SELECT string_agg(concat_ws(' ', o ->> 'original_start', o ->> 'status', o -> 'refusal' ->> 'error'), ', ') FROM jsonb_array_elements(a::jsonb -> 'occurrences') o)
              ELSE a END
  FROM t.rpc(who, 'book_series', arguments, 'series') a
$$;
\set ECHO all

-- Tuesdays at 10 in Lisbon, across the change of the clock on 31 March: ten o'clock it stays
SELECT t.book('ana', '{"specialist_id": "maria", "client_id": "ana", "rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=4", "starts_local": "2030-03-19 10:00", "session_type_id": "talk", "idempotency_key": "k1"}');
SELECT * FROM t.series;
-- repeated with the key it is the same one
SELECT t.book('ana', '{"specialist_id": "maria", "client_id": "ana", "rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=4", "starts_local": "2030-03-19 10:00", "session_type_id": "talk", "idempotency_key": "k1"}');
SELECT count(*) FROM public.recurring_bookings;
-- all or nothing: one taken time and none is booked; best effort says which
SELECT t.book('ben', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=WEEKLY;INTERVAL=2;COUNT=3", "starts_local": "2030-03-12 10:30", "duration_minutes": 60}');
SELECT t.book('ben', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=WEEKLY;INTERVAL=2;COUNT=3", "starts_local": "2030-03-12 10:30", "duration_minutes": 60, "mode": "best_effort"}');
SELECT * FROM t.occurrences;

-- one is moved for itself; the others follow a later change without it
SELECT t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-03-26 10:00Z", "new_start_local": "2030-03-27 15:00"}', id), 'series') !~ '^[0-9P]' AS moved
FROM public.recurring_bookings ORDER BY id LIMIT 1;
SELECT * FROM t.occurrences WHERE series = 'series1';
SELECT t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this_and_following", "original_start": "2030-04-02 09:00Z", "new_start_local": "2030-04-02 10:30"}', id), 'series') !~ '^[0-9P]' AS moved
FROM public.recurring_bookings ORDER BY id LIMIT 1;
SELECT * FROM t.series;
SELECT * FROM t.occurrences;
SELECT resource, starts, ends, kind FROM t.calendar WHERE resource = 'maria';

-- a move onto taken time moves nothing
SELECT t.book('ben', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=WEEKLY;COUNT=3", "starts_local": "2030-03-20 10:00", "duration_minutes": 60}');
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "all", "original_start": "2030-03-20 10:00Z", "new_start_local": "2030-03-19 10:00"}', id), 'series')
FROM public.recurring_bookings r WHERE client_id = t.id('ben') AND frequency = 'weekly';
-- onto its own later times it may: the last goes first
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "all", "original_start": "2030-03-20 10:00Z", "new_start_local": "2030-03-27 10:00"}', id), 'series') !~ '^[0-9P]' AS moved
FROM public.recurring_bookings r WHERE client_id = t.id('ben') AND frequency = 'weekly';
SELECT * FROM t.occurrences WHERE refused IS NULL;

-- cancelled from one on, and the rest of it
SELECT t.rpc('ben', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "this_and_following", "original_start": "2030-04-09 09:30Z", "reason": "away"}', id), 'series')
FROM public.recurring_bookings r WHERE client_id = t.id('ben');
SELECT t.rpc('maria', 'cancel_series', format('{"recurring_booking_id": "%s"}', id), 'series')
FROM public.recurring_bookings r WHERE is_active AND client_id = t.id('ana');
SELECT * FROM t.series;
SELECT * FROM t.occurrences;
SELECT resource, starts, ends, kind FROM t.calendar WHERE resource = 'maria';

-- nobody else's, and nothing wrong
SELECT t.rpc(who, 'cancel_series', format('{"recurring_booking_id": "%s"}', id), 'series')
FROM unnest('{ben,noah,hugo,zoe,yuri}'::text[]) who, (SELECT id FROM public.recurring_bookings ORDER BY id LIMIT 1) r;
SELECT t.book('ana', format('{"specialist_id": "maria", "client_id": "ana", "starts_local": "2030-05-01 10:00"%s}', a)) FROM unnest(ARRAY[
  ', "rule": "FREQ=SECONDLY", "duration_minutes": 50', ', "rule": "FREQ=DAILY"', ', "rule": "FREQ=DAILY", "duration_minutes": 0', ', "rule": "FREQ=DAILY", "duration_minutes": 50, "mode": "perhaps"',
  ', "rule": "FREQ=DAILY", "duration_minutes": 50, "max_count": 367', ', "rule": "FREQ=DAILY", "duration_minutes": 50, "time_zone": "Mars/Base"', ', "rule": "FREQ=DAILY;UNTIL=20290101", "duration_minutes": 50',
  ', "rule": "FREQ=YEARLY;COUNT=99", "duration_minutes": 50', ', "rule": "FREQ=DAILY;COUNT=2", "duration_minutes": 50, "starts_local": "2020-01-01 10:00"']) a;
SELECT t.book('ana', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=DAILY", "starts_local": "2030-05-01 10:00", "duration_minutes": 50}');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
