-- The second factor, from its ends: where there is none, where it is locked, who may take it away, and what that ends.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\i :srcdir/lib/sign_in.sql
UPDATE public.profiles SET email_verification_status = 'verified';
SELECT holdfast_private.set_password(organization_id, user_id, 'password', 'correct horse ' || display_name || ' battery') FROM public.profiles WHERE display_name IN ('Ana', 'Adam') \g /dev/null
-- The code of an authenticator, a step later each time it is asked for: none is good twice.
CREATE FUNCTION t.code() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('holdfast.now', (current_setting('holdfast.now')::timestamptz + interval '30 seconds')::text, false);
  RETURN holdfast.totp_code(t.of('factor', 'secret'));
END
$$;
\set ECHO all
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana'), t.sign_in('adam@example.org', 'correct horse Adam battery', NULL, 'adam');

-- who has none can neither confirm, renew nor end it, and nobody can end it for them
SELECT rpc, t.call(rpc, arguments, 'x', who) FROM (VALUES
  ('confirm_second_factor', '{"code": "000000"}', 'ana'), ('new_backup_codes', '{"code": "000000"}', 'ana'),
  ('disable_second_factor', '{"password": "correct horse Ana battery", "code": "000000"}', 'ana'), ('reset_second_factor', '{"user_id": "u_ana", "reason": "lost"}', 'adam')) v (rpc, arguments, who);
-- what is enrolled and not confirmed is no second factor
SELECT t.call('enroll_second_factor', '{}', 'factor', 'ana');
SELECT t.call('new_backup_codes', format('{"code": "%s"}', t.code()), 'x', 'ana');
SELECT t.call('confirm_second_factor', format('{"code": "%s"}', t.code()), 'codes', 'ana');
SELECT t.call('confirm_second_factor', format('{"code": "%s"}', t.code()), 'x', 'ana') AS again;

-- the password alone does not end it, nor does a code alone; each failure counts, and then everything is locked
SELECT t.call('disable_second_factor', '{"password": "correct horse Ana battery", "code": "000000"}', 'x', 'ana'),
  t.call('disable_second_factor', format('{"password": "wrong", "code": "%s"}', t.code()), 'x', 'ana');
SELECT n, t.call('new_backup_codes', '{"code": "000000"}', 'x', 'ana') FROM generate_series(1, 4) n;
SELECT rpc, t.call(rpc, format('{%s, "code": "%s"}', arguments, t.code()), 'x', 'ana')
FROM (VALUES ('new_backup_codes', '"code": ""'), ('confirm_second_factor', '"code": ""'), ('disable_second_factor', '"password": "correct horse Ana battery"')) v (rpc, arguments);
SELECT t.call('change_password', '{"current_password": "correct horse Ana battery", "new_password": "another long thing 7"}', 'x', 'ana');
SELECT count(*) FROM public.two_factor_auth WHERE is_verified;

-- Who has lost it: an admin ends it, and with it every login session; the next sign-in asks for nothing more.
SELECT t.call('unlock_account', '{"user_id": "u_ana"}', 'last', 'adam');
SELECT t.call('reset_second_factor', '{"user_id": "u_ana", "reason": " "}', 'x', 'adam'), t.call('reset_second_factor', '{"user_id": "u_ana", "reason": null}', 'x', 'adam');
SELECT t.call('check_login', '{}', 'x', 'ana');
SELECT t.call('reset_second_factor', '{"user_id": "u_ana", "reason": "telephone lost"}', 'x', 'adam');
SELECT t.call('check_login', '{}', 'x', 'ana'), t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')), 'x');
SELECT (SELECT count(*) FROM public.two_factor_auth) AS factors, (SELECT count(*) FROM holdfast_private.two_factor_secrets) AS secrets, (SELECT count(*) FROM holdfast_private.user_backup_codes) AS codes;
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana');
SELECT t.tidy(user_id::text) AS who, t.tidy(subject_id::text) AS whose, status, details FROM holdfast_private.audit_log WHERE action = 'second_factor_disabled' ORDER BY id;

-- The owner ends it with both.
SELECT t.call('enroll_second_factor', '{}', 'factor', 'ana');
SELECT t.call('confirm_second_factor', format('{"code": "%s"}', t.code()), 'codes', 'ana');
SELECT t.call('disable_second_factor', format('{"password": "correct horse Ana battery", "code": "%s"}', t.code()), 'x', 'ana');

-- A refresh token that is too old ends nothing and opens nothing; a password that is too long is not hashed.
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') ~ 'access_token' AS signed_in;
SELECT t.call('change_password', format('{"current_password": "correct horse Ana battery", "new_password": "%s"}', repeat('long ', 1000)), 'x', 'ana');
SET holdfast.now = '2031-01-07 08:00:00+00';
SELECT t.call('refresh_session', format('{"refresh_token": "%s"}', t.of('ana', 'refresh_token')), 'x');
-- a link to a new password, too
SELECT t.call('request_password_reset', '{"email": "ana@example.org", "organization_id": "clinic"}', 'x') IS NOT NULL AS asked;
SELECT t.issue('ana@example.org') AS token \gset
SET holdfast.now = '2031-01-09 08:00:00+00';
SELECT t.call('complete_password_reset', jsonb_build_object('token', :'token', 'new_password', 'another long thing 7')::text, 'x');
SELECT t.sign_in('ana@example.org', 'correct horse Ana battery', NULL, 'ana') ~ 'access_token' AS as_before;
\set ECHO none
\i :srcdir/lib/finish_sign_in.sql
\i :srcdir/lib/finish_booking.sql
