-- Signing in: passwords, lockout, login sessions and their rotation, resets, the second factor.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\i :srcdir/lib/sign_in.sql
UPDATE public.profiles SET email_verification_status = 'verified';
SELECT holdfast_private.set_password(organization_id, user_id, 'password', 'correct horse ' || display_name || ' battery') FROM public.profiles WHERE display_name IN ('Ana', 'Ben', 'Adam', 'Xena') \g /dev/null
\set ECHO all

-- whatever is wrong, the answer is one
SELECT e, p, t.sign_in(e, p) FROM (VALUES ('ana@example.org', 'wrong'), ('nobody@example.org', 'wrong'), ('xena@example.org', 'correct horse Xena battery'), ('cleo@example.org', 'no password'), ('ana@example.org', ''), ('x', 'x'), ('', 'x')) v (e, p);
SELECT t.call('sign_in', '{"email": "ana@example.org", "password": null, "organization_id": "clinic"}');
SELECT count(DISTINCT answer::text) AS answers FROM t.got;
SELECT t.sign_in(' ANA@example.org ', 'correct horse Ana battery', NULL, 'ana');
SELECT t.of('ana', 'user'), t.of('ana', 'expires_in'), t.of('ana', 'access_token') ~ '^[\w-]+\.[\w-]+\.[\w-]+$' AS jwt, t.of('ana', 'refresh_token') ~ '^hfrefresh_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$' AS refresh;
SELECT t.tidy(jsonb_object_agg(key, value ORDER BY key)::text) FROM jsonb_each(convert_from(decode(rpad(translate(split_part(t.of('ana', 'access_token'), '.', 2), '-_', '+/'), (length(split_part(t.of('ana', 'access_token'), '.', 2)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb - '{iat,exp,session_id}'::text[]);
SELECT t.call('whoami', '{}', 'who', 'ana'), t.call('check_login', '{}', 'check', 'ana');
SELECT email, t.tidy(user_id::text) AS who, ip_address, succeeded, reason FROM public.failed_login_attempts ORDER BY id;
SELECT t.found_at_rest(t.of('ana', 'refresh_token')), t.found_at_rest(split_part(t.of('ana', 'refresh_token'), '.', 1)), t.found_at_rest('correct horse Ana battery');
SELECT left(password_hash, 10), holdfast.password_verify('correct horse Ana battery', password_hash) FROM holdfast_private.passwords WHERE user_id = t.id('u_ana');

-- five failures lock the address for a quarter of an hour, whether or not somebody has it; the right password does not help
SELECT e, n, t.sign_in(e, 'wrong') FROM unnest('{ben@example.org,nobody2@example.org}'::text[]) e, generate_series(1, 6) n ORDER BY 1, 2;
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery'), t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana2');
SET holdfast.now = '2030-01-07 08:14:59+00';
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery');
SET holdfast.now = '2030-01-07 08:15:00+00';
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery', NULL, 'ben');
-- a success in between starts the count again
SELECT t.sign_in('ben@example.org', 'wrong') FROM generate_series(1, 4);
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery', NULL, 'ben'), t.sign_in('ben@example.org', 'wrong'), t.sign_in('ben@example.org', 'correct horse Ben battery', NULL, 'ben');
-- an admin unlocks
SELECT t.sign_in('ben@example.org', 'wrong') FROM generate_series(1, 5);
SELECT t.sign_in('adam@example.org', 'correct horse Adam battery', NULL, 'adam');
SELECT t.call('unlock_account', '{"user_id": "u_ben"}', 'last', 'adam'), t.sign_in('ben@example.org', 'correct horse Ben battery', NULL, 'ben');
SET holdfast.now = '2030-01-07 08:20:00+00';
-- the table alone does it too, where there are no guards, or they have forgotten
SELECT t.sign_in('ben@example.org', 'wrong') FROM generate_series(1, 5);
SELECT holdfast.clear_failures('sign_in', t.id('clinic') || ' ben@example.org'), t.sign_in('ben@example.org', 'correct horse Ben battery');
-- and so do the guards, when the rows are gone with their transaction
SELECT t.call('unlock_account', '{"user_id": "u_ben"}', 'last', 'adam');
BEGIN;
SELECT t.sign_in('ben@example.org', 'wrong') FROM generate_series(1, 5);
ROLLBACK;
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery');
SELECT t.call('unlock_account', '{"user_id": "u_ben"}', 'last', 'adam');

-- a refresh token is good once; a second time within seconds is a race, later it is theft, and all sessions end
SET holdfast.now = '2030-01-07 09:00:00+00';
SELECT t.sign_in('adam@example.org', 'correct horse Adam battery', NULL, 'adam') \g /dev/null
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') \g /dev/null
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')), 'ana3');
SELECT t.of('ana3', 'session_id') = t.of('ana', 'session_id') AS same_session, t.of('ana3', 'refresh_token') <> t.of('ana', 'refresh_token') AS rotated;
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')));
SET holdfast.now = '2030-01-07 09:00:11+00';
SELECT count(*) FILTER (WHERE revoked_at IS NULL) AS open FROM public.session_tokens WHERE user_id = t.id('u_ana');
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')));
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana3', 'refresh_token')));
SELECT revoked_reason, count(*) FROM public.session_tokens WHERE user_id = t.id('u_ana') GROUP BY 1;
SELECT t.call('check_login', '{}', 'check', 'ana3');
SELECT t.call('refresh_session', format('{"refresh_token": %s}', v)) FROM unnest('{"null","\"\"","\"x\""}'::text[]) v;
-- a session ends however often it is refreshed, and at once by signing out
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') \g /dev/null
SELECT expires_at - created_at AS life FROM public.session_tokens WHERE user_id = t.id('u_ana') AND revoked_at IS NULL;
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana' || n) FROM generate_series(4, 5) n \g /dev/null
SELECT t.call('sign_out_others', '{}', 'last', 'ana'), t.call('check_login', '{}', 'check', 'ana4'), t.call('check_login', '{}', 'check', 'ana');
SELECT t.call('sign_out', '{}', 'last', 'ana');
SELECT t.call('check_login', '{}', 'check', 'ana'), t.call('sign_out', '{}', 'last', 'ana'), t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')));
-- not more at a time than the organization allows: the one that was idle longest ends
SELECT t.call('set_account_settings', '{"settings": {"max_sessions": 2}}', 'last', 'adam') ~ '^account_settings' AS set;
SELECT n, t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'many' || n) ~ 'access_token' FROM generate_series(1, 4) n;
SELECT n, t.call('check_login', '{}', 'check', 'many' || n) FROM generate_series(1, 4) n;
SELECT revoked_reason, count(*) FROM public.session_tokens WHERE user_id = t.id('u_ana') GROUP BY 1 ORDER BY 1;
-- other roles, other sessions; suspended, none, and no way in
SELECT t.call('assign_role', '{"user_id": "u_ana", "role": "client"}', 'last', 'adam');
SELECT t.call('check_login', '{}', 'check', 'many4'), (SELECT count(*) FROM holdfast_private.token_secrets s JOIN public.session_tokens o ON o.id = s.token_id WHERE o.user_id = t.id('u_ana')) AS secrets;
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') \g /dev/null
SELECT t.call('suspend_account', '{"user_id": "u_ana", "reason": "rude"}', 'last', 'adam') ~ 'suspended' AS suspended;
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token'))), t.sign_in('ana@example.org', 'correct horse Ana battery'), t.sign_in('ana@example.org', 'wrong');
SELECT t.call('request_password_reset', '{"email": "ana@example.org", "organization_id": "clinic"}');
SELECT silent FROM public.account_tokens WHERE email = 'ana@example.org' ORDER BY id DESC LIMIT 1;
SELECT t.call('reinstate_account', '{"user_id": "u_ana"}', 'last', 'adam') ~ 'active' AS active, t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') ~ 'access_token' AS in_again;
UPDATE public.accounts SET status = 'deleted' WHERE user_id = t.id('u_ana');
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery') AS deleted;
UPDATE public.accounts SET status = 'active' WHERE user_id = t.id('u_ana');
-- not with an address that is not verified, nor from where one may not
UPDATE public.profiles SET email_verification_status = 'unverified' WHERE user_id = t.id('u_ana');
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery'), t.sign_in('ana@example.org', 'wrong');
UPDATE public.profiles SET email_verification_status = 'verified' WHERE user_id = t.id('u_ana');
SELECT t.call('block_ip', '{"ip_address": "203.0.113.0/24"}', 'last', 'adam') ~ '^entry' AS blocked;
SELECT ip, t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana', ip) ~ 'access_token' AS let_in, t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'x', ip) FROM unnest('{203.0.113.9}'::text[]) ip;
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') ~ 'access_token' AS let_in, t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')), 'x', NULL, '203.0.113.9') AS from_there;
-- devices
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana', '192.0.2.11', 'another') ~ 'access_token';
SELECT user_agent, ip_address FROM public.user_device_fingerprints WHERE user_id = t.id('u_ana') ORDER BY id;
-- a bcrypt hash that was brought along is replaced at the first sign-in
UPDATE holdfast_private.passwords SET password_hash = holdfast.crypt('an old one from before', holdfast.gen_salt('bf', 4)) WHERE user_id = t.id('u_ana') AND replaced_at IS NULL;
SELECT t.sign_in('ana@example.org', 'an old one from before', NULL, 'ana') ~ 'access_token', (SELECT left(password_hash, 4) FROM holdfast_private.passwords WHERE user_id = t.id('u_ana') AND replaced_at IS NULL) AS before;
SELECT left(password_hash, 10), (holdfast.password_verify('an old one from before', password_hash)).needs_rehash FROM holdfast_private.passwords WHERE user_id = t.id('u_ana') AND replaced_at IS NULL;

