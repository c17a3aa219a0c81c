-- request_hold, extend_hold, cancel_hold: a claim on time, who may make it, and how long it lasts.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- Ana holds an hour with Maria; both are busy now.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z"}', 'hold');
SELECT * FROM t.calendar;
-- nobody else gets Maria then, and Ana gets nobody else
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-07 10:30Z", "end_time": "2030-01-07 11:30Z"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "olga", "client_id": "ana", "start_time": "2030-01-07 10:30Z", "end_time": "2030-01-07 11:30Z"}');
-- right after it is free
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-07 11:00Z", "end_time": "2030-01-07 12:00Z"}', 'hold');

-- It lives for hold_seconds, five minutes unless said otherwise; then anybody takes it, with no job having run.
SET holdfast.now = '2030-01-07 08:04:59+00';
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z"}');
SET holdfast.now = '2030-01-07 08:05:00+00';
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z", "hold_seconds": 1}', 'hold');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold1", "hold_seconds": 60}');
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold1"}');
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold1"}');
SET holdfast.now = '2030-01-07 08:05:01+00';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z"}', 'hold');

-- extending counts from now, and never beyond the maximal life
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": 600}');
SET holdfast.now = '2030-01-07 08:15:00+00';
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": 3600}');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": 0}');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": 3601}');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": null}');

-- cancelling frees the time; twice is nothing more
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold4"}');
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold4"}');
SELECT t.rpc('ana', 'extend_hold', '{"hold_key": "hold4", "hold_seconds": 60}');
SELECT * FROM t.calendar;

-- A hold of somebody else's is not there; the specialist and an admin may act on it.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z"}', 'hold');
SELECT who, t.rpc(who, 'cancel_hold', '{"hold_key": "hold5"}') FROM unnest('{ben,noah,hugo,xena,yuri,zoe,nobody}'::text[]) AS who;
SELECT who, t.rpc(who, 'extend_hold', '{"hold_key": "hold5", "hold_seconds": 600}') ~ 'expires_at' FROM unnest('{maria,adam,sue,service}'::text[]) AS who;
SELECT t.rpc('maria', 'cancel_hold', '{"hold_key": "hold5"}');
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "nothing"}');
SELECT t.rpc('', 'cancel_hold', '{"hold_key": "hold5"}');

-- Who may ask: a client for themselves, a specialist for their own calendar, admins and services for everybody.
SELECT who, t.rpc(who, 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z", "hold_seconds": 1}', 'who')
FROM unnest('{ben,noah,hugo,xena,zoe,nobody}'::text[]) AS who;
SET holdfast.now = '2030-01-07 08:20:00+00';
SELECT t.rpc('maria', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}', 'hold');
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 11:00Z", "end_time": "2030-01-08 12:00Z"}', 'hold');
SELECT t.rpc('sue', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 12:00Z", "end_time": "2030-01-08 13:00Z"}', 'hold');
SELECT t.rpc('service', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 13:00Z", "end_time": "2030-01-08 14:00Z"}', 'hold');
-- and a DBA's session, which has no claims, through the body
SELECT t.tidy(jsonb_path_query_array(holdfast_private.request_hold(t.id('clinic'), t.id('maria'), t.id('ana'), '2030-01-08 14:00Z', '2030-01-08 15:00Z'), '$.holds[*].start_time')::text);
-- a company may choose whom its people book; nobody else is bound by that
INSERT INTO public.specialist_assignments (organization_id, company_id, specialist_id) VALUES (t.id('clinic'), t.id('acme'), t.id('olga'));
SELECT who, specialist, t.rpc(who, 'request_hold', format('{"specialist_id": "%s", "client_id": "ben", "start_time": "2030-01-09 1%s:00Z", "end_time": "2030-01-09 1%s:30Z"}', specialist, n, n), 'hold') ~ 'hold_key'
FROM (VALUES (1, 'ben', 'maria'), (2, 'ben', 'olga'), (3, 'maria', 'maria'), (4, 'adam', 'maria')) AS v (n, who, specialist);
DELETE FROM public.specialist_assignments;

-- Who and what may be named.
SELECT specialist, client, t.rpc('adam', 'request_hold', format('{"specialist_id": "%s", "client_id": "%s", "start_time": "2030-01-10 10:00Z", "end_time": "2030-01-10 11:00Z"}', specialist, client))
FROM (VALUES ('nothing', 'ana'), ('pete', 'ana'), ('yuri', 'ana'), ('maria', 'nothing'), ('maria', 'cleo'), ('maria', 'xena')) AS v (specialist, client);
SELECT type, t.rpc('ana', 'request_hold', format('{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "session_type_id": "%s"}', type))
FROM unnest('{nothing,retired}'::text[]) AS type;
-- without an end it is as long as the type says
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 10:00Z", "session_type_id": "talk"}', 'hold');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-10 12:00Z", "end_time": "2030-01-10 12:20Z", "session_type_id": "talk"}', 'hold');

-- Buffers: Noah wants 10 minutes before and 5 after, on top of each other.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "noah", "client_id": "ana", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z"}', 'hold');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "noah", "client_id": "ben", "start_time": "2030-01-11 11:14Z", "end_time": "2030-01-11 12:00Z"}', 'hold');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "noah", "client_id": "ben", "start_time": "2030-01-11 11:15Z", "end_time": "2030-01-11 12:00Z"}', 'hold');
-- his buffers are not Ana's: she is free right after
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-11 11:00Z", "end_time": "2030-01-11 12:00Z"}', 'hold');

-- Capacity: Olga takes two at a time, but nobody twice.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "olga", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:00Z"}', 'hold');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "olga", "client_id": "ana", "start_time": "2030-01-12 10:00Z", "end_time": "2030-01-12 11:00Z"}', 'hold');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-12 10:30Z", "end_time": "2030-01-12 11:30Z"}', 'hold');
INSERT INTO public.clients (organization_id, id, user_id, display_name) SELECT t.id('clinic'), t.id('nothing'), t.id('u_nobody'), 'Nobody';
SELECT t.rpc('nobody', 'request_hold', '{"specialist_id": "olga", "client_id": "nothing", "start_time": "2030-01-12 10:45Z", "end_time": "2030-01-12 10:50Z"}', 'hold');

-- The job tidies what lapsed, and forgets after a month. Until then a hold is remembered by how it ended.
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-13 10:00Z", "end_time": "2030-01-13 11:00Z"}', 'lapsed')::jsonb ->> 'hold_key';
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-13 12:00Z", "end_time": "2030-01-13 13:00Z"}', 'gone')::jsonb ->> 'hold_key';
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "gone1"}');
SET holdfast.now = '2030-02-01 08:00:00+00';
SELECT count(*) FROM holdfast_private.calendar;
SELECT holdfast_private.job_sweep_holds() > 0;
SELECT count(*) FROM holdfast_private.calendar;
SELECT count(*) > 0 FROM holdfast_private.booking_holds;
SELECT hold, t.rpc('ana', name, jsonb_build_object('hold_key', hold)::text) FROM unnest('{lapsed1,gone1}'::text[]) AS hold, unnest('{confirm_booking,cancel_hold}'::text[]) AS name;
SET holdfast.now = '2030-03-01 08:00:00+00';
SELECT holdfast_private.job_sweep_holds() > 0, holdfast_private.job_reap_requests();
SELECT count(*) FROM holdfast_private.booking_holds;
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "lapsed1"}');

\set ECHO none
\i :srcdir/lib/finish_booking.sql
