-- The cast: two clinics, and one row of each table that belongs to the client (own), one to somebody else in the same
-- clinic (other), one in the other clinic (foreign).

-- The same name is always the same id.
CREATE FUNCTION proof.id(name text) RETURNS uuid
LANGUAGE sql IMMUTABLE RETURN md5(name)::uuid;

-- What a token says.
CREATE FUNCTION proof.claims(person text, clinic text) RETURNS jsonb
LANGUAGE sql IMMUTABLE RETURN jsonb_strip_nulls(jsonb_build_object('role', 'authenticated', 'sub', proof.id('user ' || person),
  'app_metadata', jsonb_build_object('organization_id', proof.id(clinic))));

INSERT INTO proof.identities (name, role, claims, headers, tenant)
SELECT name, role, claims, headers, tenant FROM (VALUES
  ('anon', 'anon', '{"role": "anon"}'::jsonb, '{}'::jsonb, NULL::uuid),
  -- Signed in, but known to no clinic.
  ('stranger', 'authenticated', proof.claims('stranger', 'clinic'), '{}', proof.id('clinic')),
  ('client', 'authenticated', proof.claims('client', 'clinic'), '{}', proof.id('clinic')),
  ('other_client', 'authenticated', proof.claims('other client', 'clinic'), '{}', proof.id('clinic')),
  ('specialist', 'authenticated', proof.claims('specialist', 'clinic'), '{}', proof.id('clinic')),
  ('company_hr', 'authenticated', proof.claims('hr', 'clinic'), '{}', proof.id('clinic')),
  -- A header that names another clinic is ignored.
  ('admin', 'authenticated', proof.claims('admin', 'clinic'), jsonb_build_object('x-organization-id', proof.id('other clinic')),
   proof.id('clinic')),
  ('super', 'authenticated', proof.claims('super', NULL), '{}', NULL),
  ('super_at', 'authenticated', proof.claims('super', NULL), jsonb_build_object('x-organization-id', proof.id('clinic')),
   proof.id('clinic')),
  ('service', 'service_role', '{"role": "service_role"}', jsonb_build_object('x-organization-id', proof.id('clinic')),
   proof.id('clinic')),
  ('foreign_admin', 'authenticated', proof.claims('foreign admin', 'other clinic'), '{}', proof.id('other clinic')),
  -- The same people, with a token for a clinic where they are nobody.
  ('client_abroad', 'authenticated', proof.claims('client', 'other clinic'), '{}', proof.id('other clinic')),
  ('specialist_abroad', 'authenticated', proof.claims('specialist', 'other clinic'), '{}', proof.id('other clinic')),
  ('admin_abroad', 'authenticated', proof.claims('admin', 'other clinic'), '{}', proof.id('other clinic'))
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
  ('clinic', 'hr', 'company_hr'),
  ('clinic', 'admin', 'admin'),
  ('other clinic', 'foreign client', 'client'),
  ('other clinic', 'foreign specialist', 'specialist'),
  ('other clinic', 'foreign admin', 'admin')
) AS t (clinic, person, role)
UNION ALL
SELECT '00000000-0000-0000-0000-000000000000', proof.id('user super'), 'super_admin';

INSERT INTO public.profiles (organization_id, user_id, display_name)
SELECT proof.id(clinic), proof.id('user ' || person), person FROM (VALUES
  ('clinic', 'client'), ('clinic', 'other client'), ('clinic', 'specialist'), ('clinic', 'hr'), ('clinic', 'admin'),
  ('other clinic', 'foreign client'), ('other clinic', 'foreign admin')
) AS t (clinic, person);

INSERT INTO public.pillars (organization_id, id, code, name) VALUES
  (proof.id('clinic'), proof.id('pillar'), 'mind', 'Mind'),
  (proof.id('other clinic'), proof.id('foreign pillar'), 'mind', 'Mind');

INSERT INTO public.session_types (organization_id, id, name) VALUES
  (proof.id('clinic'), proof.id('session type'), 'Follow-up'),
  (proof.id('other clinic'), proof.id('foreign session type'), 'Follow-up');

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
  (proof.id('clinic'), proof.id('inactive specialist'), NULL, 'Inactive specialist', 'UTC', 'inactive'),
  (proof.id('other clinic'), proof.id('foreign specialist'), proof.id('user foreign specialist'), 'Foreign specialist', 'UTC', 'active');

INSERT INTO public.clients (organization_id, id, user_id, display_name, company_id, employee_id) VALUES
  (proof.id('clinic'), proof.id('client'), proof.id('user client'), 'Client', proof.id('company'), proof.id('employee')),
  (proof.id('clinic'), proof.id('other client'), proof.id('user other client'), 'Other client', proof.id('other company'), proof.id('other employee')),
  (proof.id('other clinic'), proof.id('foreign client'), proof.id('user foreign client'), 'Foreign client', NULL, NULL);

INSERT INTO public.client_assignments (organization_id, id, client_id, specialist_id) VALUES
  (proof.id('clinic'), proof.id('assignment'), proof.id('client'), proof.id('specialist')),
  (proof.id('clinic'), proof.id('other assignment'), proof.id('other client'), proof.id('other specialist')),
  (proof.id('other clinic'), proof.id('foreign assignment'), proof.id('foreign client'), proof.id('foreign specialist'));

INSERT INTO public.specialist_assignments (organization_id, company_id, specialist_id) VALUES
  (proof.id('clinic'), proof.id('company'), proof.id('specialist')),
  (proof.id('clinic'), proof.id('other company'), proof.id('other specialist')),
  (proof.id('other clinic'), proof.id('foreign company'), proof.id('foreign specialist'));
