-- confirm_booking: from a hold to bookings, once; idempotency keys; whose booking it is.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- Maria accepts automatically: confirmed at once. Known keys of session take effect, who, when and status do not, the rest is kept.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z", "session_type_id": "talk", "time_zone": "Europe/Madrid"}', 'hold') ~ 'hold1';
-- a session that names another time or another person than the hold is refused
SELECT t.rpc('ana', 'confirm_booking', format('{"hold_key": "hold1", "session": %s}', x)) FROM unnest(ARRAY['{"start_time": "2031-01-01T00:00:00Z"}', '{"end_time": 7}',
  '{"start_time": "bla"}', '{"therapist_id": "noah"}', '{"specialist_id": "noah"}', '{"client_id": "ben"}']) x;
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold1", "session": {
    "notes": "sleeps badly", "meeting_link": "https://meet.example/x", "cpt": {"code": "97153", "modifiers": ["HN"]},
    "metadata": {"room": 4}, "location_type": "telehealth", "status": "completed", "client_id": "ana", "therapist_id": "maria",
    "start_time": "2030-01-07T10:00:00Z", "organization_id": "other"}}');
SELECT * FROM t.calendar;
-- its history says who made it
SELECT t.tidy(to_jsonb(h)::text) FROM public.booking_status_history h;
-- a second time without a key is not a second booking, nor the same answer
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold1"}');
-- and a booking is no hold any more
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold1"}');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold1", "hold_seconds": 60}');

-- Noah does not: pending until he accepts, but the time is taken.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-07 12:00Z", "end_time": "2030-01-07 13:00Z"}', 'hold') ~ 'hold2';
SELECT b ->> 'status', b ->> 'accepted_at' FROM jsonb_extract_path(t.rpc('ana', 'confirm_booking', '{"hold_key": "hold2"}')::jsonb, 'booking') AS b;
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "noah", "client_id": "ben", "start_time": "2030-01-07 12:00Z", "end_time": "2030-01-07 13:00Z"}') ~ 'slot_conflict';
-- what he makes himself he need not accept
SELECT t.rpc('noah', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-07 14:00Z", "end_time": "2030-01-07 15:00Z"}', 'hold') ~ 'hold3';
SELECT b ->> 'status', b ->> 'accepted_by' FROM jsonb_extract_path(t.rpc('noah', 'confirm_booking', '{"hold_key": "hold3"}')::jsonb, 'booking') AS b;
-- what an admin makes for him he does
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-07 16:00Z", "end_time": "2030-01-07 17:00Z"}', 'hold') ~ 'hold4';
SELECT b ->> 'status', b ->> 'accepted_by' FROM jsonb_extract_path(t.rpc('adam', 'confirm_booking', '{"hold_key": "hold4"}')::jsonb, 'booking') AS b;

-- A hold of somebody else's is not there. The specialist may confirm what their client held.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}', 'hold') ~ 'hold5';
SELECT who, t.rpc(who, 'confirm_booking', '{"hold_key": "hold5"}') FROM unnest('{ben,noah,hugo,xena,zoe,nobody,""}'::text[]) AS who;
SELECT b ->> 'status', b ->> 'accepted_by', b ->> 'subject_user_id' FROM jsonb_extract_path(t.rpc('maria', 'confirm_booking', '{"hold_key": "hold5"}')::jsonb, 'booking') AS b;
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "nothing"}');

-- Impersonation: both are on record.
BEGIN;
SELECT set_config('request.jwt.claims', format('{"role": "authenticated", "sub": "%s", "organization_id": "%s", "act": {"sub": "%s"}}', t.id('u_ana'), t.id('clinic'), t.id('u_adam')), true) IS NOT NULL;
SELECT holdfast_private.confirm_booking(t.id('clinic'), (holdfast_private.request_hold(t.id('clinic'), t.id('maria'), t.id('ana'), '2030-01-08 12:00Z', '2030-01-08 13:00Z') ->> 'hold_key')::uuid) IS NOT NULL;
SELECT t.tidy(concat_ws(' ', b.acting_user_id, b.subject_user_id)) FROM public.bookings b WHERE b.start_time = '2030-01-08 12:00Z';
SELECT t.tidy(concat_ws(' ', h.acting_user_id, h.changed_by, h.actor)) FROM public.booking_status_history h ORDER BY h.id DESC LIMIT 1;
ROLLBACK;

