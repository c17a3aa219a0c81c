-- Employees of companies: invitations by mail, who answers them and how, and what becomes of seats.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\o /dev/null
SET client_min_messages = warning;
-- only some keys of an answer
CREATE FUNCTION t.of(answer text, path text, VARIADIC keys text[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN answer LIKE '{%' THEN (SELECT string_agg(format('%s=%s', k, answer::jsonb -> path ->> k), ' ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY AS u (k, n)) ELSE answer END
$$;
CREATE FUNCTION t.invite(who text, address text, more text DEFAULT '', company text DEFAULT 'acme') RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, 'invite_employee', format('{"company_id": "%s", "email": "%s", "display_name": "%s"%s}', company, address, initcap(split_part(address, '@', 1)), more), 'id'),
    'employee', 'display_name', 'email', 'role', 'status') $$;
CREATE FUNCTION t.employee(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM public.company_employees WHERE display_name = name $$;
CREATE FUNCTION t.do(who text, name text, employee text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, name, format('{"employee_id": "%s"%s}', t.employee(employee), more)), 'employee', 'display_name', 'status') $$;
CREATE FUNCTION t.say(who text, name text, token text, address text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_answer jsonb; v_detail text;
BEGIN
  PERFORM t.become(who);
  PERFORM set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || jsonb_strip_nulls(jsonb_build_object('email', coalesce(address, nullif(who, '') || '@example.org'))))::text, true);
  EXECUTE format('SELECT public.%I($1)', name) INTO v_answer USING token;
  PERFORM set_config('role', 'none', true);
  RETURN t.tidy(v_answer::text);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  PERFORM set_config('role', 'none', true);
  RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END $$;
CREATE FUNCTION t.people() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', display_name, d.status, invitation_status, CASE WHEN has_account THEN 'has an account' END) FROM public.company_employee_directory d WHERE organization_id = t.id('clinic') AND role = 'employee' ORDER BY display_name $$;
INSERT INTO t.names SELECT 'u_' || w, gen_random_uuid() FROM unnest('{ines,joao,kim,lea,mo,otto}'::text[]) w;
INSERT INTO public.company_subscription_plans (organization_id, id, name, max_employees) VALUES (t.id('clinic'), md5('plan')::uuid, 'Four', 4);
INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date) VALUES (t.id('clinic'), t.id('acme'), md5('plan')::uuid, 'active', '2026-01-01');
CREATE TABLE t.links (name text PRIMARY KEY, token text);
RESET client_min_messages;
\o
\set ECHO all
-- HR of the company and admins invite; nobody else, nor HR of another company; what is wrong has its word
SELECT who, t.invite(who, 'ines@example.org', ', "department": "R&D", "cost_center": "7", "monthly_limit": 2') FROM unnest('{ben,maria,zoe,"",hugo}'::text[]) who;
SELECT t.invite('hugo', 'x@example.org', company => 'globex'), t.invite('adam', 'x@example.org', company => 'nothing'), t.invite('hugo', 'x@example.org', ', "role": "hr"');
SELECT t.invite('hugo', 'INES@example.org'), t.invite('hugo', 'nobody'), t.invite('hugo', ''), t.invite('adam', 'x@example.org', ', "role": "boss"'), t.invite('adam', 'x@example.org', ', "monthly_limit": -1');
SELECT t.people();
-- an invited employee has a seat: HR, Ines, Joao, Kim
SELECT t.invite('hugo', 'joao@example.org'), t.invite('adam', 'kim@example.org'), t.invite('hugo', 'lea@example.org');
-- the link is made when it is sent, and is nowhere else
INSERT INTO t.links SELECT w, t.issue(w || '@example.org') FROM unnest('{ines,joao,kim}'::text[]) w;
SELECT name, token ~ '^hfemployee_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$' AS well_formed, t.found_at_rest(token), t.found_at_rest(split_part(token, '.', 1)) FROM t.links ORDER BY 1;
SELECT sent_at, expires_at FROM public.company_employee_invitations WHERE email = 'ines@example.org';
-- looking uses nothing up
SELECT n, jsonb_pretty(t.say('', 'look_at_employee_invitation', token)::jsonb) FROM t.links, generate_series(1, 2) n WHERE name = 'ines';
SELECT t.say('', 'look_at_employee_invitation', t.other_secret(token)), t.say('', 'look_at_employee_invitation', t.other_place(token)), t.say('', 'look_at_employee_invitation', 'x') FROM t.links WHERE name = 'ines';
-- a wrong secret counts, and the count stays; the fifth is the last
SELECT n, t.word(t.say('ines', 'accept_employee_invitation', t.other_secret(token))) FROM t.links, generate_series(1, 5) n WHERE name = 'kim';
SELECT attempts FROM public.account_tokens WHERE email = 'kim@example.org';
SELECT t.word(t.say('kim', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'kim';
-- accepted by whoever has the address, and nobody else; once
-- nobody joins a company that is not active; and nothing is used up by trying
BEGIN;
UPDATE public.companies SET status = 'suspended' WHERE id = t.id('acme');
SELECT t.say('ines', 'accept_employee_invitation', token) FROM t.links WHERE name = 'ines';
ROLLBACK;
SELECT t.rpc('hugo', 'resend_employee_invitation', '{"employee_id": "nothing"}'), t.rpc('hugo', 'resend_employee_invitation', '{"employee_id": null}');
SELECT t.say('', 'accept_employee_invitation', token), t.say('joao', 'accept_employee_invitation', token), t.say('ines', 'accept_employee_invitation', token, 'ines@other.org') FROM t.links WHERE name = 'ines';
SELECT key, value FROM t.links, jsonb_each_text(t.say('ines', 'accept_employee_invitation', token, 'Ines@example.org')::jsonb) WHERE name = 'ines' AND key <> 'employee';
SELECT t.word(t.say('ines', 'accept_employee_invitation', token)), t.word(t.say('', 'look_at_employee_invitation', token), '{state}') FROM t.links WHERE name = 'ines';
SELECT t.people();
-- they book at once
SELECT t.rpc('ines', 'request_hold', format('{"specialist_id": "maria", "client_id": "%s", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 10:50Z"}', c.id)) ~ '"hold_key"' AS books
FROM public.clients c WHERE user_id = t.id('u_ines');
-- declined: the seat is free; the general RPCs do the same
SELECT t.say('', 'reject_employee_invitation', token), t.word(t.say('joao', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'joao';
SELECT t.invite('hugo', 'lea@example.org'), t.invite('hugo', 'mo@example.org');
INSERT INTO t.links SELECT 'lea', t.issue('lea@example.org');
SELECT t.say('lea', 'accept_invitation', token) FROM t.links WHERE name = 'lea';
-- sent again: the old link is void, also for one who declined; not for whoever has an account; five an hour
SELECT who, t.do(who, 'resend_employee_invitation', 'Kim') FROM unnest('{ben,maria,zoe,hugo}'::text[]) who;
SELECT t.do('hugo', 'resend_employee_invitation', 'Joao'), t.do('hugo', 'resend_employee_invitation', 'Ines'), t.do('hugo', 'resend_employee_invitation', 'Hugo'), t.rpc('hugo', 'resend_employee_invitation', '{"employee_id": "nothing"}');
SELECT n, t.do('hugo', 'resend_employee_invitation', 'Kim') FROM generate_series(1, 4) n;
SELECT t.word(t.say('', 'look_at_employee_invitation', token)) FROM t.links WHERE name = 'kim';
UPDATE t.links SET token = t.issue('kim@example.org') WHERE name = 'kim';
SELECT t.word(t.say('', 'look_at_employee_invitation', token), '{state}') FROM t.links WHERE name = 'kim';
-- taken back
SELECT t.do(who, 'revoke_employee_invitation', 'Kim') FROM unnest('{zoe,hugo,hugo}'::text[]) who;
SELECT t.word(t.say('kim', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'kim';
SELECT t.do('hugo', 'resend_employee_invitation', 'Joao'), t.people();
-- 24 hours from when it was sent; then the seat is free, and whoever is invited anew takes one
UPDATE t.links SET token = t.issue('joao@example.org') WHERE name = 'joao';
SELECT set_config('holdfast.now', '2030-01-08 07:59:59+00', false), holdfast_private.run_job('job_expire_employee_invitations'), t.word(t.say('', 'look_at_employee_invitation', token), '{state}') FROM t.links WHERE name = 'joao';
SELECT set_config('holdfast.now', '2030-01-08 08:00:00+00', false), t.word(t.say('', 'look_at_employee_invitation', token), '{state}'), t.word(t.say('joao', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'joao';
SELECT holdfast_private.run_job('job_expire_employee_invitations'), holdfast_private.run_job('job_expire_employee_invitations');
SELECT t.people();
SELECT t.do('adam', 'resend_employee_invitation', 'Joao');
-- what HR changes otherwise makes the link void: another address, inactive
UPDATE t.links SET token = t.issue('joao@example.org') WHERE name = 'joao';
SELECT t.do('hugo', 'update_employee', 'Joao', ', "email": "joao@elsewhere.org"'), t.word(t.say('', 'look_at_employee_invitation', token), '{state}'), t.word(t.say('joao', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'joao';
SELECT t.do('hugo', 'update_employee', 'Joao', ', "email": "joao@example.org"'), t.do('hugo', 'update_employee', 'Joao', ', "status": "inactive"'), t.word(t.say('joao', 'accept_employee_invitation', token)) FROM t.links WHERE name = 'joao';
-- one company at a time; a former one lets go of the account
SELECT t.invite('adam', 'ines@elsewhere.org', company => 'globex');
INSERT INTO t.links SELECT 'ines2', t.issue('ines@elsewhere.org');
SELECT t.say('ines', 'accept_employee_invitation', token, 'ines@elsewhere.org') FROM t.links WHERE name = 'ines2';
UPDATE public.company_employees SET status = 'inactive' WHERE email = 'ines@example.org';
SELECT t.of(t.say('ines', 'accept_employee_invitation', token, 'ines@elsewhere.org'), 'company', 'name') FROM t.links WHERE name = 'ines2';
SELECT e.email, e.status, e.user_id IS NOT NULL AS has_account, c.display_name FROM public.company_employees e LEFT JOIN public.clients c ON c.employee_id = e.id WHERE e.display_name = 'Ines' ORDER BY 1;
-- an admin invites HR, who looks after the company at once; and a company that is not active invites nobody
SELECT t.invite('adam', 'otto@example.org', ', "role": "hr"', company => 'globex');
INSERT INTO t.links SELECT 'otto', t.issue('otto@example.org');
SELECT t.of(t.say('otto', 'accept_employee_invitation', token), 'company', 'name'), t.invite('otto', 'new@example.org', company => 'globex'), t.invite('otto', 'new2@example.org'), t.do('otto', 'revoke_employee_invitation', 'Joao') FROM t.links WHERE name = 'otto';
UPDATE public.companies SET status = 'suspended' WHERE id = t.id('globex');
SELECT t.invite('otto', 'new3@example.org', company => 'globex');
-- who sees what
GRANT USAGE ON SCHEMA t TO authenticated; GRANT SELECT ON t.names TO authenticated;
CREATE FUNCTION t.sees(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  PERFORM t.become(who);
  SELECT format('%s invitations, %s employees, %s of them invited', (SELECT count(*) FROM public.company_employee_invitations), count(*), count(invited_at)) INTO v FROM public.company_employee_directory;
  PERFORM set_config('role', 'none', true);
  RETURN v;
END $$;
SELECT who, t.sees(who) FROM unnest('{adam,hugo,otto,ines,ben,maria,zoe}'::text[]) who;
-- the e-mail names the company
SELECT m -> 'to' AS "to", m ->> 'subject', replace(m ->> 'text', substring(m ->> 'text', 'token=(\S+)'), 'TOKEN')
FROM jsonb_array_elements(holdfast_private.lease_messages('w', 100)) m WHERE m ->> 'to' = 'new@example.org';
-- made inactive and active again, at once; moved with the client, and without what was the company's
UPDATE public.companies SET status = 'active' WHERE id = t.id('globex');
SELECT who, t.do(who, 'deactivate_employee', 'Lea') FROM unnest('{ben,otto,hugo,hugo}'::text[]) who;
SELECT t.do('hugo', 'deactivate_employee', 'Hugo'), t.do('otto', 'deactivate_employee', 'New'), t.do('hugo', 'reactivate_employee', 'Kim'), t.do('otto', 'reactivate_employee', 'New');
SELECT t.do('hugo', 'reactivate_employee', 'Lea'), t.do('hugo', 'reactivate_employee', 'Lea');
SELECT t.do('hugo', 'update_employee', 'Lea', ', "department": "Sales"'), t.do('hugo', 'move_employee', 'Lea', ', "company_id": "globex"'), t.do('adam', 'move_employee', 'Lea', ', "company_id": "nothing"'), t.do('adam', 'move_employee', 'Lea', ', "company_id": "acme"');
SELECT t.do('adam', 'move_employee', 'Lea', ', "company_id": "globex"'), t.rpc('zoe', 'move_employee', '{"employee_id": "nothing", "company_id": "globex"}');
SELECT t.tidy(e.company_id::text), e.department, t.tidy(c.company_id::text), c.employee_id = e.id AS linked FROM public.company_employees e JOIN public.clients c ON c.user_id = e.user_id WHERE e.display_name = 'Lea';
SELECT t.do('adam', 'move_employee', 'Hugo', ', "company_id": "globex"'), t.invite('hugo', 'new4@example.org'), t.do('adam', 'move_employee', 'Hugo', ', "company_id": "acme"'), t.do('adam', 'update_employee', 'Hugo', ', "role": "hr"');
-- the last day, in the company's zone: at once when it is set in the past, else when it is over; HR loses what HR may do
UPDATE public.companies SET time_zone = 'Pacific/Auckland' WHERE id = t.id('acme');
SELECT t.do('adam', 'update_employee', 'Hugo', ', "access_ends": "2030-01-10"'), t.do('adam', 'update_employee', 'Hugo', ', "access_date": "2030-01-10"');
SELECT set_config('holdfast.now', '2030-01-09 10:59Z', false), holdfast_private.run_job('job_end_access'), t.sees('hugo');
-- what HR does ends with the day, whether or not the job has run, and the seat is free
SELECT holdfast_private.free_seats(t.id('clinic'), t.id('acme')), set_config('holdfast.now', '2030-01-09 11:00Z', false), t.invite('hugo', 'new5@example.org'), t.rpc('hugo', 'company_overview', '{}'), holdfast_private.free_seats(t.id('clinic'), t.id('acme'));
SELECT holdfast_private.run_job('job_end_access'), t.sees('hugo'), t.invite('hugo', 'new5@example.org'), holdfast_private.run_job('job_end_access');
SELECT t.do('adam', 'reactivate_employee', 'Hugo'), t.do('adam', 'update_employee', 'Hugo', ', "status": "active"');
SELECT t.do('adam', 'update_employee', 'Hugo', ', "access_ends": "infinity"'), t.do('adam', 'reactivate_employee', 'Hugo'), t.sees('hugo');
SELECT t.do('adam', 'update_employee', 'Hugo', ', "access_ends": "2030-01-01"'), t.sees('hugo'), t.invite('hugo', 'new6@example.org');
SELECT role FROM public.user_roles WHERE user_id = t.id('u_hugo');
\set ECHO none
\i :srcdir/lib/finish_booking.sql
