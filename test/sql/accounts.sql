-- Accounts: tokens by mail for verification and invitations, the state of accounts, and from where people may come.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\set ECHO all

-- who asks learns nothing: somebody has the address, or nobody, or not in this organization
SELECT a, t.rpc('', 'request_email_verification', format('{"email": "%s", "organization_id": "clinic"}', a)) FROM unnest('{ana@example.org, ANA@example.org ,nobody@example.org,xena@example.org}'::text[]) a;
SELECT email, t.tidy(user_id::text) AS whose, silent, void_at IS NOT NULL AS void, issued_at, attempts, expires_at - created_at AS good_for FROM public.account_tokens ORDER BY id;
-- the worker finds what is to be mailed, makes the token, and is told it; the table has nothing of it
SELECT jsonb_array_length(holdfast_private.pending_tokens()) AS pending, jsonb_array_length(holdfast_private.pending_tokens(0)) AS none;
SELECT t.tidy((r || jsonb_build_object('token', regexp_replace(r ->> 'token', '^(hfverify)_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$', '\1')))::text, 'token') AS issued FROM holdfast_private.issue_token(t.id('clinic'), t.pending('ana@example.org')) r;
SELECT t.rpc('', 'request_email_verification', '{"email": "ana@example.org", "organization_id": "clinic"}');
SELECT t.issue('ana@example.org') AS token \gset
SELECT :'token' ~ '^hfverify_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$' AS well_formed, t.found_at_rest(:'token'), t.found_at_rest(split_part(:'token', '.', 1)), t.found_at_rest(substr(:'token', 10, 43));
-- only a service and the system are told; nothing is to be sent to nobody
SELECT who, t.word(t.rpc(who, 'issue_token', format('{"token_id": "%s"}', (SELECT id FROM public.account_tokens ORDER BY id DESC LIMIT 1))), '{kind}'), t.word(t.rpc(who, 'pending_tokens'), '{0}') FROM unnest('{ana,adam,"",service}'::text[]) who;
SELECT t.rpc('service', 'issue_token', format('{"token_id": "%s"}', id)) FROM public.account_tokens WHERE silent LIMIT 1;
-- asked again, it makes another, and the one before is void
SELECT t.rpc('', 'verify_email', format('{"token": "%s"}', :'token'));
SELECT holdfast_private.issue_token(organization_id, id) ->> 'token' AS token FROM public.account_tokens WHERE email = 'ana@example.org' AND void_at IS NULL \gset
-- looking does not consume
SELECT t.rpc('', 'peek_token', format('{"token": "%s"}', :'token')) FROM generate_series(1, 3);
BEGIN READ ONLY;
SELECT t.rpc('', 'peek_token', format('{"token": "%s"}', t)) FROM unnest(ARRAY[t.other_secret(:'token'), t.other_place(:'token'), 'x', '', left(:'token', -1)]) t;
COMMIT;
-- a wrong secret counts, an unknown one finds nothing to count on; both get the same answer
SELECT n, t.rpc('', 'verify_email', format('{"token": "%s"}', CASE n % 2 WHEN 0 THEN t.other_secret(:'token') ELSE t.other_place(:'token') END)) FROM generate_series(1, 2) n;
SELECT t.rpc('', 'verify_email', format('{"token": %s}', v)) FROM unnest('{"null","\"\"","\"x\""}'::text[]) v;
SELECT attempts, accepted_at FROM public.account_tokens WHERE email = 'ana@example.org' AND void_at IS NULL;
-- the right one verifies, once
SELECT t.rpc('', 'verify_email', format('{"token": "%s"}', :'token'));
SELECT email_verification_status FROM public.profiles WHERE email = 'ana@example.org';
SELECT t.rpc('', 'verify_email', format('{"token": "%s"}', :'token')), t.rpc('', 'peek_token', format('{"token": "%s"}', :'token'));
SELECT verified_at, verification_ip, attempts FROM public.email_verification_tokens WHERE email = 'ana@example.org' AND verified_at IS NOT NULL;
-- five wrong ones, and it is void for good
SELECT t.rpc('ben', 'request_email_verification');
SELECT t.issue('ben@example.org') AS token \gset
SELECT n, t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', t.other_secret(:'token')))) FROM generate_series(1, 5) n;
SELECT t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'token'))), t.word(t.rpc('', 'peek_token', format('{"token": "%s"}', :'token')));
SELECT attempts FROM public.account_tokens WHERE email = 'ben@example.org';
-- a newer one takes its place, and after a day neither is good
SELECT t.rpc('ben', 'request_email_verification');
SELECT t.issue('ben@example.org') AS older \gset
SELECT t.rpc('ben', 'request_email_verification');
SELECT t.issue('ben@example.org') AS newer \gset
SELECT t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'older')));
SET holdfast.now = '2030-01-08 07:59:59+00';
SELECT t.rpc('', 'peek_token', format('{"token": "%s"}', :'newer'));
SET holdfast.now = '2030-01-08 08:00:00+00';
SELECT t.rpc('', 'peek_token', format('{"token": "%s"}', :'newer')), t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'newer')));
-- not for an address that is another by now, nor for somebody suspended
SELECT t.rpc('ben', 'request_email_verification');
SELECT t.issue('ben@example.org') AS token \gset
UPDATE public.profiles SET email = 'ben@example.com' WHERE email = 'ben@example.org';
SELECT t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'token')));
UPDATE public.profiles SET email = 'ben@example.org' WHERE email = 'ben@example.com';
-- five an hour, whether or not somebody has it; twenty from one place
SELECT a, n, t.rpc('', 'request_email_verification', format('{"email": "%s", "organization_id": "clinic"}', a)) FROM unnest('{cleo@example.org,nobody@example.com}'::text[]) a, generate_series(1, 6) n ORDER BY 1, 2;
SET t.headers = '{"x-forwarded-for": "198.51.100.7"}';
SELECT t.rpc('', 'request_email_verification', format('{"email": "n%s@example.com", "organization_id": "clinic"}', n)) AS answer, count(*) FROM generate_series(1, 21) n GROUP BY 1 ORDER BY 2;
RESET t.headers;
SELECT t.word(t.rpc('', 'request_email_verification', format('{"email": %s, "organization_id": "clinic"}', v))) FROM unnest('{"null","\"x\"","\"\""}'::text[]) v;
SELECT t.word(t.rpc('', 'request_email_verification', '{"email": "ana@example.org"}')) AS which_organization, t.word(t.rpc('', 'request_email_verification', '{"email": "ana@example.org", "organization_id": "nothing"}')) AS unknown;

