-- Leave: planned, asked for, approved with a decision for every booking in it, taken back.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

CREATE FUNCTION t.book(who text, specialist text, start_time text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_hold text := t.rpc('adam', 'request_hold', format('{"specialist_id": "%s", "client_id": "%s", "start_time": "%s", "end_time": "%s"}',
    specialist, who, start_time, start_time::timestamptz + interval '1 hour'), 'booking');
BEGIN
  RETURN v_hold::jsonb ->> 'hold_key' || ' ' || left(t.rpc('adam', 'confirm_booking', format('{"hold_key": "%s"}', v_hold::jsonb ->> 'hold_key')), 10);
END
$$;
CREATE FUNCTION t.leave(who text, more text, specialist text DEFAULT 'maria') RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN (a::jsonb #- '{leave,created_at}' #- '{leave,updated_at}' #- '{leave,decided_at}')::text ELSE a END
  FROM t.rpc(who, 'request_leave', jsonb_build_object('specialist_id', specialist, 'starts_at', '2030-01-14 00:00Z', 'ends_at', '2030-01-19 00:00Z')::jsonb::text, 'leave') a
  WHERE more IS NULL
  UNION ALL
  SELECT CASE WHEN a LIKE '{%' THEN (a::jsonb #- '{leave,created_at}' #- '{leave,updated_at}' #- '{leave,decided_at}')::text ELSE a END
  FROM t.rpc(who, 'request_leave', (jsonb_build_object('specialist_id', specialist, 'starts_at', '2030-01-14 00:00Z', 'ends_at', '2030-01-19 00:00Z') || more::jsonb)::text, 'leave') a
  WHERE more IS NOT NULL
$$;
CREATE VIEW t.bookings AS
SELECT t.tidy(b.id::text, 'booking') AS booking, n.label AS specialist, b.status, cancellation_requested_by, automatic_cancellation_reason, reschedule_count
FROM public.bookings b JOIN t.names n ON n.id = b.specialist_id ORDER BY 1;

UPDATE public.specialists SET buffer_after = '30 minutes' WHERE id = t.id('maria');
SELECT t.book('ana', 'maria', '2030-01-13 23:30Z');
UPDATE public.specialists SET buffer_after = '0' WHERE id = t.id('maria');
SELECT t.book('ana', 'maria', '2030-01-15 10:00Z'), t.book('ben', 'maria', '2030-01-16 10:00Z'), t.book('ana', 'maria', '2030-01-19 00:00Z');

-- The dry run: what is hit, and who could take it over; not what only touches it
SELECT t.rpc('maria', 'plan_leave', '{"specialist_id": "maria", "starts_at": "2030-01-14 00:30Z", "ends_at": "2030-01-19 00:00Z"}');
SELECT t.rpc('maria', 'plan_leave', '{"specialist_id": "maria", "starts_at": "2030-01-14 00:29Z", "ends_at": "2030-01-15 00:00Z"}');
SELECT count(*) FROM public.specialist_vacation;

-- Refused while anybody has not decided; nothing has changed then
SELECT t.leave('maria', '{"starts_at": "2030-01-14 00:30Z"}');
SELECT t.leave('maria', '{"starts_at": "2030-01-14 00:30Z", "decisions": [{"booking_id": "booking2", "decision": "cancel"}]}');
SELECT count(*) FROM public.specialist_vacation;
SELECT * FROM t.bookings;

-- A live hold is in the way too, a lapsed one is not
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-17 10:00Z", "end_time": "2030-01-17 11:00Z"}', 'hold') ~ 'hold1';
SELECT t.leave('maria', '{"starts_at": "2030-01-14 00:30Z", "decision": "cancel"}');
SET holdfast.now = '2030-01-07 08:06:00+00';

-- One cancelled, one taken over by who can at that time; approval is not needed here
SELECT t.book('ana', 'noah', '2030-01-16 10:00Z');
SELECT t.leave('maria', '{"starts_at": "2030-01-14 00:30Z", "decisions": [{"booking_id": "booking2", "decision": "cancel"}, {"booking_id": "booking3", "decision": "reassign"}]}');
SELECT * FROM t.bookings;
SELECT resource, lane, starts, ends, kind FROM t.calendar WHERE resource IN ('maria', 'olga', 'noah');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-16 10:00Z", "end_time": "2030-01-16 11:00Z"}');
SELECT t.rpc('maria', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-16 10:00Z", "end_time": "2030-01-16 11:00Z"}');
SELECT jsonb_array_length(t.rpc('ana', 'available_slots', '{"specialist_id": "maria", "from_date": "2030-01-16", "to_date": "2030-01-16"}')::jsonb -> 'slots');
-- a second leave over it, and taking it back
SELECT t.leave('maria', '{"starts_at": "2030-01-18 00:00Z", "ends_at": "2030-01-20 00:00Z", "decision": "cancel"}');
SELECT t.rpc(who, 'cancel_leave', '{"leave_id": "leave1"}') FROM unnest('{ana,noah,zoe}'::text[]) who;
SELECT t.rpc('maria', 'cancel_leave', '{"leave_id": "leave1"}') ~ '"status": "cancelled"', t.rpc('maria', 'cancel_leave', '{"leave_id": "leave1"}');
SELECT count(*) FROM t.calendar WHERE kind = 'busy-unavailable';

-- Where approval is needed, it waits for an admin
SELECT t.rpc('adam', 'set_booking_rules', '{"leave_needs_approval": true}') ~ 'true';
SELECT t.leave('olga', '{"kind": "sick", "reason": "flu"}', 'olga');
SELECT t.rpc('olga', 'approve_leave', '{"leave_id": "leave2"}'), t.rpc('olga', 'reject_leave', '{"leave_id": "leave2"}'), t.rpc('zoe', 'approve_leave', '{"leave_id": "leave2"}');
SELECT t.rpc('adam', 'approve_leave', '{"leave_id": "leave2", "decision": "reassign", "decisions": [{"booking_id": "booking3", "decision": "reassign", "specialist_id": "pete"}]}');
SELECT t.rpc('adam', 'approve_leave', '{"leave_id": "leave2", "decisions": [{"booking_id": "booking1", "decision": "cancel"}]}');
SELECT (t.rpc('adam', 'approve_leave', '{"leave_id": "leave2", "decision": "reassign"}')::jsonb) - 'leave';
SELECT t.rpc('adam', 'approve_leave', '{"leave_id": "leave2"}'), t.rpc('adam', 'reject_leave', '{"leave_id": "leave2"}');
SELECT lane, starts, ends, kind FROM t.calendar WHERE resource = 'olga';
SELECT * FROM t.bookings;
SELECT t.leave('noah', '{"auto_cancel_bookings_during_vacation": true, "starts_at": "2030-03-01 00:00Z", "ends_at": "2030-03-03 00:00Z"}', 'noah')::jsonb -> 'affected_bookings';
SELECT t.rpc('adam', 'reject_leave', '{"leave_id": "leave3"}') ~ 'rejected', t.rpc('adam', 'approve_leave', '{"leave_id": "leave3"}'), t.rpc('noah', 'cancel_leave', '{"leave_id": "leave3"}');
-- auto cancel, around the busy times of another calendar, which are there again when the leave goes
SELECT t.book('ana', 'noah', '2030-03-05 10:00Z');
SELECT t.rpc('noah', 'import_busy_times', '{"specialist_id": "noah", "source": "x", "busy": [{"external_id": "e", "start_time": "2030-03-05T12:00:00Z", "end_time": "2030-03-05T13:00:00Z"}], "from_time": "2030-03-05 00:00Z", "to_time": "2030-03-06 00:00Z"}');
SELECT t.leave('adam', '{"auto_cancel_bookings_during_vacation": true, "starts_at": "2030-03-05 00:00Z", "ends_at": "2030-03-06 00:00Z"}', 'noah')::jsonb - 'leave';
SELECT starts, ends, kind FROM t.calendar WHERE resource = 'noah' AND starts ~ '^0[1-6]';
SELECT t.rpc('noah', 'cancel_leave', '{"leave_id": "leave4"}') ~ 'cancelled';
SELECT starts, ends, kind FROM t.calendar WHERE resource = 'noah' AND starts ~ '^0[1-6]';

-- cancelled, and the clients wait instead, for anyone of the pillar or else for her; all of it or nothing
CREATE VIEW t.waiting AS
SELECT t.tidy(client_id::text, 'client') AS client, t.tidy(specialist_id::text, 'specialist') AS specialist, pillar_id IS NOT NULL AS has_pillar,
  duration, earliest = holdfast.clock() AS now, latest, days_of_week, time_zone, priority, status FROM public.waitlist_entries ORDER BY id;
SELECT t.book('ana', 'maria', '2030-05-06 10:00Z'), t.book('ben', 'maria', '2030-05-07 10:00Z');
SELECT t.leave('adam', '{"starts_at": "2030-05-06 00:00Z", "ends_at": "2030-05-08 00:00Z", "decisions": [{"booking_id": "booking7", "decision": "waitlist"}]}');
SELECT count(*) FROM t.waiting;
SELECT t.leave('adam', '{"starts_at": "2030-05-06 00:00Z", "ends_at": "2030-05-08 00:00Z", "decisions": [{"booking_id": "booking7", "decision": "cancel"}], "decision": "waitlist"}')::jsonb
  #- '{leave}' #- '{waitlisted,0,waitlist_entry_id}';
SELECT * FROM t.waiting;
SELECT * FROM t.bookings WHERE booking >= 'booking7';

-- Wrong, over, not theirs
SELECT a, t.leave('adam', a) FROM unnest(ARRAY['{"ends_at": "2030-01-14 00:00Z"}', '{"ends_at": "infinity"}', '{"starts_at": null}', '{"starts_at": "2030-01-01 00:00Z", "ends_at": "2030-01-07 08:06Z"}', '{"ends_at": "2031-02-01 00:00Z"}',
  '{"starts_at": "2050-01-01 00:00Z", "ends_at": "2050-01-02 00:00Z"}', '{"kind": "party"}', '{"time_zone": "Mars/Base"}', '{"decision": "ignore"}', '{"decisions": {}}', '{"decisions": [1]}', '{"decisions": [{}]}',
  '{"decisions": [{"booking_id": "nothing"}]}', '{"decisions": [{"booking_id": "nothing", "decision": "cancel"}]}',
  '{"decisions": [{"booking_id": "nothing", "decision": "cancel"}, {"booking_id": "nothing", "decision": "cancel"}]}', '{"specialist_id": "yuri"}', '{"specialist_id": null}']) a;
SELECT who, t.leave(who, '{}'), t.rpc(who, 'plan_leave', '{"specialist_id": "maria", "starts_at": "2030-01-14 00:30Z", "ends_at": "2030-01-19 00:00Z"}') FROM unnest('{ana,noah,zoe,""}'::text[]) who;
SELECT t.rpc('adam', r, a) FROM unnest('{approve_leave,reject_leave,cancel_leave}'::text[]) r, unnest('{"{\"leave_id\": \"nothing\"}","{\"leave_id\": null}"}'::text[]) a;
-- sent again under the same key, it is asked for once
SET t.headers = '{"idempotency-key": "k1"}';
SELECT t.leave('adam', '{"starts_at": "2030-04-01 00:00Z", "ends_at": "2030-04-02 00:00Z"}') = t.leave('adam', '{"starts_at": "2030-04-01 00:00Z", "ends_at": "2030-04-02 00:00Z"}');
SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
