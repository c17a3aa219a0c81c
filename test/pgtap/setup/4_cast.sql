-- The cast: two clinics, and one row of each table that belongs to the client (own), one to somebody else in the same
-- clinic (other), one in the other clinic (foreign).

CREATE ROLE plain_service NOLOGIN NOINHERIT;
GRANT plain_service TO authenticator;
SELECT FROM holdfast.grant_api_roles(NULL, NULL, 'plain_service');

-- The same name is always the same id.
CREATE FUNCTION proof.id(name text) RETURNS uuid
LANGUAGE sql IMMUTABLE RETURN md5(name)::uuid;

-- What a token says.
CREATE FUNCTION proof.claims(person text, clinic text) RETURNS jsonb
LANGUAGE sql IMMUTABLE RETURN jsonb_strip_nulls(jsonb_build_object('role', 'authenticated', 'sub', proof.id('user ' || person),
  'app_metadata', jsonb_build_object('organization_id', proof.id(clinic))));

-- NAME@2 is somebody with a token for the second clinic, where they are nobody.
INSERT INTO proof.identities (name, role, claims, headers, tenant)
SELECT name, role, claims, headers, tenant FROM (VALUES
  ('anon', 'anon', '{"role": "anon"}'::jsonb, '{}'::jsonb, NULL::uuid),
  ('stranger', 'authenticated', proof.claims('stranger', 'clinic'), '{}', proof.id('clinic')),  -- has no role
  ('client', 'authenticated', proof.claims('client', 'clinic'), '{}', proof.id('clinic')),
  ('client2', 'authenticated', proof.claims('other client', 'clinic'), '{}', proof.id('clinic')),
  ('archived', 'authenticated', proof.claims('archived client', 'clinic'), '{}', proof.id('clinic')),
  ('specialist', 'authenticated', proof.claims('specialist', 'clinic'), '{}', proof.id('clinic')),
  ('former', 'authenticated', proof.claims('former specialist', 'clinic'), '{}', proof.id('clinic')),  -- lost the role
  ('hr', 'authenticated', proof.claims('hr', 'clinic'), '{}', proof.id('clinic')),
  -- Names another clinic in the header, in vain.
  ('admin', 'authenticated', proof.claims('admin', 'clinic'), jsonb_build_object('x-organization-id', proof.id('other clinic')),
   proof.id('clinic')),
  ('super', 'authenticated', proof.claims('super', NULL), '{}', NULL),  -- names no clinic
  ('super@1', 'authenticated', proof.claims('super', NULL), jsonb_build_object('x-organization-id', proof.id('clinic')),
   proof.id('clinic')),
  ('service', 'service_role', '{"role": "service_role"}', jsonb_build_object('x-organization-id', proof.id('clinic')),
   proof.id('clinic')),  -- with BYPASSRLS, as on Supabase
  ('plain', 'plain_service', '{"role": "service_role"}', jsonb_build_object('x-organization-id', proof.id('clinic')),
   proof.id('clinic')),  -- without
  ('admin2', 'authenticated', proof.claims('foreign admin', 'other clinic'), '{}', proof.id('other clinic')),
  ('client@2', 'authenticated', proof.claims('client', 'other clinic'), '{}', proof.id('other clinic')),
  ('specialist@2', 'authenticated', proof.claims('specialist', 'other clinic'), '{}', proof.id('other clinic')),
  ('admin@2', 'authenticated', proof.claims('admin', 'other clinic'), '{}', proof.id('other clinic'))
) AS t (name, role, claims, headers, tenant);

INSERT INTO public.organizations (id, name) VALUES
  (proof.id('clinic'), 'Clinic'),
  (proof.id('other clinic'), 'Other clinic');

