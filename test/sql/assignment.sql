-- request_hold_any: fair turns, weights, load, preference; nobody who is busy; and why nobody.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- hour N of the Monday, with whom
CREATE FUNCTION t.any(who text, hour int, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN a::jsonb ->> 'specialist_id' ELSE a END
  FROM t.rpc(who, 'request_hold_any', format('{"client_id": "ana", "start_time": "2030-01-07 %s:00Z", "end_time": "2030-01-07 %s:50Z"%s}', hour, hour, more)) a
$$;
CREATE FUNCTION t.many(VARIADIC labels text[]) RETURNS text LANGUAGE sql AS
$$ SELECT format('"{%s}"', string_agg(t.id(l)::text, ',' ORDER BY n)) FROM unnest(labels) WITH ORDINALITY AS u (l, n) $$;
CREATE FUNCTION t.ask(who text, client text, starts text, ends text, more text, VARIADIC labels text[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN a::jsonb ->> 'specialist_id' ELSE a END
  FROM t.rpc(who, 'request_hold_any', format('{"client_id": "%s", "start_time": "2030-01-%sZ", "end_time": "2030-01-%sZ", "specialist_ids": %s%s}', client, starts, ends, t.many(VARIADIC labels), more)) a
$$;
\set ECHO all

-- by turns: as even as can be
SELECT h, t.any('ana', h) FROM generate_series(9, 14) h;
-- who is busy is passed over, and first at the next chance
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-07 15:00Z", "end_time": "2030-01-07 15:50Z"}') LIKE '{%';
SELECT h, t.any('ana', h) FROM generate_series(15, 18) h;
-- the preferred one first, if they match
SELECT t.any('ana', 19, ', "preferred_specialist_id": "olga"'), t.ask('ana', 'ana', '07 20:00', '07 20:50', ', "preferred_specialist_id": "olga"', 'maria', 'noah');
-- least loaded this week
SELECT h, t.any('ana', h, ', "strategy": "least_loaded"') FROM generate_series(21, 22) h;
-- repeated with a key: the same hold of the same specialist
SELECT t.rpc('ana', 'request_hold_any', '{"client_id": "ana", "start_time": "2030-01-08 08:00Z", "session_type_id": "talk", "idempotency_key": "k"}')
     = t.rpc('ana', 'request_hold_any', '{"client_id": "ana", "start_time": "2030-01-08 08:00Z", "session_type_id": "talk", "idempotency_key": "k"}');
-- three sessions for maria to one of olga's
INSERT INTO public.specialist_weights VALUES (t.id('clinic'), t.id('maria'), 3);
SELECT s, count(*) FROM (SELECT t.ask('ana', 'ana', format('09 %s:00', h), format('09 %s:50', h), ', "strategy": "weighted"', 'maria', 'olga') AS s FROM generate_series(8, 15) h) x GROUP BY s ORDER BY s;
-- skills: a language, a specialty, a company's specialists
UPDATE public.specialists SET languages = '{pt}', specialties = '{sleep}' WHERE id = t.id('noah');
SELECT t.any('ana', 23, ', "language": "pt"'), t.any('ana', 8, ', "specialty": "sleep"'), t.any('ana', 8, ', "language": "fi"');
INSERT INTO public.specialist_assignments (organization_id, specialist_id, company_id) VALUES (t.id('clinic'), t.id('noah'), t.id('acme'));
SELECT t.rpc('adam', 'request_hold_any', '{"client_id": "ben", "start_time": "2030-01-10 10:00Z", "session_type_id": "talk"}')::jsonb ->> 'specialist_id';

-- all taken: the next times of any of them
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-11 10:00Z", "end_time": "2030-01-11 11:00Z"}') LIKE '{%';
SELECT t.ask('ana', 'ana', '11 10:00', '11 11:00', '', 'maria');
SELECT t.ask('ana', 'ana', '11 10:00', '11 11:00', '', 'maria', 'noah');
-- nobody works then: why, of each; a client learns less
INSERT INTO public.specialist_availability_exceptions (organization_id, specialist_id, exception_date, is_available, time_zone)
SELECT t.id('clinic'), t.id(s), '2030-01-14', false, 'UTC' FROM unnest('{maria,olga}'::text[]) s;
SELECT who, t.ask(who, 'ana', '14 10:00', '14 11:00', '', 'maria', 'olga') FROM unnest('{ana,adam}'::text[]) who;
-- a limit counts what is held
INSERT INTO public.booking_rules (organization_id, specialist_daily_limit) VALUES (t.id('clinic'), 1);
SELECT h, t.ask('ana', 'ana', format('15 %s:00', h), format('15 %s:30', h), '', 'maria', 'olga') FROM generate_series(10, 12) h;

-- In a clinic of their own. Who was away for longer than four turns gets four of them back, not all; who is new begins where the others are.
\set ECHO none
RESET ROLE;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000fa100', 'Fair');
CREATE FUNCTION t.fair(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-8000-0000000fa10' || n)::uuid $$;
CREATE FUNCTION t.joins(n int, name text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.specialists (organization_id, id, display_name, time_zone) VALUES (t.fair(0), t.fair(n), name, 'UTC') $$;
INSERT INTO public.clients (organization_id, id, display_name) VALUES (t.fair(0), t.fair(9), 'C');
-- who gets so many hours, one after the other, from a time on
CREATE FUNCTION t.turns(start timestamptz, hours int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_names text := '';
  v_chosen uuid;
BEGIN
  PERFORM set_config('request.jwt.claims', '', true);
  FOR n IN 0 .. hours - 1 LOOP
    v_chosen := holdfast_private.request_hold_any(t.fair(0), t.fair(9), start + n * interval '1 hour', start + (n + 1) * interval '1 hour') ->> 'specialist_id';
    v_names := v_names || (SELECT s.display_name FROM public.specialists s WHERE s.id = v_chosen);
  END LOOP;
  RETURN v_names;
END
$$;
SELECT t.joins(n, c) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) v (n, c) \g /dev/null
\set ECHO all
SELECT t.turns('2030-02-04 00:00Z', 3);
SELECT holdfast.block('holdfast_private.calendar', t.fair(0), t.fair(3), '[2030-02-05 00:00Z, 2030-02-06 00:00Z)', 'busy-unavailable') IS NOT NULL AS away;
SELECT t.turns('2030-02-05 00:00Z', 16);
SELECT t.turns('2030-02-06 00:00Z', 12);
SELECT t.joins(4, 'd');
SELECT t.turns('2030-02-07 00:00Z', 12);
-- who may ask, and for what
SELECT who, t.any(who, 8) FROM unnest('{ben,maria,hugo,zoe,"",xena}'::text[]) who;
SELECT t.any('ana', 8, m) FROM unnest(ARRAY[', "strategy": "random"', ', "hold_seconds": 0', ', "session_type_id": "retired"', ', "time_zone": "Mars/Base"']) m;
SELECT s, t.ask('ana', 'ana', '07 08:00', '07 08:50', '', s) FROM unnest('{pete,yuri}'::text[]) s;
SELECT strategy, string_agg(n.label || ' ' || choices, ', ' ORDER BY n.label) FROM holdfast_private.assignment_turns JOIN t.names n ON n.id = specialist_id GROUP BY strategy ORDER BY strategy;
SELECT count(*) AS overlaps FROM holdfast.verify_calendar('holdfast_private.calendar');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