-- What was there at the hold may be gone at the confirmation; then nothing is booked, and the hold stays.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-09 10:00Z", "end_time": "2030-01-09 11:00Z"}', 'hold') ~ 'hold6';
UPDATE public.specialists SET status = 'suspended' WHERE id = t.id('maria');
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold6"}');
UPDATE public.specialists SET status = 'active' WHERE id = t.id('maria');
UPDATE public.clients SET deleted_at = now() WHERE id = t.id('ana');
SELECT t.rpc('maria', 'confirm_booking', '{"hold_key": "hold6"}');
UPDATE public.clients SET deleted_at = NULL WHERE id = t.id('ana');
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold6", "session": {"session_type_id": "retired"}}');
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold6", "session": {"session_type_id": "talk"}}') ~ '"session_type_id": "talk"';

-- Ben is sponsored by Acme; that is kept with the booking.
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-09 12:00Z", "end_time": "2030-01-09 13:00Z"}', 'hold') ~ 'hold7';
SELECT t.rpc('ben', 'confirm_booking', '{"hold_key": "hold7"}') ~ '"company_id": "acme"';

-- Idempotency. The same request under the same key: the same hold.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k1"}', 'hold');
SET holdfast.now = '2030-01-07 08:01:00+00';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k1"}', 'hold');
-- with its present expiry
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold8", "hold_seconds": 600}') ~ '08:11:00';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k1"}', 'hold');
-- another request is none of it
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:01Z", "idempotency_key": "k1"}');
-- and somebody else's key is their own
SELECT t.rpc('maria', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k1"}') ~ 'slot_conflict';
-- the same key confirms, and confirms again with the same answer
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold8", "idempotency_key": "k1"}') AS first \gset
SET holdfast.now = '2030-01-07 08:30:00+00';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold8", "idempotency_key": "k1"}') = :'first';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold8", "idempotency_key": "k1", "session": {"notes": "other"}}');
-- long after, the hold itself is still answered, because it was confirmed
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k1"}', 'hold') ~ 'hold8';
SELECT count(*) FROM public.bookings b WHERE b.start_time = '2030-01-10 10:00Z';
-- a hold that lapsed, or was cancelled, is not given again
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z", "idempotency_key": "k2"}', 'hold');
SET holdfast.now = '2030-01-07 08:35:00+00';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z", "idempotency_key": "k2"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z", "idempotency_key": "k3"}', 'hold') ~ 'hold10';
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold10"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z", "idempotency_key": "k3"}');
-- a request that failed is not kept: it may be tried again
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k4"}') ~ 'slot_conflict';
SELECT t.rpc('ana', 'cancel_booking', '{"booking_id": "hold8"}') ~ 'cancelled';
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z", "idempotency_key": "k4"}', 'hold') ~ 'hold11';
-- the header serves where the argument is absent
SET t.headers = '{"idempotency-key": "k5"}';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:00Z"}', 'hold') ~ 'hold12';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:00Z"}', 'hold') ~ 'hold12';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:30Z"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:30Z", "idempotency_key": "k6"}') ~ 'slot_conflict';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold12"}') = t.rpc('ana', 'confirm_booking', '{"hold_key": "hold12"}');
SELECT t.rpc('ana', 'cancel_booking', '{"booking_id": "hold12"}') = t.rpc('ana', 'cancel_booking', '{"booking_id": "hold12"}');
RESET t.headers;
SELECT t.rpc('ana', 'cancel_booking', '{"booking_id": "hold12"}');
SELECT t.rpc('ana', 'confirm_booking', format('{"hold_key": "hold12", "idempotency_key": "%s"}', repeat('k', n))) FROM unnest('{0,256}'::int[]) AS n;

\set ECHO none
\i :srcdir/lib/finish_booking.sql
