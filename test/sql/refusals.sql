-- Refusals that a call seldom gets as far as: each word, its details, and that nothing was done.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\i :srcdir/lib/quotas.sql
CREATE FUNCTION t.hold(specialist text, client text, starts text) RETURNS text LANGUAGE sql AS $$
  SELECT t.rpc('adam', 'confirm_booking', format('{"hold_key": "%s"}', t.rpc('adam', 'request_hold', format('{"specialist_id": "%s", "client_id": "%s", "start_time": "2030-01-%sZ", "end_time": "2030-01-%s:50Z"}',
    specialist, client, starts, split_part(starts, ':', 1)), 'booking')::jsonb ->> 'hold_key'), 'booking')::jsonb #>> '{booking,status}'
$$;
\set ECHO all

-- too much, too long, not a time
SELECT t.rpc('adam', 'request_hold_any', format('{"client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 10:50Z", "specialist_ids": "{%s}"}', (SELECT string_agg(md5(n::text)::uuid::text, ',') FROM generate_series(1, 1001) n)));
SELECT a, t.rpc('adam', 'calendar_view', format('{"view": "week", "date": "2030-01-08", "time_zone": "%s"}', a)) FROM unnest('{Mars/Base,EST5EDT}'::text[]) a;
SELECT t.rpc('adam', 'save_email_template', jsonb_build_object('key', kind, 'locale', 'en', 'subject', 's', 'body_text', repeat('x', 200000), 'body_html', '')::text) FROM holdfast_private.message_kinds ORDER BY kind LIMIT 1;
SELECT t.rpc('ana', 'join_waitlist', format('{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "%s", "session_type_id": "talk"}', a)) FROM unnest('{2041-01-08 00:00Z,2030-01-07 00:00Z}'::text[]) a;
SELECT n, t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-12 00:00Z", "session_type_id": "talk"}', 'entry') AS refused FROM generate_series(1, 30) n
WHERE t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-12 00:00Z", "session_type_id": "talk"}', 'entry') LIKE 'PT%' LIMIT 1;

-- who has no account there gets no key; nobody's exception
SELECT t.rpc('nobody', 'create_api_key', '{"name": "x"}'), t.rpc('maria', 'remove_availability_exception', '{"exception_id": "nothing"}'), t.rpc('maria', 'remove_availability_exception', '{"exception_id": null}');
-- what the tables refuse comes back as a field, without the name of a constraint
SELECT a, left(t.rpc('adam', 'update_subscription_plan', format('{"plan_id": "basic", %s}', a)), 70) FROM unnest(ARRAY['"name": "Pro"', '"price": -1', '"price": 5', '"currency": "euro"', '"features": [1]']) a;
SELECT a, t.rpc('adam', 'block_ip', format('{"ip_address": "%s", "user_id": %s}', a, u)) FROM (VALUES ('192.0.2.1', '"nothing"'), ('192.0.2.1/8', 'null'), ('x', 'null')) v (a, u);
SELECT t.rpc('adam', 'assign_role', format('{"user_id": "%s", "role": "client"}', t.id('nothing'))), t.rpc('adam', 'assign_role', '{"user_id": "u_ana", "role": "client", "reason": null}') ~ 'u_ana' AS given;
SELECT name, price FROM public.company_subscription_plans ORDER BY name;

-- the client's company has assigned others
INSERT INTO public.specialist_assignments (organization_id, specialist_id, company_id) VALUES (t.id('clinic'), t.id('noah'), t.id('acme'));
SELECT t.rpc('ben', 'book_series', '{"specialist_id": "maria", "client_id": "ben", "rule": "FREQ=WEEKLY;COUNT=3", "starts_local": "2030-03-12 10:30", "duration_minutes": 60}');
SELECT t.rpc('adam', 'create_package', '{"name": "Maria''s", "session_count": 2, "specialist_id": "maria"}', 'package') ~ 'package1' AS made;
SELECT t.rpc('maria', 'grant_package', '{"package_id": "package1", "client_id": "ben"}');
SELECT (SELECT count(*) FROM public.bookings) AS bookings, (SELECT count(*) FROM public.client_packages) AS packages;
DELETE FROM public.specialist_assignments;
-- a package of one specialist's is not spent with another, by whatever way
SELECT t.rpc('adam', 'grant_package', '{"package_id": "package1", "client_id": "ana"}', 'granted') ~ 'granted1' AS granted;
SELECT t.hold('olga', 'ana', '08 10:00');
SELECT t.rpc('ana', 'use_package', '{"booking_id": "booking1", "client_package_id": "granted1"}');
SELECT uses_left, (SELECT count(*) FROM public.package_uses) AS used FROM public.client_packages;

