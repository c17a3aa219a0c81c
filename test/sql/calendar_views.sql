-- Calendars to look at: local days, who sees what, files and feeds.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE FUNCTION t.book(who text, specialist text, client text, start timestamptz, minutes int DEFAULT 50) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_hold text := t.rpc(who, 'request_hold', format('{"specialist_id": "%s", "client_id": "%s", "start_time": "%s", "end_time": "%s"}', specialist, client, start, start + minutes * interval '1 minute'), 'booking');
BEGIN
  RETURN t.rpc(who, 'confirm_booking', format('{"hold_key": "%s", "session": {"notes": "SECRET", "meeting_link": "https://meet.example/1"}}', v_hold::jsonb ->> 'hold_key'), 'booking')::jsonb -> 'booking' ->> 'id';
END
$$;
-- Days with something on them; hours only where they are not 24.
CREATE FUNCTION t.look(who text, arguments text) RETURNS SETOF text LANGUAGE sql AS $$
  WITH a AS MATERIALIZED (SELECT t.rpc(who, 'calendar_view', arguments, 'booking') AS a),
  d AS (SELECT d, (extract(epoch FROM (d ->> 'ends_at')::timestamptz - (d ->> 'starts_at')::timestamptz) / 3600)::int AS hours
        FROM a, jsonb_array_elements(a::jsonb -> 'days') AS d WHERE a LIKE '{%')
  SELECT a FROM a WHERE a NOT LIKE '{%'
  UNION ALL
  SELECT concat_ws(' ', a::jsonb ->> 'view', a::jsonb ->> 'from', a::jsonb ->> 'to', a::jsonb ->> 'time_zone', jsonb_array_length(a::jsonb -> 'days')) FROM a WHERE a LIKE '{%'
  UNION ALL
  SELECT concat_ws(' ', ' ', d ->> 'date', nullif(hours, 24),
    (SELECT string_agg(concat_ws(' ', '|', to_char((b ->> 'start_time')::timestamptz AT TIME ZONE 'UTC', 'HH24:MI'), b ->> 'specialist_name', b ->> 'client_name', b ->> 'status'), ' ') FROM jsonb_array_elements(d -> 'bookings') b),
    (SELECT string_agg(concat_ws(' ', '| busy', to_char((b ->> 'start_time')::timestamptz AT TIME ZONE 'UTC', 'HH24:MI'), b ->> 'kind'), ' ') FROM jsonb_array_elements(d -> 'busy') b))
  FROM d WHERE hours <> 24 OR d -> 'bookings' <> '[]' OR d -> 'busy' <> '[]'
