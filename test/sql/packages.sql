-- Packages: offered, granted, used once for each booking, never below zero, given back when it is cancelled.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE FUNCTION t.package(who text, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(t.rpc(who, 'create_package', arguments, 'package'), '^\{"package".*', 'made')
$$;
CREATE FUNCTION t.book(who text, client text, start timestamptz, session text DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_hold text := t.rpc(who, 'request_hold', format('{"specialist_id": "maria", "client_id": "%s", "start_time": "%s", "session_type_id": "talk"}', client, start), 'booking');
  v_answer text := t.rpc(who, 'confirm_booking', format('{"hold_key": "%s", "session": %s}', (v_hold::jsonb) ->> 'hold_key', session), 'booking');
BEGIN
  RETURN CASE WHEN v_answer LIKE '{%' THEN v_answer::jsonb -> 'booking' ->> 'id' ELSE v_answer END;
END
$$;
CREATE VIEW t.left AS
SELECT t.tidy(p.id::text, 'cp') AS package, uses_left, (SELECT count(*) FROM public.package_uses u WHERE u.client_package_id = p.id AND undone_at IS NULL) AS used,
       (SELECT count(*) FROM public.package_uses u WHERE u.client_package_id = p.id AND undone_at IS NOT NULL) AS undone
FROM public.client_packages p ORDER BY p.id;
\set ECHO all
-- who offers what
SELECT who, t.package(who, format('{"name": "Two talks", "session_count": 2%s}', s)) FROM unnest('{adam,maria,ana,hugo}'::text[]) who, unnest(ARRAY['', ', "specialist_id": "maria"']) s;
SELECT t.package('maria', '{"name": "Noah''s", "session_count": 2, "specialist_id": "noah"}');
SELECT t.package('adam', format('{"name": "x", "session_count": 2%s}', a)) FROM unnest(ARRAY[', "session_count": 0', ', "session_count": 1001', ', "name": " "', ', "price": -1, "currency": "EUR"',
  ', "price": "NaN", "currency": "EUR"', ', "price": 5', ', "price": 5, "currency": "euro"', ', "discount_percentage": 101', ', "specialist_id": "pete"', ', "specialist_id": "yuri"']) a;
SELECT name, session_count, t.tidy(specialist_id::text) FROM public.booking_packages ORDER BY id;
-- changed by whom it is offered, field by field; one that is withdrawn is granted no more
SELECT who, regexp_replace(t.rpc(who, 'update_package', format('{"package_id": "%s", "name": " Talks ", "price": 90, "currency": "EUR"}', id), 'package'), '^\{"package".*', 'changed')
FROM public.booking_packages, unnest('{adam,maria,noah,ana,hugo,zoe}'::text[]) who WHERE specialist_id = t.id('maria') AND who <> '' ORDER BY public.booking_packages.id, who;
SELECT t.rpc('adam', 'update_package', format('{"package_id": "%s"%s}', (SELECT id FROM public.booking_packages ORDER BY id LIMIT 1), a)) FROM unnest(ARRAY[', "session_count": 0', ', "name": " "', ', "price": 5',
  ', "discount_percentage": 101', ', "package_id": null', ', "package_id": "nothing"']) a;
SELECT name, session_count, price, currency, is_active, t.tidy(specialist_id::text) FROM public.booking_packages ORDER BY id;
BEGIN;
SELECT t.rpc('adam', 'update_package', format('{"package_id": "%s", "is_active": false}', id)) ~ '"is_active": false',
  t.rpc('adam', 'grant_package', format('{"package_id": "%s", "client_id": "ana"}', id)),
  t.rpc('adam', 'update_package', format('{"package_id": "%s", "is_active": true}', id)) ~ '"is_active": true',
  t.rpc('adam', 'grant_package', format('{"package_id": "%s", "client_id": "ana"}', id), 'undone') ~ 'uses_left'
FROM public.booking_packages ORDER BY id LIMIT 1;
ROLLBACK;
-- who grants it, to whom
CREATE TEMP TABLE offers AS SELECT row_number() OVER (ORDER BY id) AS n, id FROM public.booking_packages;
SELECT t.rpc(who, 'grant_package', format('{"package_id": "%s", "client_id": "%s", "expires_at": "2030-03-01T00:00Z"}', o.id, c), 'cp') !~ '^P' AS granted
FROM offers o, (VALUES (1, 'adam', 'ana'), (2, 'maria', 'ana')) v (n, who, c) WHERE o.n = v.n ORDER BY o.n;
SELECT t.rpc(who, 'grant_package', format('{"package_id": "%s", "client_id": "%s"%s}', o.id, c, e))
FROM offers o JOIN (VALUES (1, 'maria', 'ana', ''), (1, 'ana', 'ana', ''), (1, 'adam', 'cleo', ''), (1, 'adam', 'xena', ''), (1, 'zoe', 'xena', ''), (1, 'adam', 'ana', ', "expires_at": "2030-01-01"'), (1, 'adam', 'ana', ', "expires_at": "infinity"')) v (n, who, c, e) USING (n) ORDER BY who, c, e;
-- a booking names it: used with it; nobody else's, and none that is used up
SELECT * FROM t.left;
CREATE TEMP TABLE have AS SELECT row_number() OVER (ORDER BY id) AS n, id FROM public.client_packages;
SELECT t.book('ana', 'ana', '2030-01-08 10:00Z', format('{"client_package_id": "%s"}', id)) FROM have WHERE n = 1;
SELECT t.book('maria', 'ana', '2030-01-09 10:00Z', format('{"client_package_id": "%s"}', id)) FROM have WHERE n = 1;
SELECT * FROM t.left;
SELECT t.book('ana', 'ana', '2030-01-10 10:00Z', format('{"client_package_id": "%s"}', id)) FROM have WHERE n = 1;
SELECT t.book('ben', 'ben', '2030-01-11 10:00Z', format('{"client_package_id": "%s"}', id)) FROM have WHERE n = 1;
SELECT t.book('ben', 'ben', '2030-01-11 12:00Z', '{"client_package_id": "all of them"}');
SELECT count(*) FROM public.bookings;
-- cancelled, it is given back, once; the booking cannot use one again
SELECT t.rpc('ana', 'cancel_booking', format('{"booking_id": "%s"}', booking_id)) !~ '^P' FROM public.package_uses ORDER BY booking_id LIMIT 1;
SELECT * FROM t.left;
SELECT t.rpc('ana', 'cancel_booking', format('{"booking_id": "%s"}', booking_id)) FROM public.package_uses WHERE undone_at IS NOT NULL;
SELECT t.rpc('ana', 'use_package', format('{"booking_id": "%s", "client_package_id": "%s"}', booking_id, client_package_id)) FROM public.package_uses WHERE undone_at IS NOT NULL;
SELECT * FROM t.left;
-- by itself, for a booking that is made: once however often, one package for each
SELECT t.book('ana', 'ana', '2030-01-14 10:00Z');
CREATE TEMP TABLE made AS SELECT id FROM public.bookings WHERE start_time = '2030-01-14 10:00Z';
SELECT t.rpc('ana', 'use_package', format('{"booking_id": "%s", "client_package_id": "%s"}', made.id, have.id), 'cp')::jsonb -> 'client_package' ->> 'uses_left' FROM made, have, generate_series(1, 2) WHERE n = 1;
SELECT t.rpc(who, 'use_package', format('{"booking_id": "%s", "client_package_id": "%s"}', made.id, have.id), 'cp') FROM made, have, unnest('{ana,ben,noah,hugo,zoe}'::text[]) who WHERE n = 2;
-- not for a session after it expired
SELECT t.book('ana', 'ana', '2030-03-01 00:00Z', format('{"client_package_id": "%s"}', id)) FROM have WHERE n = 2;
-- a series uses one each, all or none; cancelled, all come back
SELECT left(t.rpc('ana', 'book_series', format('{"specialist_id": "maria", "client_id": "ana", "rule": "FREQ=WEEKLY;COUNT=%s", "starts_local": "2030-01-15 12:00", "session_type_id": "talk", "session": {"client_package_id": "%s"}}', m, id), 'series'), 60) FROM have, unnest('{3,2}'::int[]) AS c (m) WHERE have.n = 2;
SELECT * FROM t.left;
SELECT t.rpc('ana', 'cancel_series', format('{"recurring_booking_id": "%s"}', id), 'series') ~ 'cancelled' FROM public.recurring_bookings;
SELECT * FROM t.left;
-- nothing brings it below zero or above what it had
DO $$
BEGIN
  FOR v_left IN -1 .. 3 BY 4 LOOP
    BEGIN
      UPDATE public.client_packages SET uses_left = v_left;
      RAISE WARNING '% is allowed', v_left;
    EXCEPTION WHEN check_violation THEN
      NULL;
    END;
  END LOOP;
END
$$;
\set ECHO none
\i :srcdir/lib/finish_booking.sql