INSERT INTO public.user_roles (organization_id, user_id, role)
SELECT proof.id(clinic), proof.id('user ' || person), role FROM (VALUES
  ('clinic', 'client', 'client'),
  ('clinic', 'other client', 'client'),
  ('clinic', 'specialist', 'specialist'),
  ('clinic', 'other specialist', 'specialist'),
  ('clinic', 'former specialist', 'specialist'),
  ('clinic', 'archived client', 'client'),
  ('clinic', 'hr', 'company_hr'),
  ('clinic', 'admin', 'admin'),
  ('other clinic', 'foreign client', 'client'),
  ('other clinic', 'foreign specialist', 'specialist'),
  ('other clinic', 'foreign admin', 'admin')
) AS t (clinic, person, role)
UNION ALL
SELECT '00000000-0000-0000-0000-000000000000', proof.id('user super'), 'super_admin';

-- Those who come by another way.
INSERT INTO proof.twins (name, claims, headers, alike, exactly) VALUES
  ('claim org_id', jsonb_build_object('role', 'authenticated', 'sub', proof.id('user client'), 'org_id', proof.id('clinic')), '{}', 'client', true),
  ('claim organization_id first', proof.claims('client', 'other clinic') || jsonb_build_object('organization_id', proof.id('clinic')), '{}', 'client', true),
  ('user_metadata', proof.claims('client', 'clinic') || jsonb_build_object('user_metadata', jsonb_build_object(
     'organization_id', proof.id('other clinic'), 'sub', proof.id('user admin'), 'role', 'super_admin')), '{}', 'client', true),
  ('role claims', proof.claims('client', 'clinic') || '{"roles": ["admin", "super_admin"], "user_role": "admin", "app_role": "super_admin"}', '{}', 'client', true),
  ('forged header', proof.claims('client', 'clinic'), jsonb_build_object('x-organization-id', proof.id('other clinic'), 'x-user-id', proof.id('user admin')), 'client', true),
  ('impersonated by an admin', proof.claims('client', 'clinic') || jsonb_build_object('act', jsonb_build_object('sub', proof.id('user admin'))), '{}', 'client', true),
  ('API key', proof.claims('client', 'clinic') || jsonb_build_object('api_key_id', proof.id('key'), 'exp', 4102444800), '{}', 'client', true),
  ('role revoked', proof.claims('revoked admin', 'clinic'), '{}', 'stranger', true),
  ('role elsewhere only', proof.claims('foreign admin', 'clinic'), '{}', 'stranger', true),
  ('no organization', proof.claims('admin', NULL), '{}', 'stranger', false),
  ('no such organization', proof.claims('admin', 'no clinic'), '{}', 'stranger', false),
  ('nobody', '{"role": "authenticated"}', '{}', 'stranger', false),
  ('nobody, in a clinic', jsonb_build_object('role', 'authenticated', 'organization_id', proof.id('clinic')), '{}', 'stranger', false);
INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (proof.id('clinic'), proof.id('user revoked admin'), 'admin');
DELETE FROM public.user_roles WHERE user_id = proof.id('user revoked admin');

INSERT INTO public.profiles (organization_id, user_id, display_name)
SELECT proof.id(clinic), proof.id('user ' || person), person FROM (VALUES
  ('clinic', 'client'), ('clinic', 'other client'), ('clinic', 'specialist'), ('clinic', 'hr'), ('clinic', 'admin'),
  ('other clinic', 'foreign client'), ('other clinic', 'foreign admin')
) AS t (clinic, person);

INSERT INTO public.roles (organization_id, role) VALUES (proof.id('clinic'), 'intern'), (proof.id('other clinic'), 'intern');
INSERT INTO public.permissions (organization_id, permission) VALUES
  (proof.id('clinic'), 'make_tea'), (proof.id('other clinic'), 'make_tea');
INSERT INTO public.user_roles_permissions (organization_id, role, permission) VALUES
  (proof.id('clinic'), 'intern', 'make_tea'), (proof.id('other clinic'), 'intern', 'make_tea');
INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES
  (proof.id('clinic'), 'intern', 'client'), (proof.id('other clinic'), 'intern', 'client');

INSERT INTO public.pillars (organization_id, id, code, name, is_active) VALUES
  (proof.id('clinic'), proof.id('pillar'), 'mind', 'Mind', true),
  (proof.id('clinic'), proof.id('inactive pillar'), 'luck', 'Luck', false),
  (proof.id('other clinic'), proof.id('foreign pillar'), 'mind', 'Mind', true);