-- resets: who asks learns nothing
SELECT e, t.call('request_password_reset', format('{"email": "%s", "organization_id": "clinic"}', e)) FROM unnest('{ana@example.org,nobody@example.org,cleo@example.org,xena@example.org}'::text[]) e;
SELECT email, silent, expires_at - created_at AS good_for FROM public.account_tokens WHERE kind = 'password_reset' AND void_at IS NULL ORDER BY id;
SELECT t.issue('ana@example.org') AS token \gset
SELECT :'token' ~ '^hfreset_' AS kind, t.call('verify_email', format('{"token": "%s"}', :'token')) AS is_no_verification;
-- a password that will not do leaves the token good
SELECT p, t.call('complete_password_reset', jsonb_build_object('token', :'token', 'new_password', p)::text) FROM unnest('{short,qwertyuiop[],ana@example.org,an old one from before,"",NULL}'::text[]) p;
SELECT t.call('peek_token', format('{"token": "%s"}', :'token'));
SELECT t.call('complete_password_reset', jsonb_build_object('token', :'token', 'new_password', 'quite another thing 1')::text);
SELECT t.call('complete_password_reset', jsonb_build_object('token', :'token', 'new_password', 'quite another thing 2')::text) AS again;
SELECT t.sign_in('ana@example.org', 'an old one from before') AS old, t.call('check_login', '{}', 'check', 'ana') AS session, t.sign_in('ana@example.org', 'quite another thing 1', NULL, 'ana') ~ 'access_token' AS new;
-- the owner changes it, with the present one; the last five do not come again
SELECT t.call('change_password', '{"current_password": "wrong", "new_password": "quite another thing 2"}', 'last', 'ana');
SELECT n, t.call('change_password', format('{"current_password": "quite another thing %s", "new_password": "quite another thing %s"}', n - 1, n), 'last', 'ana') FROM generate_series(2, 5) n;
SELECT n, t.call('change_password', format('{"current_password": "quite another thing 5", "new_password": "quite another thing %s"}', n), 'last', 'ana') FROM generate_series(1, 5) n;
SELECT t.call('change_password', '{"current_password": "quite another thing 5", "new_password": "quite another thing 6"}', 'last', 'ana'), t.call('change_password', '{"current_password": "quite another thing 6", "new_password": "quite another thing 1"}', 'last', 'ana');
SELECT count(*), count(*) FILTER (WHERE replaced_at IS NULL) AS current FROM holdfast_private.passwords WHERE user_id = t.id('u_ana');
SELECT t.call('check_login', '{}', 'check', 'ana') AS this_one_stays;
-- they are told of each change, and of a device that is new and not the first
SELECT o.payload ->> 'kind' AS kind, count(*), bool_and(o.payload ->> 'user_id' = t.id('u_ana')::text) AS to_the_owner
FROM holdfast_private.outbox o WHERE o.payload ->> 'kind' IN ('password_changed', 'new_device') GROUP BY 1 ORDER BY 1;
SELECT DISTINCT ON (o.payload ->> 'kind') m.mail -> 'to' AS "to", m.mail ->> 'subject' AS subject, m.mail ->> 'text' AS text
FROM holdfast_private.outbox o, LATERAL (SELECT holdfast_private.compose_mail(o.organization_id, o.id, o.payload) -> 'mail' AS mail) m
WHERE o.payload ->> 'kind' IN ('password_changed', 'new_device') ORDER BY o.payload ->> 'kind', o.id;

