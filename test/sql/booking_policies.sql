-- Who sees and writes what of bookings, and what is told to HR.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE FUNCTION t.make(who text, specialist text, client text, start timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_key text := t.rpc(who, 'request_hold', jsonb_build_object('specialist_id', specialist, 'client_id', client, 'start_time', start, 'end_time', start + interval '1 hour')::text, 'b')::jsonb ->> 'hold_key';
BEGIN
    RETURN t.rpc(who, 'confirm_booking', jsonb_build_object('hold_key', v_key, 'session', '{"notes": "clinical", "cpt": {"code": "1"}}'::jsonb)::text)::jsonb #>> '{booking,status}';
END
$$;
-- Runs a statement as somebody, and shows what came of it: rows, or the error.
CREATE FUNCTION t.as(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_rows text;
BEGIN
    BEGIN
        PERFORM t.become(who);
        EXECUTE statement INTO v_rows;
        PERFORM set_config('role', 'none', true);
        SET CONSTRAINTS ALL IMMEDIATE;
        RETURN coalesce(t.tidy(v_rows), 'nothing');
    EXCEPTION WHEN OTHERS THEN
        PERFORM set_config('role', 'none', true);
        RETURN SQLSTATE || ' ' || SQLERRM;
    END;
END
$$;
\set ECHO all
SELECT t.make('ana', 'maria', 'ana', '2030-01-07 10:00Z'), t.make('ben', 'maria', 'ben', '2030-01-07 11:00Z'), t.make('ben', 'noah', 'ben', '2030-01-08 10:00Z'),
    t.make('xena', 'yuri', 'xena', '2030-01-07 10:00Z');
SELECT t.rpc('ben', 'reschedule_booking', '{"booking_id": "b2", "start_time": "2030-01-07 12:00Z"}') ~ '12:00:00';
SELECT t.rpc('adam', 'reschedule_booking', '{"booking_id": "b3", "start_time": "2030-01-08 11:00Z"}') ~ '11:00:00';
SELECT t.rpc('maria', 'cancel_booking', '{"booking_id": "b1"}') ~ 'cancelled';

-- rows that each may read
SELECT who, t.as(who, 'SELECT string_agg(id::text, '' '' ORDER BY start_time, id) FROM public.bookings') AS bookings,
    t.as(who, 'SELECT string_agg(booking_id::text, '' '' ORDER BY id) FROM public.booking_status_history') AS history,
    t.as(who, 'SELECT string_agg(booking_id::text, '' '' ORDER BY booking_id) FROM public.booking_cancellations') AS cancellations,
    t.as(who, 'SELECT string_agg(booking_id::text, '' '' ORDER BY id) FROM public.rescheduling_history') AS moves
FROM unnest('{ana,ben,maria,noah,olga,hugo,adam,sue,service,xena,yuri,zoe,nobody,""}'::text[]) AS who;
-- and what they are to them
BEGIN;
SELECT t.become('adam'), set_config('role', 'none', true);
SELECT b.label, holdfast_private.booking_party(o.id, s.id, c.id) FROM (VALUES ('own', 'clinic', 'maria', 'ana'), ('foreign', 'other', 'yuri', 'xena')) AS b (label, org, specialist, client)
    JOIN t.names o ON o.label = b.org JOIN t.names s ON s.label = b.specialist JOIN t.names c ON c.label = b.client ORDER BY 1;
ROLLBACK;
-- what is private stays so
SELECT t, t.as(who, format('SELECT count(*)::text FROM %s', t)) FROM unnest('{adam,service}'::text[]) AS who, unnest('{holdfast_private.calendar,holdfast_private.booking_holds,holdfast_private.idempotency}'::text[]) AS t;
-- nobody writes but through the RPCs
SELECT who, s, t.as(who, s || ' RETURNING id::text') FROM unnest('{ana,maria,adam,service}'::text[]) AS who,
    unnest(ARRAY['INSERT INTO public.bookings DEFAULT VALUES', 'UPDATE public.bookings SET status = ''completed''', 'UPDATE public.bookings SET start_time = start_time + interval ''1 day''', 'DELETE FROM public.bookings',
        'INSERT INTO public.booking_status_history DEFAULT VALUES', 'UPDATE public.booking_status_history SET new_status = ''completed''', 'DELETE FROM public.booking_status_history']) AS s;
-- a service notes what it did
SELECT who, t.as(who, 'UPDATE public.bookings SET reminder_sent_at = ''2030-01-07 09:00Z'', meeting_link = ''https://meet.example'' WHERE start_time = ''2030-01-07 12:00Z'' RETURNING id::text') FROM unnest('{maria,adam,service}'::text[]) AS who;
-- anon calls nothing
SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege('anon', p.oid, 'EXECUTE') AND p.proname ~ 'booking|hold|sessions_|no_show|company_usage';
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND has_table_privilege('anon', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AND c.relname ~ 'booking|resched';

-- nor does a token without a user
SELECT name, t.rpc('', name, arguments) FROM (VALUES
    ('request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-09 10:00Z", "end_time": "2030-01-09 11:00Z"}'),
    ('confirm_booking', '{"hold_key": "b2"}'), ('extend_hold', '{"hold_key": "b2", "hold_seconds": 60}'), ('cancel_hold', '{"hold_key": "b2"}'),
    ('cancel_booking', '{"booking_id": "b2"}'), ('reschedule_booking', '{"booking_id": "b2", "start_time": "2030-01-09 10:00Z"}'), ('accept_booking', '{"booking_id": "b3"}'),
    ('decline_booking', '{"booking_id": "b2"}'), ('complete_booking', '{"booking_id": "b2"}'), ('mark_no_show', '{"booking_id": "b2", "party": "client"}'),
    ('sessions_hold', '{}'), ('sessions_confirm', '{"holdKey": "b2"}'), ('sessions_cancel', '{"holdKey": "b2"}'), ('company_usage', '{"company_id": "acme"}')) AS v (name, arguments);
-- get_booking shows one with what it went through, to the same people
SELECT jsonb_pretty(t.rpc('ben', 'get_booking', '{"booking_id": "b2"}')::jsonb);
SELECT who, left(t.rpc(who, 'get_booking', '{"booking_id": "b2"}'), 30) FROM unnest('{ana,maria,noah,hugo,adam,sue,service,xena,zoe,nobody,""}'::text[]) AS who;

-- HR learns how many, of their own company, and no more
SELECT t.rpc('hugo', 'company_usage', '{"company_id": "acme"}');
SELECT t.rpc('hugo', 'company_usage', '{"company_id": "acme", "from": "2030-01-08T00:00:00Z", "to": "2030-01-09T00:00:00Z"}');
SELECT who, company, t.rpc(who, 'company_usage', format('{"company_id": "%s"}', company)) ~ 'total' AS told FROM unnest('{hugo,ben,maria,adam,sue,service,zoe}'::text[]) AS who, unnest('{acme,globex}'::text[]) AS company;
SELECT t.rpc('hugo', 'company_usage', '{"company_id": "globex"}');
SELECT t.rpc('hugo', 'company_usage', '{"company_id": "nothing"}');
SELECT t.rpc('hugo', 'company_usage', '{"company_id": null}');
SELECT span, t.rpc('adam', 'company_usage', ('{"company_id": "acme"}'::jsonb || span::jsonb)::text) FROM unnest(ARRAY['{"from": "infinity"}', '{"to": "-infinity"}', '{"to": "2029-12-31T00:00:00Z"}', '{"to": "infinity"}', '{"from": "294276-12-31T00:00:00Z"}', '{"from": "2030-01-02T00:00:00Z", "to": "2030-01-01T00:00:00Z"}']) AS span;
-- a month begins when it does in the company's zone
UPDATE public.companies SET time_zone = 'Pacific/Auckland';
SELECT t.rpc('hugo', 'company_usage', '{"company_id": "acme"}');

\set ECHO none
\i :srcdir/lib/finish_booking.sql