-- invitations: for whom one may give the role to
SELECT who, t.word(t.rpc(who, 'invite_member', format('{"email": "%s", "role": "%s"}', e, r), 'invitation'), '{invitation,role}') FROM (VALUES
  ('ana', 'new@example.org', 'client'), ('adam', 'new@example.org', 'specialist'), ('adam', 'new@example.org', 'super_admin'), ('adam', 'new@example.org', 'nothing'),
  ('adam', 'x', 'client'), ('adam', '', 'client'), ('', 'new@example.org', 'client')) v (who, e, r);
SELECT t.issue('new@example.org') AS older \gset
SELECT t.tidy(id::text, 'invitation') AS invitation, email, role, t.tidy(invited_by_user_id::text) AS invited_by, expires_at - created_at AS good_for, accepted_at, rejected_at, revoked_at FROM public.invitations;
SELECT t.word(t.rpc('adam', 'resend_invitation', '{"invitation_id": "invitation1"}', 'invitation'), '{invitation,email}');
SELECT t.issue('new@example.org') AS token \gset
-- accepted by whoever is signed in with that address, and nobody else
CREATE FUNCTION t.accept(email text, token text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_answer text;
BEGIN
  PERFORM set_config('request.jwt.claims', format('{"role": "authenticated", "sub": "%s"%s}', t.id('u_nobody'), ', "email": "' || email || '"'), true), set_config('role', 'authenticated', true);
  v_answer := public.accept_invitation(token);
  PERFORM set_config('role', 'none', true);
  RETURN t.tidy(v_answer);
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT t.word(t.accept(e, k)) FROM (VALUES ('new@example.org', :'older'), ('ana@example.org', :'token'), (NULL, :'token'), ('new@example.org', t.other_secret(:'token'))) v (e, k);
SELECT t.word(t.rpc('', 'accept_invitation', format('{"token": "%s"}', :'token')));
SELECT t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'token'))) AS another_kind, t.word(t.accept('new@example.org', :'newer')) AS no_invitation;
SELECT t.accept('NEW@example.org', :'token');
SELECT t.word(t.accept('new@example.org', :'token')), t.word(t.rpc('', 'reject_invitation', format('{"token": "%s"}', :'token')));
SELECT p.email, p.email_verification_status, r.role, t.tidy(r.granted_by::text) AS granted_by FROM public.profiles p JOIN public.user_roles r USING (organization_id, user_id) WHERE p.email = 'new@example.org';
SELECT t.tidy(id::text, 'invitation') AS invitation, accepted_at, rejected_at, revoked_at, t.tidy(user_id::text) AS who FROM public.invitations ORDER BY 1;
SELECT t.word(t.rpc('adam', 'resend_invitation', '{"invitation_id": "invitation2"}')), t.word(t.rpc('adam', 'revoke_invitation', '{"invitation_id": "invitation2"}')), t.word(t.rpc('adam', 'revoke_invitation', '{"invitation_id": "nothing"}'));
-- declined, and taken back
SELECT t.word(t.rpc('adam', 'invite_member', '{"email": "second@example.org", "role": "client"}', 'invitation'), '{invitation,role}');
SELECT t.issue('second@example.org') AS token \gset
SELECT t.rpc('', 'reject_invitation', format('{"token": "%s"}', t)) FROM unnest(ARRAY[:'token', :'token', 'x']) t;
SELECT t.word(t.rpc('adam', 'resend_invitation', '{"invitation_id": "invitation3"}', 'invitation'), '{invitation,email}');
SELECT t.issue('second@example.org') AS token \gset
SELECT who, t.word(t.rpc(who, 'revoke_invitation', '{"invitation_id": "invitation4"}'), '{invitation,revoked_at}') FROM unnest('{ana,adam}'::text[]) who;
SELECT t.word(t.accept('second@example.org', :'token'));
-- the address is another account's by now: for who has a profile without one, and for who has no profile
SELECT t.word(t.rpc('adam', 'invite_member', '{"email": "third@example.org", "role": "client"}', 'invitation'), '{invitation,role}');
SELECT t.issue('third@example.org') AS token \gset
BEGIN;
UPDATE public.profiles SET email = 'third@example.org' WHERE user_id = t.id('u_ana');
UPDATE public.profiles SET email = NULL WHERE user_id = t.id('u_nobody');
SELECT t.accept('third@example.org', :'token');
DELETE FROM public.profiles WHERE user_id = t.id('u_nobody');
SELECT t.accept('third@example.org', :'token');
ROLLBACK;
-- another organization's are not there
SELECT t.word(t.rpc('zoe', 'revoke_invitation', '{"invitation_id": "invitation3"}')), t.word(t.rpc('zoe', 'resend_invitation', '{"invitation_id": "invitation3"}'));

