-- API keys: made, exchanged for access tokens, rotated with an overlap, revoked.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\i :srcdir/lib/sign_in.sql
UPDATE public.profiles SET email_verification_status = 'verified';
SELECT holdfast_private.set_password(organization_id, user_id, 'password', 'correct horse ' || display_name || ' battery') FROM public.profiles WHERE display_name IN ('Ana', 'Ben', 'Adam') \g /dev/null
SELECT t.sign_in(lower(n) || '@example.org', 'correct horse ' || n || ' battery', NULL, lower(n)) FROM unnest('{Ana,Ben,Adam}'::text[]) n \g /dev/null
-- The key of an answer, exchanged; the token that comes back is kept.
CREATE FUNCTION t.exchange(name text, keep text DEFAULT 'token', ip text DEFAULT '192.0.2.10') RETURNS text LANGUAGE sql AS $$ SELECT t.call('exchange_api_key', jsonb_build_object('key', coalesce(t.of(name, 'key'), name))::text, keep, NULL, ip) $$;
\set ECHO all

SELECT t.call('create_api_key', '{"name": "reports"}', 'first', 'ana') ~ 'key' AS made, t.of('first', 'key') ~ '^hfkey_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$' AS well_formed;
SELECT key FROM jsonb_object_keys((SELECT answer -> 'api_key' FROM t.got WHERE name = 'first')) key;
SELECT t.of('first', 'api_key', 'prefix') = left(t.of('first', 'key'), 10) AS prefix, t.found_at_rest(t.of('first', 'key')), t.found_at_rest(substr(t.of('first', 'key'), 7, 43)), expires_at - created_at AS good_for FROM public.api_keys;
SELECT t.exchange('first');
SELECT t.call('whoami', '{}', 'who', 'token'), t.call('check_login', '{}', 'who', 'token');
SELECT last_used_at, last_used_ip FROM public.api_keys;
-- not to the second: a use within the minute writes nothing
SELECT xmin AS before FROM public.api_keys \gset
SET holdfast.now = '2030-01-07 08:00:59+00';
SELECT t.exchange('first');
SELECT xmin = :'before' AS untouched FROM public.api_keys;
SET holdfast.now = '2030-01-07 08:01:00.5+00';
SELECT t.exchange('first') \g /dev/null
SELECT last_used_at FROM public.api_keys;
-- whatever is wrong with one, the answer is one
SELECT t.exchange(k) FROM unnest(ARRAY['x', '', t.other_secret(t.of('first', 'key')), t.other_place(t.of('first', 'key')), replace(t.of('first', 'key'), 'hfkey', 'hfreset')]) k;
SELECT t.call('exchange_api_key', '{"key": null}');
SELECT t.call('refresh_session', jsonb_build_object('refresh_token', t.of('first', 'key'))::text) AS is_no_refresh_token;
-- sixty a minute
SELECT t.exchange('first') ~ 'access_token' AS allowed, count(*) FROM generate_series(1, 62) GROUP BY 1;
-- rotated: the old secret goes on for a day, or as said
SET holdfast.now = '2030-01-07 08:10:00+00';
SELECT t.call('rotate_api_key', format('{"api_key_id": "%s"}', (SELECT id FROM public.api_keys)), 'second', 'ana') ~ 'key' AS rotated, t.of('second', 'key') <> t.of('first', 'key') AS other;
SELECT k, t.exchange(k, k || ' token') ~ 'access_token' AS good, t.call('check_login', '{}', 'x', k || ' token') FROM unnest('{first,second}'::text[]) k;
SET holdfast.now = '2030-01-08 08:10:00+00';
SELECT k, t.exchange(k, k || ' token') FROM unnest('{first,second}'::text[]) k;
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana'), t.sign_in('adam@example.org', 'correct horse Adam battery', NULL, 'adam'), t.sign_in('ben@example.org', 'correct horse Ben battery', NULL, 'ben') \g /dev/null
SELECT t.call('rotate_api_key', format('{"api_key_id": "%s", "overlap_hours": 0}', (SELECT id FROM public.api_keys)), 'third', 'ana') ~ 'key' AS rotated, t.exchange('second') AS before, t.exchange('third') ~ 'access_token' AS now;
SELECT count(*) AS secrets FROM holdfast_private.token_secrets s JOIN public.api_keys k ON k.id = s.token_id;
SELECT m, t.call('rotate_api_key', format('{"api_key_id": "%s"%s}', (SELECT id FROM public.api_keys), m), 'x', who) FROM (VALUES ('ben', ''), ('adam', ''), ('ana', ', "overlap_hours": 721'), ('ana', ', "overlap_hours": -1'), ('ana', ', "expires_in_days": 366')) v (who, m);
-- the key does what its owner may, and while they may
SELECT t.exchange('third', 'token') \g /dev/null
SELECT t.call('invite_member', '{"email": "x@example.org", "role": "client"}', 'x', 'token');
SELECT t.call('block_ip', '{"ip_address": "203.0.113.9", "user_id": "u_ana"}', 'x', 'adam') ~ 'entry' AS blocked, t.exchange('third', 'x', '203.0.113.9') AS from_there, t.exchange('third', 'x') ~ 'access_token' AS from_here;
-- revoked: by its owner or an admin, at once
SELECT who, t.call('revoke_api_key', format('{"api_key_id": "%s"}', (SELECT id FROM public.api_keys)), 'x', who) ~ 'api_key_not_found|revoked_at' FROM unnest('{ben,adam,adam}'::text[]) who;
SELECT t.exchange('third'), t.call('check_login', '{}', 'x', 'token'), t.call('rotate_api_key', format('{"api_key_id": "%s"}', (SELECT id FROM public.api_keys)), 'x', 'ana');
-- who is suspended loses them
SELECT t.call('create_api_key', '{"name": "more", "expires_in_days": 1}', 'more', 'ana') ~ 'key' AS made;
SELECT t.call('suspend_account', '{"user_id": "u_ana", "reason": "rude"}', 'x', 'adam') ~ 'suspended' AS suspended, t.exchange('more');
SELECT t.call('reinstate_account', '{"user_id": "u_ana"}', 'x', 'adam') ~ 'active' AS active, t.exchange('more'), t.call('create_api_key', '{"name": "again", "expires_in_days": 1}', 'again', 'ana') ~ 'key' AS made;
-- none for ever, not too many, and not for nobody
SET holdfast.now = '2030-01-09 08:10:00+00';
SELECT t.exchange('again') AS after_a_day;
SET holdfast.now = '2030-01-08 08:11:00+00';
SELECT t.call('create_api_key', format('{"name": %s, "expires_in_days": %s}', n, d), 'x', who) FROM (VALUES ('ana', '"x"', '0'), ('ana', '"x"', '366'), ('ana', '"x"', 'null'), ('ana', '""', '1'), (NULL, '"x"', '1')) v (who, n, d);
SELECT t.call('create_api_key', format('{"name": "%s"}', n), 'x', 'ana') ~ '^api_key' AS made, count(*) FROM generate_series(1, 20) n GROUP BY 1 ORDER BY 1;
-- the audit log has what was done to keys, and not each use of one
SELECT l.action, k.columns, count(*) FROM holdfast_private.audit_log l, LATERAL (SELECT string_agg(k, ',' ORDER BY k) AS columns FROM jsonb_object_keys(l.new_values) k) k
WHERE l.entity_type = 'public.api_keys' AND l.action <> 'insert' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FILTER (WHERE last_used_at IS NOT NULL) > 0 AS used FROM public.api_keys;
\set ECHO none
\i :srcdir/lib/finish_sign_in.sql
\i :srcdir/lib/finish_booking.sql
