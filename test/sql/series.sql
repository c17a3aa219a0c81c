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

-- repeated with the header Idempotency-Key, a cancellation is the same one; with another request it is refused
CREATE VIEW t.third AS SELECT r.id FROM public.recurring_bookings r WHERE r.is_active AND r.continues_id IS NOT NULL AND r.client_id = t.id('ben');
SELECT set_config('t.headers', '{"idempotency-key": "c1"}', false);
SELECT t.rpc('ben', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-04-03 09:00Z"}', id), 'series') ~ '"sequence": 1' FROM t.third, generate_series(1, 2);
SELECT t.rpc('ben', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-03-27 10:00Z"}', id), 'series') FROM t.third;
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-04-10 09:00Z", "new_start_local": "2030-04-11 10:00"}', id), 'series') ~ '"sequence": 2' FROM t.third, generate_series(1, 2);
SELECT set_config('t.headers', '', false);
SELECT sequence FROM public.recurring_bookings r JOIN t.third USING (id);
-- what is over, was cancelled or never was booked cannot be changed
SELECT t.rpc('ben', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-04-03 09:00Z"}', id), 'series') FROM t.third;
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-04-03 09:00Z", "new_start_local": "2030-04-04 10:00"}', id), 'series') FROM t.third;
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-03-26 10:30Z", "new_start_local": "2030-04-04 10:00"}', id), 'series')
FROM public.recurring_bookings r WHERE r.frequency = 'biweekly';
SET holdfast.now = '2030-03-27 10:00:00+00';
SELECT t.rpc('ben', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "this", "original_start": "2030-03-27 10:00Z"}', id), 'series') FROM t.third;
SELECT t.rpc('ben', 'move_series', format('{"recurring_booking_id": "%s", "scope": "all", "original_start": "2030-03-27 10:00Z", "new_start_local": "2030-03-28 10:00"}', id), 'series') FROM t.third;
SET holdfast.now = '2030-01-07 08:00:00+00';
-- one that was moved by itself stays when the others move
SELECT t.book('ana', '{"specialist_id": "olga", "client_id": "ana", "rule": "FREQ=DAILY;COUNT=3", "starts_local": "2030-05-06 10:00", "duration_minutes": 30}');
SELECT t.rpc('ana', 'reschedule_booking', format('{"booking_id": "%s", "start_time": "2030-05-07 18:00Z"}', o.booking_id)) ~ 'olga'
FROM public.recurring_booking_occurrences o WHERE o.original_start = '2030-05-07 10:00Z';
SELECT t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", "scope": "all", "original_start": "2030-05-06 10:00Z", "new_start_local": "2030-05-06 11:00", "duration_minutes": 45}', id), 'series') ~ '"duration": "@ 45 mins"'
FROM public.recurring_bookings r WHERE specialist_id = t.id('olga');
SELECT o.* FROM t.occurrences o WHERE o.original LIKE '05-%';
-- a specialist who is no longer active is not moved to, but can be cancelled with
UPDATE public.specialists SET status = 'inactive' WHERE id = t.id('olga');
SELECT t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", "scope": "all", "original_start": "2030-05-06 11:00Z", "new_start_local": "2030-05-06 12:00"}', id), 'series')
FROM public.recurring_bookings r WHERE specialist_id = t.id('olga') AND is_active;
SELECT t.rpc('ana', 'cancel_series', format('{"recurring_booking_id": "%s", "scope": "all"}', id), 'series') ~ '"is_active": false'
FROM public.recurring_bookings r WHERE specialist_id = t.id('olga') AND is_active;
SELECT o.* FROM t.occurrences o WHERE o.original LIKE '05-%';
-- occurrences do not overlap, also where a day has 23 hours
SELECT t.book('ana', format('{"specialist_id": "maria", "client_id": "ana", "starts_local": "2030-03-30 00:00", %s}', a)) FROM unnest(ARRAY[
  '"rule": "FREQ=DAILY;COUNT=3", "duration_minutes": 1440', '"rule": "FREQ=DAILY;BYHOUR=9,10;COUNT=3", "duration_minutes": 90']) a;
\set ECHO none
\i :srcdir/lib/finish_booking.sql