INSERT INTO public.session_types (organization_id, id, name, is_active) VALUES
  (proof.id('clinic'), proof.id('session type'), 'Follow-up', true),
  (proof.id('clinic'), proof.id('inactive session type'), 'House call', false),
  (proof.id('other clinic'), proof.id('foreign session type'), 'Follow-up', true);

INSERT INTO public.companies (organization_id, id, name, time_zone) VALUES
  (proof.id('clinic'), proof.id('company'), 'Company', 'UTC'),
  (proof.id('clinic'), proof.id('other company'), 'Other company', 'UTC'),
  (proof.id('other clinic'), proof.id('foreign company'), 'Company', 'UTC');

INSERT INTO public.company_employees (organization_id, id, company_id, user_id, role, display_name) VALUES
  (proof.id('clinic'), proof.id('employee hr'), proof.id('company'), proof.id('user hr'), 'hr', 'HR'),
  (proof.id('clinic'), proof.id('employee'), proof.id('company'), proof.id('user client'), 'employee', 'Employee'),
  (proof.id('clinic'), proof.id('other employee'), proof.id('other company'), proof.id('user other client'), 'employee', 'Employee'),
  (proof.id('other clinic'), proof.id('foreign employee'), proof.id('foreign company'), proof.id('user foreign client'), 'employee', 'Employee');

INSERT INTO public.specialists (organization_id, id, user_id, display_name, time_zone, status) VALUES
  (proof.id('clinic'), proof.id('specialist'), proof.id('user specialist'), 'Specialist', 'UTC', 'active'),
  (proof.id('clinic'), proof.id('other specialist'), proof.id('user other specialist'), 'Other specialist', 'UTC', 'active'),
  (proof.id('clinic'), proof.id('former specialist'), proof.id('user former specialist'), 'Former specialist', 'UTC', 'active'),
  (proof.id('clinic'), proof.id('inactive specialist'), NULL, 'Inactive specialist', 'UTC', 'inactive'),
  (proof.id('other clinic'), proof.id('foreign specialist'), proof.id('user foreign specialist'), 'Foreign specialist', 'UTC', 'active');

INSERT INTO public.clients (organization_id, id, user_id, display_name, company_id, employee_id) VALUES
  (proof.id('clinic'), proof.id('client'), proof.id('user client'), 'Client', proof.id('company'), proof.id('employee')),
  (proof.id('clinic'), proof.id('other client'), proof.id('user other client'), 'Other client', proof.id('other company'), proof.id('other employee')),
  (proof.id('clinic'), proof.id('archived client'), proof.id('user archived client'), 'Archived client', NULL, NULL),
  (proof.id('other clinic'), proof.id('foreign client'), proof.id('user foreign client'), 'Foreign client', NULL, NULL);

INSERT INTO public.client_assignments (organization_id, id, client_id, specialist_id) VALUES
  (proof.id('clinic'), proof.id('assignment'), proof.id('client'), proof.id('specialist')),
  (proof.id('clinic'), proof.id('former assignment'), proof.id('client'), proof.id('former specialist')),
  (proof.id('clinic'), proof.id('other assignment'), proof.id('other client'), proof.id('other specialist')),
  (proof.id('other clinic'), proof.id('foreign assignment'), proof.id('foreign client'), proof.id('foreign specialist'));

INSERT INTO public.specialist_assignments (organization_id, company_id, specialist_id) VALUES
  (proof.id('clinic'), proof.id('company'), proof.id('specialist')),
  (proof.id('clinic'), proof.id('other company'), proof.id('other specialist')),
  (proof.id('other clinic'), proof.id('foreign company'), proof.id('foreign specialist'));