-- signing up: by invitation only, unless the organization says otherwise
SELECT t.call('sign_up', '{"email": "eve@example.org", "password": "some long enough words", "organization_id": "clinic"}');
SELECT t.call('set_account_settings', '{"settings": {"sign_up_open": true}}', 'last', 'adam') ~ '^account_settings' AS set;
SELECT e, t.call('sign_up', format('{"email": "%s", "password": "some long enough words", "display_name": "Eve", "organization_id": "clinic"}', e)) FROM unnest('{eve@example.org,eve@example.org,ana@example.org,x}'::text[]) e;
SELECT t.call('sign_up', '{"email": "eva@example.org", "password": "eva@example.org1", "organization_id": "clinic"}'), t.call('sign_up', '{"email": "eva@example.org", "password": null, "organization_id": "clinic"}');
SELECT p.email, p.email_verification_status, p.display_name, r.role, (SELECT count(*) FROM holdfast_private.passwords w WHERE w.user_id = p.user_id) FROM public.profiles p LEFT JOIN public.user_roles r USING (organization_id, user_id) WHERE p.email LIKE 'ev%';
SELECT t.sign_in('eve@example.org', 'some long enough words'), t.sign_in('ana@example.org', 'some long enough words');
SELECT email, silent FROM public.account_tokens WHERE kind = 'email_verification' ORDER BY id;
-- twenty an hour from one network address, whatever comes of them
SELECT t.call('sign_up', '{"email": "x", "password": "x"}', 'x', NULL, '192.0.2.99') AS answer, count(*) FROM generate_series(1, 22) GROUP BY 1 ORDER BY 2;
SELECT t.call('sign_up', '{"email": "e@example.org", "password": "x", "organization_id": "clinic"}', 'x', NULL, '192.0.2.99') AS answer, count(*) FROM generate_series(1, 22) GROUP BY 1 ORDER BY 2;
-- with an invitation the address is verified by it
SELECT t.call('invite_member', '{"email": "new@example.org", "role": "specialist"}', 'last', 'adam') ~ '^invitation' AS invited;
SELECT t.issue('new@example.org') AS token \gset
SELECT t.call('sign_up', jsonb_build_object('email', e, 'password', p, 'invitation', i)::text) FROM (VALUES ('other@example.org', 'some long enough words', :'token'), ('new@example.org', 'short', :'token'), ('new@example.org', 'some long enough words', 'x'), ('new@example.org', 'some long enough words', t.other_secret(:'token'))) v (e, p, i);
SELECT t.call('sign_up', jsonb_build_object('email', 'new@example.org', 'password', 'some long enough words', 'invitation', :'token')::text);
SELECT t.call('sign_up', jsonb_build_object('email', 'new@example.org', 'password', 'some long enough words', 'invitation', :'token')::text) AS again, t.sign_in('new@example.org', 'some long enough words', NULL, 'new') ~ 'access_token' AS signed_in;