-- who may come in
SELECT who, w, t.word(t.rpc(who, 'suspend_account', format('{"user_id": "u_%s", "reason": "%s"}', w, r)), '{account,status}') FROM (VALUES
  ('ana', 'ben', 'x'), ('adam', 'adam', 'x'), ('adam', 'xena', 'x'), ('adam', 'ben', ''), ('adam', 'ben', 'rude')) v (who, w, r);
INSERT INTO public.profiles (organization_id, user_id) VALUES (t.id('clinic'), t.id('u_sue'));
SELECT t.rpc('adam', 'suspend_account', '{"user_id": "u_sue", "reason": "rude"}') AS may_do_more;
SELECT t.tidy(user_id::text) AS who, status, reason, t.tidy(changed_by::text) AS by FROM public.accounts;
CREATE FUNCTION t.check(who text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM t.become(who);
  PERFORM set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || more)::text, true);
  PERFORM public.check_login();
  PERFORM set_config('role', 'none', true);
  RETURN 'come in';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT who, t.check(who) FROM unnest('{ana,ben,adam,service,""}'::text[]) who;
SELECT t.check('ana', format('{"iss": "holdfast", "%s": "%s"}', k, v)::jsonb) FROM (VALUES ('session_id', t.id('nothing')), ('api_key_id', t.id('nothing'))) x (k, v);
SELECT t.check('ana', format('{"iss": "https://auth.example.org", "session_id": "%s"}', t.id('nothing'))::jsonb) AS of_an_auth_server;
SELECT t.rpc('ben', 'request_email_verification');
SELECT silent FROM public.account_tokens ORDER BY id DESC LIMIT 1;
SELECT t.word(t.rpc('adam', 'reinstate_account', '{"user_id": "u_ben"}'), '{account,status}'), t.check('ben');
SELECT who, t.word(t.rpc(who, 'unlock_account', format('{"user_id": "u_%s"}', w)), '{locked}') FROM (VALUES ('ana', 'ben'), ('adam', 'ben'), ('adam', 'xena')) v (who, w);