-- Everybody works around the clock, every day; the rest is long over, or asked for only.
INSERT INTO public.specialist_working_hours (
  organization_id, id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
SELECT proof.id(clinic), proof.id(format('%s hours %s', side, d)), proof.id(specialist), d, '00:00', '00:00', 'UTC'
FROM (VALUES ('own', 'clinic', 'specialist'), ('other', 'clinic', 'other specialist'), ('foreign', 'other clinic', 'foreign specialist'))
  AS t (side, clinic, specialist), generate_series(0, 6) AS d;
WITH t (side, clinic, specialist) AS (
  VALUES ('own', 'clinic', 'specialist'), ('other', 'clinic', 'other specialist'), ('foreign', 'other clinic', 'foreign specialist')),
breaks AS (
  INSERT INTO public.specialist_breaks (organization_id, id, specialist_id, start_time, end_time, effective_to, time_zone)
  SELECT proof.id(clinic), proof.id(side || ' break'), proof.id(specialist), '12:00', '13:00', '2000-01-01', 'UTC' FROM t),
exceptions AS (
  INSERT INTO public.specialist_availability_exceptions (organization_id, id, specialist_id, exception_date, is_available, time_zone)
  SELECT proof.id(clinic), proof.id(side || ' exception'), proof.id(specialist), '2000-01-01', false, 'UTC' FROM t),
leave AS (
  INSERT INTO public.specialist_vacation (organization_id, id, specialist_id, starts_at, ends_at, time_zone)
  SELECT proof.id(clinic), proof.id(side || ' leave'), proof.id(specialist), '2032-01-01 00:00Z', '2032-01-02 00:00Z', 'UTC' FROM t),
busy AS (
  INSERT INTO public.external_busy_times (
    organization_id, id, specialist_id, source, external_id, starts_at, ends_at, is_blocked)
  SELECT proof.id(clinic), proof.id(side || ' busy time'), proof.id(specialist), 'google', 'event 4711 ' || side, '2000-01-01 00:00Z',
    '2000-01-02 00:00Z', false FROM t),
weights AS (
  INSERT INTO public.specialist_weights (organization_id, specialist_id) SELECT proof.id(clinic), proof.id(specialist) FROM t)
INSERT INTO public.booking_rules (organization_id, id, specialist_id)
SELECT proof.id(clinic), proof.id(side || ' rules'), proof.id(specialist) FROM t;

-- Companies: on a plan without limits each; the plan that cannot be chosen is the other one.
INSERT INTO public.company_subscription_plans (organization_id, id, name, is_active) VALUES
  (proof.id('clinic'), proof.id('own plan'), 'Plan', true),
  (proof.id('clinic'), proof.id('other plan'), 'Old plan', false),
  (proof.id('other clinic'), proof.id('foreign plan'), 'Plan', true);
WITH t (side, clinic, company, plan) AS (
  VALUES ('own', 'clinic', 'company', 'own plan'), ('other', 'clinic', 'other company', 'own plan'),
         ('foreign', 'other clinic', 'foreign company', 'foreign plan')),
subscriptions AS (
  INSERT INTO public.company_subscriptions (organization_id, id, company_id, plan_id, status, start_date)
  SELECT proof.id(clinic), proof.id(side || ' subscription'), proof.id(company), proof.id(plan), 'active', '2026-01-01' FROM t),
papers AS (
  INSERT INTO public.company_verification (organization_id, company_id, registration_number)
  SELECT proof.id(clinic), proof.id(company), 'HRB 1' FROM t),
contacts AS (
  INSERT INTO public.company_contacts (organization_id, id, company_id, kind, name, email)
  SELECT proof.id(clinic), proof.id(side || ' contact'), proof.id(company), 'billing', 'Bills', 'bills@example.com' FROM t),
agreements AS (
  INSERT INTO public.company_dpa_acceptance (organization_id, company_id, dpa_version) SELECT proof.id(clinic), proof.id(company), '1' FROM t)
INSERT INTO public.company_compliance_issues (organization_id, id, company_id, description)
SELECT proof.id(clinic), proof.id(side || ' issue'), proof.id(company), 'Something is missing' FROM t;

-- Does something as somebody, for good, and comes back.
CREATE FUNCTION proof.call(identity text, statement text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_me text := session_user;
  v_answer jsonb;
BEGIN
  PERFORM proof.become(identity);
  EXECUTE statement INTO v_answer;
  PERFORM set_config('session_authorization', v_me, true), set_config('request.jwt.claims', '', true),
          set_config('request.headers', '', true), set_config('request.method', '', true);
  RETURN v_answer;
END
$$;

-- Ids that the platform chose.
CREATE TABLE proof.keys (name text PRIMARY KEY, id uuid NOT NULL);

-- An admin holds an hour of a specialist and a client, and confirms it unless told not to.
CREATE FUNCTION proof.book(name text, admin text, specialist text, client text, start_time timestamptz, confirm bool DEFAULT true)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_key uuid := proof.call(admin, format('SELECT public.request_hold(%L, %L, %L, %L, hold_seconds => 3600)',
    proof.id(specialist), proof.id(client), start_time, start_time + interval '1 hour')) ->> 'hold_key';
BEGIN
  IF confirm THEN
    v_key := proof.call(admin, format('SELECT public.confirm_booking(%L)', v_key)) -> 'booking' ->> 'id';
  END IF;
  INSERT INTO proof.keys VALUES (name, v_key);
END
$$;

-- For each side: a booking that was moved, one that was cancelled, one that waits for the specialist, one that has
-- begun, and a hold. And what belongs to people who are gone: an archived client, a specialist who lost the role.
CREATE TEMP TABLE sides (side text, admin text, specialist text, client text);
INSERT INTO sides VALUES
  ('own', 'admin', 'specialist', 'client'),
  ('other', 'admin', 'other specialist', 'other client'),
  ('foreign', 'admin2', 'foreign specialist', 'foreign client');
SELECT proof.book(side || ' booking', admin, specialist, client, '2031-05-05 08:00Z'),
       proof.book(side || ' cancelled booking', admin, specialist, client, '2031-05-06 10:00Z'),
       proof.book(side || ' hold', admin, specialist, client, '2031-05-07 10:00Z', false) FROM sides;
SELECT proof.call(admin, format('SELECT public.reschedule_booking(%L, ''2031-05-05 10:00Z'', ''2031-05-05 11:00Z'')', id))
FROM sides JOIN proof.keys ON name = side || ' booking';
SELECT proof.call(admin, format('SELECT public.cancel_booking(%L)', id))
FROM sides JOIN proof.keys ON name = side || ' cancelled booking';
UPDATE public.specialists SET auto_accept = false;
SELECT proof.book(side || ' pending booking', admin, specialist, client, '2031-05-08 10:00Z') FROM sides;
UPDATE public.specialists SET auto_accept = true;
SET holdfast.now = '2026-03-02 09:00Z';
SELECT proof.book(side || ' begun booking', admin, specialist, client, '2026-03-02 10:00Z') FROM sides;
RESET holdfast.now;
WITH booked AS (
  SELECT side, proof.call(admin, format('SELECT public.book_series(%L, %L, ''FREQ=WEEKLY;COUNT=2'', ''2031-06-02 10:00'', duration_minutes => 60)',
    proof.id(specialist), proof.id(client))) -> 'recurring_booking' ->> 'id' AS id FROM sides)
INSERT INTO proof.keys SELECT side || ' series', id::uuid FROM booked;
WITH fed AS (
  SELECT side, proof.call(client, 'SELECT public.create_calendar_feed(''client'')') AS feed
  FROM (VALUES ('own', 'client'), ('other', 'client2')) AS t (side, client))
INSERT INTO proof.keys SELECT side || ' feed', (feed ->> 'feed_id')::uuid FROM fed;
WITH offered AS (
  SELECT side, proof.call(admin, format('SELECT public.create_package(''Ten'', 10, %L)', proof.id(specialist))) -> 'package' ->> 'id' AS id FROM sides)
INSERT INTO proof.keys SELECT side || ' package', id::uuid FROM offered;
WITH granted AS (
  SELECT side, proof.call(admin, format('SELECT public.grant_package(%L, %L)', proof.id(client), id)) -> 'client_package' ->> 'id' AS id
  FROM sides JOIN proof.keys ON name = side || ' package')
INSERT INTO proof.keys SELECT side || ' client package', id::uuid FROM granted;
SELECT proof.call(admin, format('SELECT public.use_package(%L, %L)', b.id, p.id))
FROM sides JOIN proof.keys b ON b.name = side || ' booking' JOIN proof.keys p ON p.name = side || ' client package';
-- Everybody waits for an hour of their specialist that is cancelled then, so each has an offer.
INSERT INTO proof.keys
SELECT side || ' waitlist entry', (proof.call(admin, format('SELECT public.join_waitlist(%L, ''2031-07-01 00:00Z'', ''2031-07-02 00:00Z'', specialist_id => %L)',
  proof.id(client), proof.id(specialist))) #>> '{waitlist_entry,id}')::uuid FROM sides;
SELECT proof.book(side || ' freed booking', admin, specialist, client, '2031-07-01 10:00Z') FROM sides;
SELECT proof.call(admin, format('SELECT public.cancel_booking(%L)', id))
FROM sides JOIN proof.keys ON name = side || ' freed booking';
SELECT holdfast_private.run_job('job_offer_waitlist');
INSERT INTO proof.keys
SELECT replace(k.name, 'entry', 'offer'), o.id
FROM proof.keys AS k JOIN public.waitlist_offers AS o ON o.waitlist_entry_id = k.id;
INSERT INTO public.waitlist_settings (organization_id) VALUES (proof.id('clinic')), (proof.id('other clinic'));
INSERT INTO public.quota_settings (organization_id) VALUES (proof.id('clinic')), (proof.id('other clinic'));
WITH t (side, clinic, company, client, type) AS (
  VALUES ('own', 'clinic', 'company', 'client', 'session type'), ('other', 'clinic', 'other company', 'other client', 'session type'),
         ('foreign', 'other clinic', 'foreign company', 'foreign client', 'foreign session type')),
approvals AS (
  INSERT INTO public.session_approvals (organization_id, client_id, session_type_id) SELECT proof.id(clinic), proof.id(client), proof.id(type) FROM t)
INSERT INTO public.quota_increase_requests (organization_id, id, company_id, sessions)
SELECT proof.id(clinic), proof.id(side || ' increase'), proof.id(company), 5 FROM t;
SELECT proof.book('archived booking', 'admin', 'other specialist', 'archived client', '2031-05-09 10:00Z'),
       proof.book('former booking', 'admin', 'former specialist', 'other client', '2031-05-10 10:00Z');
SELECT proof.call('admin', format('SELECT public.archive_client(%L)', proof.id('archived client'))),
       proof.call('admin', format('SELECT public.revoke_role(%L, ''specialist'')', proof.id('user former specialist')));

-- What the matrix tries.
SELECT proof.show('public.organizations', 'own', format('id = %L', proof.id('clinic'))),
       proof.show('public.organizations', 'everywhere', 'id = ''00000000-0000-0000-0000-000000000000'''),
       proof.show('public.organizations', 'foreign', format('id = %L', proof.id('other clinic')));
SELECT proof.show('public.profiles', 'own', 'display_name = ''client'''),
       proof.show('public.profiles', 'other', 'display_name = ''other client'''),
       proof.show('public.profiles', 'foreign', 'display_name = ''foreign client''');
SELECT proof.show('public.user_roles', 'own', format('user_id = %L', proof.id('user client'))),
       proof.show('public.user_roles', 'other', format('user_id = %L', proof.id('user other client'))),
       proof.show('public.user_roles', 'everywhere', format('user_id = %L', proof.id('user super'))),
       proof.show('public.user_roles', 'foreign', format('user_id = %L', proof.id('user foreign client')));
SELECT proof.show('public.user_roles_history', 'own', format('user_id = %L', proof.id('user client'))),
       proof.show('public.user_roles_history', 'other', format('user_id = %L', proof.id('user other client'))),
       proof.show('public.user_roles_history', 'foreign', format('user_id = %L', proof.id('user foreign client')));
SELECT proof.show('public.' || t, 'everywhere', 'organization_id = ''00000000-0000-0000-0000-000000000000'' AND ' || c),
       proof.show('public.' || t, 'own', format('organization_id = %L', proof.id('clinic'))),
       proof.show('public.' || t, 'foreign', format('organization_id = %L', proof.id('other clinic')))
FROM (VALUES ('roles', 'role = ''client'''), ('permissions', 'permission = ''view_clients'''),
             ('user_roles_permissions', 'role = ''company_hr'' AND permission = ''manage_employees'''), ('user_roles_hierarchy', 'role = ''super_admin''')) AS v (t, c);
SELECT proof.show('public.' || t, 'own', format('id = %L', proof.id(replace(n, '_', ' ')))),
       proof.show('public.' || t, 'foreign', format('id = %L', proof.id('foreign ' || replace(n, '_', ' '))))
FROM (VALUES ('pillars', 'pillar'), ('session_types', 'session_type'), ('companies', 'company'),
             ('company_employees', 'employee'), ('specialists', 'specialist'), ('clients', 'client'),
             ('client_assignments', 'assignment')) AS v (t, n);
SELECT proof.show('public.' || t, 'other', format('id = %L', proof.id('other ' || n)))
FROM (VALUES ('companies', 'company'), ('company_employees', 'employee'), ('specialists', 'specialist'),
             ('clients', 'client'), ('client_assignments', 'assignment')) AS v (t, n);
SELECT proof.show('public.' || t, 'inactive', format('id = %L', proof.id('inactive ' || n)))
FROM (VALUES ('specialists', 'specialist'), ('pillars', 'pillar'), ('session_types', 'session type')) AS v (t, n);
SELECT proof.show('public.clients', 'archived', format('id = %L', proof.id('archived client')));
SELECT proof.show('public.specialist_assignments', 'own', format('specialist_id = %L', proof.id('specialist'))),
       proof.show('public.specialist_assignments', 'other', format('specialist_id = %L', proof.id('other specialist'))),
       proof.show('public.specialist_assignments', 'foreign', format('specialist_id = %L', proof.id('foreign specialist')));
SELECT proof.show('public.' || t, side, format('id = %L', k.id))
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES ('waitlist_entries', 'waitlist entry'), ('waitlist_offers', 'waitlist offer')) AS v (t, n)
JOIN proof.keys AS k ON k.name = side || ' ' || n;
SELECT proof.show('public.waitlist_settings', 'own', format('organization_id = %L', proof.id('clinic'))),
       proof.show('public.waitlist_settings', 'foreign', format('organization_id = %L', proof.id('other clinic')));
SELECT proof.show('public.quota_settings', 'own', format('organization_id = %L', proof.id('clinic'))),
       proof.show('public.quota_settings', 'foreign', format('organization_id = %L', proof.id('other clinic')));
-- A month that is over, and one that was corrected.
SELECT holdfast.adjust('holdfast_private.company_quota', a.organization_id, a.account, 3, 'a present') FROM holdfast_private.company_quota AS a;
INSERT INTO holdfast_private.company_quota_periods (organization_id, account, starts_at, ends_at, allocation, available, used, carried_over, lapsed)
SELECT a.organization_id, a.account, '2000-01-01 00:00Z', '2000-02-01 00:00Z', 5, 5, 2, 0, 3 FROM holdfast_private.company_quota AS a;
SELECT proof.show('public.quota_increase_requests', side, format('id = %L', proof.id(side || ' increase'))),
       proof.show('public.session_approvals', side, format('client_id = %L', proof.id(client))),
       proof.show('holdfast_private.company_quota', side, format('account = %L', proof.id(company))),
       proof.show('holdfast_private.company_quota_periods', side, format('account = %L', proof.id(company))),
       proof.show('holdfast_private.company_quota_ledger', side, format('account = %L AND kind = ''grant''', proof.id(company)))
FROM (VALUES ('own', 'company', 'client'), ('other', 'other company', 'other client'), ('foreign', 'foreign company', 'foreign client')) AS t (side, company, client);
INSERT INTO proof.rows
SELECT 'public.' || v, side, format('company_id = %L AND month_year > ''2020-01-01''', proof.id(company)), jsonb_build_object('organization_id', proof.id(clinic), 'company_id', proof.id(company))
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company),
     unnest('{company_sessions_quota,company_session_quota_history}'::text[]) AS v
UNION ALL
SELECT 'public.quota_audit_log', side, format('company_id = %L', proof.id(company)), jsonb_build_object('organization_id', proof.id(clinic), 'company_id', proof.id(company))
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company);
SELECT proof.show('public.specialist_weights', side, format('specialist_id = %L', proof.id(specialist)))
FROM (VALUES ('own', 'specialist'), ('other', 'other specialist'), ('foreign', 'foreign specialist')) AS t (side, specialist);
SELECT proof.show('public.bookings', split_part(name, ' ', 1), format('id = %L', id))
FROM proof.keys WHERE name IN ('own booking', 'other booking', 'archived booking', 'former booking', 'foreign booking');
SELECT proof.show('public.booking_cancellations', split_part(name, ' ', 1), format('booking_id = %L', id)),
       proof.show('public.booking_status_history', split_part(name, ' ', 1), format('booking_id = %L AND new_status = ''cancelled''', id))