-- the second factor
SELECT t.call('enroll_second_factor', '{}', 'factor', 'ana');
SELECT t.of('factor', 'uri') ~ '^otpauth://totp/' AS uri, t.found_at_rest(t.of('factor', 'secret')) AS at_rest;
SELECT t.sign_in('ana@example.org', 'quite another thing 1', NULL, 'ana') ~ 'access_token' AS not_asked_yet;
SELECT t.call('confirm_second_factor', '{"code": "000000"}', 'last', 'ana'), t.call('confirm_second_factor', '{"code": null}', 'last', 'ana');
SELECT t.call('confirm_second_factor', format('{"code": "%s"}', holdfast.totp_code(t.of('factor', 'secret'))), 'codes', 'ana');
SELECT jsonb_array_length(answer -> 'backup_codes') AS codes, t.found_at_rest(answer #>> '{backup_codes,0}') AS at_rest FROM t.got WHERE name = 'codes';
SELECT t.sign_in('ana@example.org', 'quite another thing 1'), t.sign_in('ana@example.org', 'wrong');
-- the code that enrolled it is used up; the next one is good once
SELECT t.sign_in('ana@example.org', 'quite another thing 1', holdfast.totp_code(t.of('factor', 'secret'))) AS replayed;
SET holdfast.now = '2030-01-07 09:01:00+00';
SELECT t.sign_in('ana@example.org', 'quite another thing 1', holdfast.totp_code(t.of('factor', 'secret')), 'ana');
SELECT t.sign_in('ana@example.org', 'quite another thing 1', holdfast.totp_code(t.of('factor', 'secret'))) AS replayed;
SELECT second_factor FROM public.session_tokens ORDER BY id DESC LIMIT 1;
SELECT method, is_verified, last_used FROM public.two_factor_auth;
-- a backup code stands in for it, once, and without the root key
ALTER SYSTEM SET holdfast.root_key_file = '';
SELECT pg_reload_conf(), pg_sleep(0.3) \g /dev/null
SELECT t.sign_in('ana@example.org', 'quite another thing 1', t.of('codes', 'backup_codes', n), 'ana') FROM unnest('{0,0,1}'::text[]) n;
SELECT t.call('enroll_second_factor', '{}', 'x', 'adam') AS without_root_key;
ALTER SYSTEM RESET holdfast.root_key_file;
SELECT pg_reload_conf(), pg_sleep(0.3) \g /dev/null
-- wrong codes lock as wrong passwords do
SELECT n, t.sign_in('ana@example.org', 'quite another thing 1', '000000') FROM generate_series(1, 6) n;
SELECT t.call('unlock_account', '{"user_id": "u_ana"}', 'last', 'adam');
-- changed only by who has both
SET holdfast.now = '2030-01-07 09:02:00+00';
SELECT t.call('enroll_second_factor', '{}', 'x', 'ana'), t.call('new_backup_codes', '{"code": "000000"}', 'x', 'ana'), t.call('disable_second_factor', '{"password": "wrong", "code": "000000"}', 'x', 'ana');
SELECT t.call('new_backup_codes', format('{"code": "%s"}', t.of('codes', 'backup_codes', '2')), 'codes2', 'ana'), t.sign_in('ana@example.org', 'quite another thing 1', t.of('codes', 'backup_codes', '3')) AS of_before;
SELECT t.call('disable_second_factor', format('{"password": "quite another thing 1", "code": "%s"}', holdfast.totp_code(t.of('factor', 'secret'))), 'x', 'ana');
SELECT (SELECT count(*) FROM public.two_factor_auth) AS factors, (SELECT count(*) FROM holdfast_private.two_factor_secrets) AS secrets, (SELECT count(*) FROM holdfast_private.user_backup_codes) AS codes;
-- a role that asks for one: whoever has none gets a token that opens the enrolment and nothing else
SELECT t.call('set_account_settings', '{"settings": {"second_factor_roles": ["admin"]}}', 'last', 'adam') ~ '^account_settings' AS set;
SELECT t.sign_in('adam@example.org', 'correct horse Adam battery', NULL, 'enrol');
SELECT f, t.call(f, '{}', 'x', 'enrol') FROM unnest('{whoami,pending_tokens,sign_out_others,check_login}'::text[]) f;
SELECT t.call('enroll_second_factor', '{}', 'factor', 'enrol');
SELECT t.call('confirm_second_factor', format('{"code": "%s"}', holdfast.totp_code(t.of('factor', 'secret'))), 'codes', 'enrol');
SET holdfast.now = '2030-01-07 09:03:00+00';
SELECT t.sign_in('adam@example.org', 'correct horse Adam battery', holdfast.totp_code(t.of('factor', 'secret')), 'adam');
-- an admin helps who has lost theirs, but not themselves
SELECT t.call('reset_second_factor', '{"user_id": "u_adam", "reason": "x"}', 'x', 'adam'), t.call('reset_second_factor', '{"user_id": "u_ana", "reason": "lost"}', 'x', 'adam'), t.call('reset_second_factor', '{"user_id": "u_xena", "reason": "lost"}', 'x', 'adam');

-- all of it is in the audit log
SELECT action, status, count(*) > 0 AS logged FROM holdfast_private.audit_log WHERE category = 'security' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS with_a_secret FROM holdfast_private.audit_log l, t.got g, jsonb_each_text(g.answer) a WHERE a.key ~ 'token$|secret|uri' AND strpos(l::text, a.value) > 0;

-- without the secret file nobody signs in, and says so
ALTER SYSTEM SET holdfast.jwt_secret_file = '';
SELECT pg_reload_conf(), pg_sleep(0.3) \g /dev/null
SELECT t.sign_in('ben@example.org', 'correct horse Ben battery');
SELECT dir || '/jwt' AS jwt_file FROM t.dir \gset
ALTER SYSTEM SET holdfast.jwt_secret_file = :'jwt_file';
SELECT pg_reload_conf(), pg_sleep(0.3) \g /dev/null
SET holdfast.now = '2030-09-07 09:00:00+00';
SELECT holdfast_private.run_job('job_cleanup_login_sessions') > 0 AS forgotten;
SELECT count(*) FROM public.session_tokens;
-- the audit log has every password, login session and factor that was made or ended, and no use of one
SELECT l.entity_type, l.action, k.columns, count(*) FROM holdfast_private.audit_log l, LATERAL (SELECT string_agg(k, ',' ORDER BY k) AS columns FROM jsonb_object_keys(coalesce(l.new_values, l.old_values)) k) k
WHERE l.entity_type ~ 'session_tokens|two_factor|passwords|backup_codes|fingerprints' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT DISTINCT v.key, v.value ? 'redacted' AS redacted FROM holdfast_private.audit_log l, jsonb_each(coalesce(l.new_values, l.old_values)) v
WHERE l.entity_type ~ 'session_tokens|two_factor|passwords|backup_codes|fingerprints' AND v.key ~ 'hash|secret|salt|address|agent|device' AND v.value <> 'null' ORDER BY 1;
\set ECHO none
\i :srcdir/lib/finish_sign_in.sql
\i :srcdir/lib/finish_booking.sql