-- who manages members and may do no more gives no more, and does nothing to who may
INSERT INTO public.roles (organization_id, role) VALUES (t.id('clinic'), 'clerk');
INSERT INTO public.user_roles_permissions (organization_id, role, permission) VALUES (t.id('clinic'), 'clerk', 'manage_members');
INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (t.id('clinic'), t.id('u_cleo'), 'clerk');
SELECT r, t.word(t.rpc('cleo', 'invite_member', format('{"email": "third@example.org", "role": "%s"}', r)), '{invitation,role}') FROM unnest('{clerk,client,admin}'::text[]) r;
SELECT w, t.word(t.rpc('cleo', 'suspend_account', format('{"user_id": "u_%s", "reason": "x"}', w)), '{account,status}') FROM unnest('{ana,adam}'::text[]) w;
SELECT t.word(t.rpc('cleo', 'unlock_account', '{"user_id": "u_adam"}')), t.word(t.rpc('cleo', 'set_account_settings', '{"settings": {"sign_up_role": "admin"}}')), t.word(t.rpc('cleo', 'reinstate_account', '{"user_id": "u_ana"}'), '{account,status}');
DELETE FROM public.user_roles WHERE role = 'clerk';

-- from where
SELECT who, t.word(t.rpc(who, l || '_ip', format('{"ip_address": "%s"%s}', a, m)), '{entry,ip_address}') FROM (VALUES
  ('ana', 'block', '203.0.113.1', ''), ('adam', 'block', '203.0.113.0/24', ', "description": "abuse"'), ('adam', 'block', 'x', ''), ('adam', 'block', '', ''),
  ('adam', 'allow', '198.51.100.0/24', ', "user_id": "u_ana"'), ('adam', 'allow', '198.51.100.0/24', ', "user_id": "u_xena"'),
  ('adam', 'block', '2001:db8::/32', ', "user_id": "u_ben"')) v (who, l, a, m);
SELECT who, a, holdfast_private.address_allowed(t.id('clinic'), t.id('u_' || who), a::inet) FROM unnest('{ana,ben}'::text[]) who, unnest('{203.0.113.9,198.51.100.9,192.0.2.9,2001:db8::9,NULL}'::text[]) a;
SELECT count(*) FROM public.ip_whitelist;
SELECT who, t.word(t.rpc(who, 'forget_ip', format('{"entry_id": "%s"}', e)), '{entry,description}') FROM unnest('{ana,zoe,adam,adam}'::text[]) WITH ORDINALITY v (who, n), (SELECT id AS e FROM public.ip_blocklist WHERE description = 'abuse') b ORDER BY n;

-- fifty wrong tokens lock a network address out, whatever becomes of the transactions; others come in
SET t.headers = '{"x-forwarded-for": "198.51.100.77"}';
BEGIN;
SELECT t.word(t.rpc('', f, '{"token": "x"}')), count(*) FROM unnest('{verify_email,reject_invitation}'::text[]) f, generate_series(1, 25) GROUP BY 1;
ROLLBACK;
SELECT t.word(t.rpc('', 'verify_email', '{"token": "x"}'));
SET t.headers = '{"x-forwarded-for": "198.51.100.78"}';
SELECT t.word(t.rpc('', 'verify_email', '{"token": "x"}'));
RESET t.headers;

-- settings
SELECT who, s, t.word(t.rpc(who, 'set_account_settings', format('{"settings": %s}', s)), '{account_settings,max_sessions}') FROM (VALUES
  ('ana', '{"max_sessions": 2}'), ('adam', '{"max_sessions": 2}'), ('adam', '{"lock_minutes": 30}'), ('adam', '{"max_sessions": 0}'), ('adam', '{"max_sessions": "x"}'), ('adam', '{"max_sessions": null}'),
  ('adam', '{"organization_id": "x"}'), ('adam', '{"x": 1}'), ('adam', '[]'), ('adam', '{"sign_up_role": "nothing"}'), ('adam', '{"sign_up_role": "super_admin"}'),
  ('adam', '{"second_factor_roles": ["admin"]}'), ('adam', '{"second_factor_roles": ["x"]}')) v (who, s);
SELECT max_sessions, lock_minutes, second_factor_roles FROM public.account_settings ORDER BY organization_id;

-- what is old is forgotten, and what an old link says stays true for a while
SELECT count(*) FROM public.account_tokens WHERE silent;
SET holdfast.now = '2030-01-11 08:00:00+00';
SELECT holdfast_private.run_job('job_cleanup_expired_tokens') > 0;
SELECT (SELECT count(*) FROM public.account_tokens WHERE silent), t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'newer')));
SET holdfast.now = '2030-03-11 08:00:00+00';
SELECT holdfast_private.run_job('job_cleanup_expired_tokens') > 0;
SELECT t.word(t.rpc('', 'verify_email', format('{"token": "%s"}', :'newer')));
SELECT holdfast_private.run_job('job_cleanup_expired_tokens') AS again, (SELECT count(*) FROM public.account_tokens) AS tokens, (SELECT count(*) FROM holdfast_private.token_secrets) AS secrets;
SELECT last_error FROM holdfast_private.job_heartbeats;
\set ECHO none
\i :srcdir/lib/finish_booking.sql