-- A series: scopes and times that are none.
SELECT t.rpc('ana', 'book_series', '{"specialist_id": "maria", "client_id": "ana", "rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=2", "starts_local": "2030-03-19 10:00", "session_type_id": "talk"}', 'series') ~ 'series1' AS booked;
SELECT a, t.rpc('ana', 'move_series', format('{"recurring_booking_id": "%s", %s}', (SELECT id FROM public.recurring_bookings), a)) FROM unnest(ARRAY[
  '"scope": "some", "original_start": "2030-03-19 10:00Z", "new_start_local": "2030-03-19 11:00"', '"scope": "this", "original_start": "infinity", "new_start_local": "2030-03-19 11:00"',
  '"scope": "this", "original_start": "2030-03-19 10:00Z", "new_start_local": "infinity"', '"scope": "this", "original_start": "2030-03-19 10:00Z", "new_start_local": "2030-03-19 11:00", "duration_minutes": 0',
  '"scope": "this", "original_start": "2030-03-20 10:00Z", "new_start_local": "2030-03-19 11:00"',
  '"scope": "this", "original_start": "2030-03-19 10:00Z", "new_start_local": null', '"scope": "this", "original_start": null, "new_start_local": "2030-03-19 11:00"']) a;
SELECT to_char(start_time AT TIME ZONE 'UTC', 'MM-DD HH24:MI'), status FROM public.bookings ORDER BY start_time;

-- Leave: whom it names cannot take the booking over, or nobody can; it stays as it was.
SELECT t.hold('maria', 'ana', '15 10:00'), t.hold('olga', 'ben', '15 10:00');
UPDATE public.specialists SET concurrent_session_limit = 1 WHERE id = t.id('olga');
SELECT t.hold('noah', 'dan', '15 10:00');
SELECT t.rpc('maria', 'request_leave', '{"specialist_id": "maria", "starts_at": "2030-01-15 00:00Z", "ends_at": "2030-01-16 00:00Z", "decision": "reassign"}');
SELECT t.rpc('maria', 'request_leave', '{"specialist_id": "maria", "starts_at": "2030-01-15 00:00Z", "ends_at": "2030-01-16 00:00Z", "decisions": [{"booking_id": "booking2", "decision": "reassign", "specialist_id": "olga"}]}');
SELECT n.label, status, (SELECT label FROM t.names s WHERE s.id = b.specialist_id) AS specialist FROM public.bookings b JOIN t.names n USING (id) ORDER BY 1;
SELECT count(*) FROM public.specialist_vacation;

-- An invitation of somebody who was suspended meanwhile.
SELECT t.rpc('adam', 'invite_member', '{"email": "cleo@example.org", "role": "specialist"}') ~ 'invitation' AS invited;
SELECT t.issue('cleo@example.org') AS token \gset
INSERT INTO public.profiles (organization_id, user_id, email, display_name) VALUES (t.id('clinic'), t.id('u_cleo'), 'cleo@example.org', 'Cleo') ON CONFLICT DO NOTHING;
SELECT t.rpc('adam', 'suspend_account', '{"user_id": "u_cleo", "reason": "rude"}') ~ 'suspended' AS suspended;
UPDATE public.profiles SET email_verification_status = 'verified';
CREATE FUNCTION t.accept(who text, token text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  RETURN holdfast_private.accept_token('invitation', token, t.id('u_' || who), who || '@example.org')::text;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || ': ' || v_detail;
END
$$;
SELECT t.accept('cleo', :'token');
SELECT count(*) FROM public.user_roles WHERE user_id = t.id('u_cleo');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