FROM proof.keys WHERE name LIKE '% cancelled booking';
SELECT proof.show('public.rescheduling_history', split_part(name, ' ', 1), format('booking_id = %L', id))
FROM proof.keys WHERE name IN ('own booking', 'other booking', 'foreign booking');
-- A view has no primary key to find the row by.
INSERT INTO proof.rows
SELECT 'public.specialist_calendar', split_part(name, ' ', 1), format('booking_id = %L', id),
       (SELECT jsonb_object_agg(c.key, c.value) FROM public.specialist_calendar AS v, jsonb_each_text(to_jsonb(v)) AS c WHERE v.booking_id = id)
FROM proof.keys WHERE name IN ('own booking', 'other booking', 'foreign booking');
SELECT proof.show('public.booking_packages', split_part(name, ' ', 1), format('id = %L', id)) FROM proof.keys WHERE name ~ '^\S+ package$';
SELECT proof.show('public.client_packages', split_part(name, ' ', 1), format('id = %L', id)),
       proof.show('public.package_uses', split_part(name, ' ', 1), format('client_package_id = %L', id))
FROM proof.keys WHERE name LIKE '% client package';
SELECT proof.show('public.recurring_bookings', split_part(name, ' ', 1), format('id = %L', id)),
       proof.show('public.recurring_booking_occurrences', split_part(name, ' ', 1), format('recurring_booking_id = %L AND original_start = ''2031-06-02 10:00Z''', id))