$$;
CREATE FUNCTION t.ics(who text, name text, id uuid) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  v_ics text;
BEGIN
  PERFORM t.become(who);
  EXECUTE format('SELECT public.%I($1)', name) INTO v_ics USING id;
  PERFORM set_config('role', 'none', true);
  RETURN QUERY SELECT t.tidy(line, 'booking') FROM string_to_table(replace(v_ics, E'\r\n ', ''), E'\r\n') AS line
    WHERE line ~ '^(METHOD|UID|SEQUENCE|STATUS|SUMMARY|DTSTART|DTEND|URL|DESCRIPTION|X-WR|NAME|RRULE|EXDATE|RECURRENCE|ORGANIZER|ATTENDEE)' OR line ~ 'SECRET';
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN NEXT concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
CREATE TABLE t.feeds (label text, feed jsonb);
CREATE FUNCTION t.raw(who text, scope text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_feed jsonb;
BEGIN
  PERFORM t.become(who);
  v_feed := public.create_calendar_feed(scope);
  PERFORM set_config('role', 'none', true);
  RETURN v_feed;
END
$$;
CREATE FUNCTION t.count_calendar(who text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM t.become(who);
  SELECT count(*) INTO v_count FROM public.specialist_calendar;
  PERFORM set_config('role', 'none', true);
  RETURN v_count;
END
$$;
\set ECHO all
INSERT INTO public.client_assignments (organization_id, client_id, specialist_id) VALUES (t.id('clinic'), t.id('ana'), t.id('maria'));
INSERT INTO public.user_roles (organization_id, user_id, role) SELECT t.id('clinic'), t.id('u_' || s), 'specialist' FROM unnest('{maria,noah}'::text[]) s ON CONFLICT DO NOTHING;
SELECT t.book('ana', 'maria', 'ana', '2030-03-29 10:00Z'), t.book('ben', 'maria', 'ben', '2030-04-01 10:00Z'), t.book('ana', 'noah', 'ana', '2030-03-30 23:30Z', 60);
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-03-29T15:00Z", "end_time": "2030-03-29T16:00Z"}', 'booking') ~ 'expires_at';
-- who sees what: their own, names of those whom they look after, and their own busy times
SELECT who, t.look(who, '{"view": "month", "date": "2030-03-15", "time_zone": "UTC"}') FROM unnest('{ana,ben,maria,noah,hugo,adam,zoe}'::text[]) who;
SELECT who, t.look(who, '{"view": "day", "date": "2030-03-29", "time_zone": "UTC", "specialist_id": "maria"}') FROM unnest('{ana,ben,noah,adam,zoe}'::text[]) who;
SELECT t.look('maria', '{"view": "day", "date": "2030-04-01", "time_zone": "UTC"}');
-- weeks from Monday; the day of the change has 23 hours, in autumn 25; across midnight in both days
SELECT t.look('adam', '{"view": "week", "date": "2030-03-31", "time_zone": "Europe/Lisbon"}');
SELECT t.look('adam', '{"view": "week", "date": "2030-04-01", "time_zone": "Europe/Lisbon"}');
SELECT t.look('adam', '{"view": "month", "date": "2030-10-09", "time_zone": "Europe/Lisbon"}');
SELECT t.look('adam', '{"view": "day", "date": "2030-03-31", "time_zone": "America/New_York"}');
SELECT t.look('ana', '{}');
SELECT t.look('ana', '{"view": "week", "date": "2011-12-30", "time_zone": "Pacific/Apia"}');
-- filters; a search finds nothing by a name that one may not see
SELECT t.look('adam', format('{"view": "month", "date": "2030-03-01", "time_zone": "UTC"%s}', f)) FROM unnest(ARRAY[', "search": "AN"', ', "search": "%"', ', "client_id": "ana", "specialist_id": "noah"', ', "statuses": "{pending}"', ', "statuses": "{cancelled}"', ', "statuses": "{}"']) f;
SELECT t.look('noah', '{"view": "month", "date": "2030-03-01", "time_zone": "UTC", "search": "ana"}');
SELECT t.look('ana', format('{"date": "2030-03-01"%s}', f)) FROM unnest(ARRAY[', "view": "year"', ', "time_zone": "Mars/Base"', ', "statuses": "{lost}"', ', "date": "infinity"', ', "date": "1969-12-31"']) f;
-- the view of the table, under its policies
SELECT who, t.count_calendar(who) FROM unnest('{maria,noah,ana,hugo,adam,zoe}'::text[]) who;
-- files: moved, cancelled, the same UID, a higher SEQUENCE
CREATE TEMP TABLE one AS SELECT id FROM public.bookings WHERE client_id = t.id('ana') AND specialist_id = t.id('maria');
SELECT t.ics(who, 'booking_ics', id) FROM one, unnest('{ana,maria,adam}'::text[]) who;
SELECT t.ics(who, 'booking_ics', id) FROM one, unnest('{ben,noah,hugo,zoe}'::text[]) who;
SELECT t.rpc('ana', 'reschedule_booking', format('{"booking_id": "%s", "start_time": "2030-03-28T10:00Z"}', id)) !~ '^P' FROM one;
SELECT t.ics('ana', 'booking_ics', id) FROM one;
SELECT t.rpc('ana', 'cancel_booking', format('{"booking_id": "%s"}', id)) !~ '^P' FROM one;
SELECT t.ics('ana', 'booking_ics', id) FROM one;
SELECT t.rpc('ben', 'book_series', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=WEEKLY;COUNT=2", "starts_local": "2030-03-26 09:00", "duration_minutes": 50}', 'series') ~ 'confirmed';
SELECT t.ics(who, 'series_ics', id) FROM public.recurring_bookings, unnest('{ben,ana}'::text[]) who;
-- one moved, one cancelled, one that was never booked; and the rest moved together, which is another series whose rule says something else
SELECT t.rpc('ana', 'book_series', '{"specialist_id": "maria", "client_id": "ana", "rule": "RRULE:FREQ=WEEKLY;BYDAY=WE,MO;COUNT=6", "starts_local": "2030-03-19 09:00", "duration_minutes": 50, "exdates": "{2030-03-27 09:00}"}', 'series') ~ 'confirmed';
CREATE TEMP TABLE own AS SELECT r.id, o.booking_id, o.original_start FROM public.recurring_bookings r JOIN public.recurring_booking_occurrences o ON o.recurring_booking_id = r.id
  WHERE r.client_id = t.id('ana');
SELECT t.rpc('ana', 'reschedule_booking', format('{"booking_id": "%s", "start_time": "2030-04-02T10:00Z"}', booking_id)) !~ '^P' FROM own WHERE original_start = '2030-04-01 08:00Z';
SELECT t.rpc('ana', 'cancel_booking', format('{"booking_id": "%s"}', booking_id)) !~ '^P' FROM own WHERE original_start = '2030-03-25 09:00Z';
SELECT t.ics('ana', 'series_ics', id) FROM (SELECT DISTINCT id FROM own) o;
SELECT left(t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", "scope": "this_and_following", "original_start": "2030-04-03T08:00:00Z", "new_start_local": "2030-04-04 09:30"}', id)), 30) FROM (SELECT DISTINCT id FROM own) o;
SELECT t.ics('ana', 'series_ics', id) FROM (SELECT DISTINCT id FROM own) o;
SELECT t.ics('ana', 'series_ics', id) FROM public.recurring_bookings WHERE continues_id IS NOT NULL;
-- addresses: a client's own, and the specialist's only where they read it themselves
UPDATE public.clients SET email = 'ana@example.net' WHERE id = t.id('ana');
INSERT INTO public.profiles (organization_id, user_id, email) VALUES (t.id('clinic'), t.id('u_maria'), 'maria@example.net')
ON CONFLICT (organization_id, user_id) DO UPDATE SET email = excluded.email;
SELECT t.ics(who, 'booking_ics', booking_id) FROM own, unnest('{ana,maria}'::text[]) who WHERE original_start = '2030-03-20 09:00Z';
-- feeds: the token is told once and stored nowhere
INSERT INTO t.feeds SELECT who, t.raw(who, scope) FROM (VALUES ('ben', 'client'), ('noah', 'specialist')) v (who, scope);
SELECT label, feed - 'token' - 'feed_id', feed ->> 'token' ~ '^hfcal_' FROM t.feeds;
SELECT who, t.rpc(who, 'create_calendar_feed', format('{"scope": "%s"}', scope)) FROM (VALUES ('ben', 'specialist'), ('adam', 'client'), ('hugo', 'client'), ('ben', 'all'), ('service', 'client'), ('', 'client')) v (who, scope);
SELECT t.tidy(user_id::text), scope, octet_length(token_hash) FROM holdfast_private.calendar_feeds ORDER BY id;
\set ECHO none
-- As anon, with the token as it was told: names of labels are put back.
CREATE FUNCTION t.read(token text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  v_ics text;
BEGIN
  PERFORM set_config('request.jwt.claims', '{"role": "anon"}', true), set_config('role', 'anon', true);
  v_ics := public.calendar_feed(token);
  PERFORM set_config('role', 'none', true);
  RETURN QUERY SELECT t.tidy(line, 'booking') FROM string_to_table(replace(v_ics, E'\r\n ', ''), E'\r\n') AS line
    WHERE line ~ '^(METHOD|UID|SEQUENCE|STATUS|SUMMARY|DTSTART|DTEND|X-WR|NAME)' OR line ~ 'SECRET';
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN NEXT concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
\set ECHO all
SET holdfast.now = '2030-03-29 08:00:00+00';
SELECT label, t.read(feed ->> 'token') FROM t.feeds;
SELECT f.label, f.feed ->> 'token' ~ '^hfcal_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$' AS form, holdfast.token_prefix(secret) AS kind,
  holdfast.token_matches(secret, c.token_hash) AS hashed, c.token_hash = holdfast.token_hash(secret) AS only_so,
  (SELECT count(*) FROM holdfast_private.calendar_feeds x WHERE strpos(x::text, secret) > 0 OR strpos(x::text, encode(convert_to(secret, 'UTF8'), 'hex')) > 0) AS stored
FROM t.feeds f JOIN holdfast_private.calendar_feeds c ON c.id::text = f.feed ->> 'feed_id', split_part(f.feed ->> 'token', '.', 1) AS secret ORDER BY 1;
-- unknown, another feed's place or nobody's, another kind, a typing error, malformed, nothing: the same answer
SELECT DISTINCT c.what, t.read(c.token)
FROM t.feeds ben JOIN t.feeds noah ON ben.label = 'ben' AND noah.label = 'noah',
  LATERAL (SELECT split_part(ben.feed ->> 'token', '.', 1) AS secret, split_part(noah.feed ->> 'token', '.', 2) AS elsewhere, split_part(ben.feed ->> 'token', '.', 2) AS place) p,
  LATERAL (VALUES ('another secret', holdfast.token('hfcal') || '.' || place), ('another place', secret || '.' || elsewhere),
    ('nobody''s place', holdfast_private.placed_token(secret, t.id('clinic'), gen_random_uuid())), ('nowhere', secret || '.' || repeat('A', 43)),
    ('another kind', holdfast.token('hfinvite') || '.' || place), ('kind changed', regexp_replace(secret, '^hfcal', 'hfkey') || '.' || place),
    ('typing error', overlay(secret PLACING CASE WHEN substr(secret, 20, 1) = 'x' THEN 'y' ELSE 'x' END FROM 20) || '.' || place),
    ('upper case', upper(ben.feed ->> 'token')), ('cut', left(ben.feed ->> 'token', 70)), ('no place', secret), ('longer', (ben.feed ->> 'token') || 'A'),
    ('empty', ''), ('null', NULL), ('a line more', (ben.feed ->> 'token') || E'\n')) c (what, token)
ORDER BY 1;
-- a year ahead, 30 days back
SET holdfast.now = '2030-05-15 08:00:00+00';
SELECT label, t.read(feed ->> 'token') FROM t.feeds;
SET holdfast.now = '2030-03-29 08:00:00+00';
-- ends with the role, with the client, and when it is revoked by its owner
DELETE FROM public.user_roles WHERE user_id = t.id('u_noah');
SELECT label, t.read(feed ->> 'token') FROM t.feeds WHERE label = 'noah';
INSERT INTO public.roles (organization_id, role, description) VALUES (t.id('clinic'), 'lead', 'Leads specialists.');
INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (t.id('clinic'), t.id('u_noah'), 'lead');
SELECT t.read(feed ->> 'token') FROM t.feeds WHERE label = 'noah';
INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES (t.id('clinic'), 'lead', 'specialist');
SELECT count(*) > 3 AS inherits FROM (SELECT t.read(feed ->> 'token') FROM t.feeds WHERE label = 'noah') f;
UPDATE public.clients SET status = 'inactive' WHERE id = t.id('ben');
SELECT label, t.read(feed ->> 'token') FROM t.feeds WHERE label = 'ben';
UPDATE public.clients SET status = 'active' WHERE id = t.id('ben');
SELECT count(*) > 3 FROM (SELECT t.read(feed ->> 'token') FROM t.feeds WHERE label = 'ben') f;
SELECT who, t.rpc(who, 'revoke_calendar_feed', format('{"feed_id": "%s"}', feed ->> 'feed_id')) FROM t.feeds, unnest('{ana,adam,ben,ben}'::text[]) who WHERE label = 'ben';
SELECT t.read(feed ->> 'token') FROM t.feeds WHERE label = 'ben';
SELECT t.rpc('ana', 'create_calendar_feed', '{"scope": "client"}') ~ 'token' FROM generate_series(1, 11) n;
SELECT t.rpc('ana', 'revoke_calendar_feed');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