FROM proof.keys WHERE name LIKE '% series';
SELECT proof.show('public.' || t, side, format('id = %L', proof.id(side || ' ' || n)))
FROM unnest('{own,other,foreign}'::text[]) AS side,
     (VALUES ('specialist_working_hours', 'hours 1'), ('specialist_breaks', 'break'), ('specialist_availability_exceptions', 'exception'),
             ('specialist_vacation', 'leave'), ('external_busy_times', 'busy time'), ('booking_rules', 'rules')) AS v (t, n);
SELECT proof.show('public.company_subscription_plans', side, format('id = %L', proof.id(side || ' plan'))),
       proof.show('public.company_subscriptions', side, format('company_id = %L', proof.id(company))),
       proof.show('public.company_subscription_history', side, format('company_id = %L', proof.id(company))),
       proof.show('public.company_verification', side, format('company_id = %L', proof.id(company))),
       proof.show('public.company_contacts', side, format('company_id = %L', proof.id(company))),
       proof.show('public.company_dpa_acceptance', side, format('company_id = %L', proof.id(company))),
       proof.show('public.company_compliance_issues', side, format('company_id = %L', proof.id(company)))
FROM (VALUES ('own', 'company'), ('other', 'other company'), ('foreign', 'foreign company')) AS t (side, company);
INSERT INTO proof.rows
SELECT 'public.company_billing_contacts', side, format('id = %L', proof.id(side || ' contact')),
       (SELECT jsonb_object_agg(c.key, c.value) FROM public.company_billing_contacts AS v, jsonb_each_text(to_jsonb(v)) AS c WHERE v.id = proof.id(side || ' contact'))
FROM unnest('{own,other,foreign}'::text[]) AS side;
INSERT INTO proof.rows
SELECT 'public.company_compliance_status', side, format('company_id = %L', proof.id(company)),
       -- the columns that are not computed
       jsonb_build_object('organization_id', proof.id(clinic), 'company_id', proof.id(company))
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company);
