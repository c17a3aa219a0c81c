-- The modules tenancy, catalog and people: who may do what through their RPCs, and what direct writes come to
\set ECHO none
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_install_people;
CREATE DATABASE regress_install_people;
\c regress_install_people
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT format('CREATE ROLE %I', r) FROM unnest('{anon,authenticated,service_role,authenticator}'::text[]) r WHERE to_regrole(r) IS NULL
\gexec
GRANT anon, authenticated, service_role TO authenticator;
SELECT count(*) > 0 AS installed FROM holdfast.install('public', 'people') \gset
RESET client_min_messages;

CREATE SCHEMA t;
-- Ids that can be read: t.u('ana') is a user, t.o('a') an organization.
CREATE FUNCTION t.u(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('user ' || name)::uuid $$;
CREATE FUNCTION t.o(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('organization ' || name)::uuid $$;
CREATE TABLE t.id (name text PRIMARY KEY, id uuid);
CREATE FUNCTION t.id(name text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT id FROM t.id WHERE id.name = $1 $$;
-- Runs a statement as somebody, like PostgREST does, and answers in one line: the value, or word and details. Ids read as names.
CREATE FUNCTION t.as(who text, organization text, statement text, header text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
    v_detail text;
    v_name record;
BEGIN
    PERFORM set_config('request.jwt.claims', CASE who WHEN 'anon' THEN '{"role": "anon"}' ELSE jsonb_strip_nulls(jsonb_build_object(
                'sub', CASE WHEN who <> 'service' THEN t.u(who) END,
                'role', CASE who WHEN 'service' THEN 'service_role' ELSE 'authenticated' END,
                'organization_id', t.o(organization)))::text END, true),
            set_config('request.headers', coalesce('{"x-organization-id": "' || t.o(header) || '"}', '{}'), true),
            set_config('session_authorization', 'authenticator', true),
            set_config('role', CASE who WHEN 'anon' THEN 'anon' WHEN 'service' THEN 'service_role' ELSE 'authenticated' END, true);
    BEGIN
        IF statement ~ '^ *SELECT' THEN EXECUTE statement INTO v_result; ELSE EXECUTE statement; END IF;
        GET DIAGNOSTICS v_detail = ROW_COUNT;
        v_result := coalesce(v_result, v_detail || ' rows');
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
        v_result := concat_ws(' ', CASE WHEN sqlstate LIKE 'PT%' THEN 'error' ELSE sqlstate END, sqlerrm, nullif(v_detail, ''));
    END;
    PERFORM set_config('role', 'none', true), set_config('session_authorization', 'postgres', true),
            set_config('request.jwt.claims', '', true), set_config('request.headers', '', true);
    FOR v_name IN SELECT name, id::text FROM t.id
                  UNION ALL SELECT 'user ' || n, t.u(n)::text FROM unnest('{root,adam,ana,bob,carl,dora,hana,emil,nobody,eve}'::text[]) n
                  UNION ALL SELECT 'organization ' || n, t.o(n)::text FROM unnest('{a,b}'::text[]) n LOOP
        v_result := replace(v_result, v_name.id, v_name.name);
    END LOOP;
    RETURN v_result;
END
$$;
GRANT USAGE ON SCHEMA t TO authenticator, authenticated, anon, service_role;
-- Makes something as an admin and keeps its id under a name.
CREATE FUNCTION t.make(name text, organization text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result jsonb := t.as('adam', organization, statement);
BEGIN
    INSERT INTO t.id SELECT make.name, (value ->> 'id')::uuid FROM jsonb_each(v_result);
    RETURN name;
END
$$;
\set ECHO all

-- Organizations: made by super admins, the service role, and the system
SELECT holdfast_private.create_organization('Clinic A', 'Europe/Lisbon', t.u('adam'), 'Adam@A.example', t.o('a')) #> '{organization,time_zone}';
SELECT holdfast_private.create_organization('Clinic B', 'America/New_York', t.u('adam'), 'adam@b.example', t.o('b')) #> '{organization,time_zone}';
INSERT INTO user_roles (organization_id, user_id, role) VALUES ('00000000-0000-0000-0000-000000000000', t.u('root'), 'super_admin');
SELECT t.as('adam', 'a', $$ SELECT create_organization('Clinic C') $$);
SELECT t.as('adam', 'a', $$ SELECT list_organizations() $$);
SELECT t.as('anon', NULL, $$ SELECT create_organization('Clinic C') $$);
SELECT t.as('root', NULL, $$ SELECT create_organization('Clinic C', 'Asia/Tokyo') #> '{organization,name}' $$);
SELECT t.as('service', NULL, $$ SELECT create_organization(' Clinic D ') #> '{organization,name}' $$);
SELECT t.as('root', NULL, $$ SELECT string_agg(o ->> 'name', ', ') FROM jsonb_array_elements(list_organizations() -> 'organizations') o $$);
SELECT t.as('root', NULL, $$ SELECT create_organization('') $$);
SELECT t.as('root', NULL, $$ SELECT create_organization('E', 'Mars/Olympus') $$);
SELECT t.as('root', NULL, $$ SELECT create_organization('E', id => '00000000-0000-0000-0000-000000000000') $$);
SELECT t.as('root', NULL, $$ SELECT create_organization('E', admin_user_id => t.u('nobody'), admin_email => 'not an address') $$);
SELECT t.as('adam', 'a', $$ SELECT update_organization(time_zone => 'Europe/Madrid') #> '{organization,time_zone}' $$);
SELECT t.as('nobody', 'a', $$ SELECT update_organization(name => 'Mine') $$);
SELECT t.as('nobody', NULL, $$ SELECT update_organization(name => 'Mine') $$);
SELECT t.as('nobody', 'a', $$ SELECT string_agg(name, ', ') FROM organizations $$);

-- Who am I: live, and nobody by default
SELECT t.as('adam', 'a', $$ SELECT whoami() $$);
SELECT t.as('nobody', 'a', $$ SELECT whoami() $$);
SELECT t.as('root', 'a', $$ SELECT whoami() #> '{permissions}' @> '["manage_platform", "manage_clients"]' $$);
SELECT t.as('root', NULL, $$ SELECT whoami() #>> '{organization_id}' $$, 'b');
SELECT t.as('adam', 'a', $$ SELECT whoami() #>> '{organization_id}' $$, 'b');
SELECT t.as('anon', NULL, $$ SELECT whoami() $$);

-- Roles: nobody gives more than they have
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('eve'), 'specialist', 'she is new') $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('eve'), 'admin') $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('eve'), 'super_admin') $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('eve'), 'emperor') $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(NULL, 'client') $$);
SELECT t.as('eve', 'b', $$ SELECT assign_role(t.u('eve'), 'client') $$);
SELECT t.as('root', 'a', $$ SELECT assign_role(t.u('nobody'), 'super_admin') $$);
SELECT organization_id, granted_by = t.u('root') FROM user_roles WHERE user_id = t.u('nobody');
SELECT reason, granted_by = t.u('adam') FROM user_roles WHERE user_id = t.u('eve') AND role = 'specialist';
-- a custom role of the organization that includes what its giver may not do
INSERT INTO roles VALUES (t.o('a'), 'deputy'), (t.o('a'), 'desk');
INSERT INTO user_roles_hierarchy VALUES ('00000000-0000-0000-0000-000000000000', 'deputy', 'super_admin');
INSERT INTO user_roles_permissions VALUES (t.o('a'), 'desk', 'manage_clients');
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('eve'), 'deputy') $$);
SELECT t.as('adam', 'b', $$ SELECT assign_role(t.u('eve'), 'desk') $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('dora'), 'desk') $$);
-- taking a role: the same rules, and the last admin stays
SELECT t.as('adam', 'a', $$ SELECT revoke_role(t.u('nobody'), 'super_admin') $$);
SELECT t.as('eve', 'a', $$ SELECT revoke_role(t.u('adam'), 'admin') $$);
SELECT t.as('adam', 'a', $$ SELECT whoami() #> '{roles}' $$);
SELECT t.as('eve', 'a', $$ SELECT revoke_role(t.u('eve'), 'admin') $$);
SELECT t.as('root', 'a', $$ SELECT revoke_role(t.u('nobody'), 'super_admin') $$);
SELECT t.as('root', 'a', $$ SELECT revoke_role(t.u('root'), 'super_admin') $$);
SELECT t.as('eve', 'a', $$ SELECT revoke_role(t.u('eve'), 'client') $$);
SELECT t.as('eve', 'a', $$ SELECT assign_role(t.u('adam'), 'admin') $$);
-- the tables themselves are closed, and roles that do not exist are refused whoever writes
SELECT t.as('adam', 'a', $$ INSERT INTO user_roles (organization_id, user_id, role) VALUES (t.o('a'), t.u('adam'), 'super_admin') $$);
SELECT t.as('adam', 'a', $$ UPDATE user_roles SET role = 'super_admin' $$);
INSERT INTO user_roles (organization_id, user_id, role) VALUES (t.o('b'), t.u('eve'), 'desk');

-- Profiles: one's own
SELECT t.as('carl', 'a', $$ SELECT update_profile(display_name => ' Carl ', locale => 'pt-PT', time_zone => 'Europe/Lisbon') -> 'profile' ->> 'display_name' $$);
SELECT t.as('carl', 'a', $$ SELECT update_profile(locale => '') -> 'profile' $$) ~ '"locale": null';
SELECT t.as('carl', 'a', $$ SELECT update_profile(time_zone => 'EST5EDT') $$);
SELECT t.as('carl', 'a', $$ SELECT update_profile(phone => '1') $$);
SELECT t.as('anon', 'a', $$ SELECT update_profile(phone => '123') $$);
SELECT t.as('service', 'a', $$ SELECT update_profile(phone => '123') $$);
SELECT t.as('carl', 'a', $$ SELECT count(*) FROM profiles $$), t.as('adam', 'a', $$ SELECT count(*) FROM profiles $$), t.as('adam', 'b', $$ SELECT count(*) FROM profiles $$);
SELECT t.as('carl', 'a', $$ UPDATE profiles SET email_verification_status = 'verified' $$);

-- Catalog: managers write it directly
SELECT t.as('adam', 'a', $$ INSERT INTO pillars (code, name) VALUES ('mind', 'Mind') $$);
SELECT t.as('adam', 'a', $$ INSERT INTO pillars (code, name) VALUES ('mind', 'Mind') $$);
SELECT t.as('adam', 'a', $$ INSERT INTO pillars (code) VALUES ('body') $$);
SELECT t.as('carl', 'a', $$ INSERT INTO pillars (code, name) VALUES ('body', 'Body') $$);
SELECT t.as('adam', 'a', $$ INSERT INTO pillars (organization_id, code, name) VALUES (t.o('b'), 'body', 'Body') $$);
INSERT INTO t.id SELECT 'mind', id FROM pillars;
SELECT t.as('adam', 'a', $$ INSERT INTO session_types (pillar_id, name, default_duration_minutes) VALUES (t.id('mind'), 'Follow-up', 45), (NULL, 'Intake', 0) $$);
SELECT t.as('adam', 'a', $$ INSERT INTO session_types (pillar_id, name, is_active) VALUES (t.id('mind'), 'Follow-up', true), (NULL, 'Old', false) $$);
SELECT t.as('adam', 'b', $$ INSERT INTO session_types (pillar_id, name) VALUES (t.id('mind'), 'Follow-up') $$);
SELECT t.as('carl', 'a', $$ SELECT string_agg(name, ', ') FROM session_types $$), t.as('adam', 'a', $$ SELECT string_agg(name, ', ' ORDER BY name) FROM session_types $$);
SELECT t.as('adam', 'a', $$ UPDATE session_types SET name = 'Old' WHERE name = 'Follow-up' $$), t.as('adam', 'a', $$ UPDATE session_types SET description = 'x' $$);
-- others get no answer but the policy's, right or wrong
SELECT t.as('carl', 'a', $$ INSERT INTO pillars (code, name) VALUES ('mind', 'Mind') $$), t.as('adam', 'b', $$ INSERT INTO pillars (organization_id, code, name) VALUES (t.o('a'), 'mind', 'Mind') $$);
SELECT t.as('carl', 'a', $$ UPDATE session_types SET name = 'Free' $$), t.as('adam', 'b', $$ UPDATE session_types SET name = 'Free' $$);
SELECT t.as('adam', 'a', $$ UPDATE session_types SET organization_id = t.o('b') $$);
SELECT t.as('adam', 'a', $$ DELETE FROM session_types $$);

-- Specialists
SELECT t.make('ana', 'a', $$ SELECT create_specialist('Ana', user_id => t.u('ana'), email => 'ANA@a.example ', pillar_id => t.id('mind'), buffer_after => '10 minutes') $$);
SELECT t.make('bob', 'a', $$ SELECT create_specialist('Bob', 'Asia/Kolkata', status => 'inactive') $$);
SELECT t.make('far', 'b', $$ SELECT create_specialist('Far') $$);
SELECT time_zone, auto_accept, buffer_before, buffer_after, concurrent_session_limit, status FROM specialists WHERE id = t.id('ana');
SELECT email, (SELECT string_agg(role, ', ') FROM user_roles u WHERE u.user_id = p.user_id) FROM profiles p WHERE user_id = t.u('ana');
SELECT t.as('ana', 'a', $$ SELECT create_specialist('Zoe') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', user_id => t.u('ana')) $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', user_id => t.u('nobody'), email => 'ana@a.example') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist(NULL) $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', 'CET') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', buffer_before => '-1 minute') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', buffer_after => '1 day') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', concurrent_session_limit => 0) $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', status => 'great') $$);
SELECT t.as('adam', 'a', $$ SELECT create_specialist('Zoe', specialties => NULL) $$);
SELECT t.as('adam', 'b', $$ SELECT create_specialist('Zoe', pillar_id => t.id('mind')) $$);
SELECT t.as('ana', 'a', $$ SELECT update_specialist(t.id('ana'), bio => 'Listens.', concurrent_session_limit => 2) #>> '{specialist,bio}' $$);
SELECT t.as('ana', 'a', $$ SELECT update_specialist(t.id('ana'), status => 'suspended') $$);
SELECT t.as('ana', 'a', $$ SELECT update_specialist(t.id('bob'), bio => 'Sleeps.') $$);
SELECT t.as('carl', 'a', $$ SELECT update_specialist(t.id('ana'), bio => 'Mine.') $$);
SELECT t.as('carl', 'a', $$ SELECT update_specialist(NULL, bio => 'Mine.') $$);
SELECT t.as('adam', 'b', $$ SELECT update_specialist(t.id('ana'), bio => 'Ours.') $$);
SELECT t.as('adam', 'a', $$ SELECT update_specialist(t.id('bob'), user_id => t.u('bob'), bio => '') #>> '{specialist,user_id}' $$);
SELECT t.as('carl', 'a', $$ SELECT string_agg(display_name, ', ') FROM specialists $$), t.as('bob', 'a', $$ SELECT string_agg(display_name, ', ' ORDER BY 1) FROM specialists $$);

-- Clients
SELECT t.make('carl', 'a', $$ SELECT create_client('Carl', 'Carl@x.example', user_id => t.u('carl'), specialist_id => t.id('ana')) $$);
SELECT t.make('dan', 'a', $$ SELECT create_client('Dan', phone => ' +351 210 000 000 ') $$);
SELECT t.make('out', 'b', $$ SELECT create_client('Out') $$);
SELECT phone, created_by = t.u('adam'), status FROM clients WHERE id = t.id('dan');
SELECT t.as('adam', 'a', $$ SELECT create_client('X', specialist_id => t.id('far')) $$);
SELECT t.as('adam', 'a', $$ SELECT create_client('X', user_id => t.u('carl')) $$);
SELECT t.as('adam', 'a', $$ SELECT create_client('X', date_of_birth => 'infinity') $$);
SELECT t.as('ana', 'a', $$ SELECT create_client('X') $$);
-- a custom role with the permission can
SELECT t.as('dora', 'a', $$ SELECT create_client('Desk made') #>> '{client,display_name}' $$);
SELECT t.as('carl', 'a', $$ SELECT string_agg(display_name, ', ') FROM clients $$), t.as('ana', 'a', $$ SELECT string_agg(display_name, ', ') FROM clients $$),
       t.as('bob', 'a', $$ SELECT count(*) FROM clients $$), t.as('adam', 'a', $$ SELECT count(*) FROM clients $$), t.as('adam', 'b', $$ SELECT count(*) FROM clients $$);
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('dan'), t.id('ana')) $$);
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('dan'), t.id('ana')) $$);
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('dan'), t.id('bob')) $$);
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('out'), t.id('ana')) $$);
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('dan'), NULL) $$);
SELECT t.as('ana', 'a', $$ SELECT assign_client(t.id('dan'), t.id('ana')) $$);
SELECT t.as('ana', 'a', $$ SELECT count(*) FROM clients $$), t.as('ana', 'a', $$ SELECT count(*) FROM client_assignments $$);
SELECT t.as('adam', 'a', $$ SELECT unassign_client(t.id('dan'), t.id('ana')) $$);
SELECT t.as('adam', 'a', $$ SELECT unassign_client(t.id('dan'), t.id('ana')) $$);
SELECT t.as('ana', 'a', $$ SELECT count(*) FROM clients $$);
-- the array follows whatever writes the assignments
UPDATE client_assignments SET specialist_id = t.id('ana') WHERE client_id = t.id('dan') AND ended_at IS NULL;
SELECT assigned_specialist_ids = ARRAY[t.id('ana')] FROM clients WHERE id = t.id('dan');
DELETE FROM client_assignments WHERE client_id = t.id('dan');
SELECT assigned_specialist_ids FROM clients WHERE id = t.id('dan');
-- a specialist without the permission sees no client, assigned or not
DELETE FROM user_roles WHERE user_id = t.u('ana');
SELECT t.as('ana', 'a', $$ SELECT count(*) FROM clients $$);
SELECT t.as('adam', 'a', $$ SELECT assign_role(t.u('ana'), 'specialist') #> '{roles}' $$), t.as('ana', 'a', $$ SELECT count(*) FROM clients $$);
BEGIN;
DELETE FROM user_roles_permissions WHERE permission = 'view_clients' AND role = 'specialist';
SELECT t.as('adam', 'a', $$ SELECT assign_client(t.id('dan'), t.id('ana')) IS NOT NULL $$), t.as('ana', 'a', $$ SELECT count(*) FROM client_assignments $$), t.as('ana', 'a', $$ SELECT count(*) FROM clients $$);
ROLLBACK;
-- themselves, but not everything
SELECT t.as('carl', 'a', $$ SELECT update_client(t.id('carl'), phone => '123456', email => '') #> '{client,phone}' $$);
SELECT t.as('carl', 'a', $$ SELECT update_client(t.id('carl'), status => 'inactive') $$);
SELECT t.as('carl', 'a', $$ SELECT update_client(t.id('carl'), user_id => t.u('eve')) $$);
SELECT t.as('carl', 'a', $$ SELECT update_client(t.id('dan'), phone => '123456') $$);
SELECT t.as('ana', 'a', $$ SELECT update_client(t.id('carl'), phone => '123456') $$);
SELECT t.as('carl', 'a', $$ UPDATE clients SET status = 'active' $$);
SELECT t.as('adam', 'a', $$ SELECT update_client(t.id('dan'), status => 'inactive', email => 'DAN@x.example') #>> '{client,email}' $$);
-- archived, not deleted
SELECT t.as('carl', 'a', $$ SELECT archive_client(t.id('carl')) $$);
SELECT t.as('adam', 'a', $$ SELECT archive_client(t.id('carl')) -> 'client' ->> 'status' $$);
SELECT t.as('adam', 'a', $$ SELECT archive_client(t.id('carl')) $$);
SELECT t.as('carl', 'a', $$ SELECT count(*) FROM clients $$), t.as('ana', 'a', $$ SELECT count(*) FROM clients $$);
SELECT t.as('carl', 'a', $$ SELECT update_client(t.id('carl'), phone => '123456') $$);
SELECT deleted_at IS NOT NULL, assigned_specialist_ids FROM clients WHERE id = t.id('carl');

-- Companies and their HR
SELECT t.make('acme', 'a', $$ SELECT create_company('Acme', 'Anvils') $$);
SELECT t.make('wile', 'a', $$ SELECT create_company('Wile') $$);
SELECT t.as('adam', 'a', $$ SELECT create_company('Acme') $$);
SELECT t.as('carl', 'a', $$ SELECT create_company('Carl Ltd') $$);
SELECT t.make('hana', 'a', $$ SELECT create_employee(t.id('acme'), 'Hana', 'hana@acme.example', 'hr', t.u('hana')) $$);
SELECT t.make('emil', 'a', $$ SELECT create_employee(t.id('acme'), 'Emil', 'emil@acme.example', user_id => t.u('emil')) $$);
SELECT t.make('wally', 'a', $$ SELECT create_employee(t.id('wile'), 'Wally') $$);
SELECT t.as('hana', 'a', $$ SELECT whoami() #> '{roles}' $$), t.as('emil', 'a', $$ SELECT whoami() #> '{roles}' $$);
SELECT t.as('hana', 'a', $$ SELECT string_agg(display_name, ', ' ORDER BY display_name) FROM company_employees $$), t.as('emil', 'a', $$ SELECT string_agg(display_name, ', ') FROM company_employees $$),
       t.as('hana', 'a', $$ SELECT string_agg(name, ', ') FROM companies $$), t.as('emil', 'a', $$ SELECT string_agg(name, ', ') FROM companies $$), t.as('ana', 'a', $$ SELECT count(*) FROM companies $$);
SELECT t.as('hana', 'a', $$ SELECT create_employee(t.id('acme'), 'Fred', 'fred@acme.example', department => 'Sales', monthly_limit => 2) #>> '{employee,department}' $$);
SELECT t.as('hana', 'a', $$ SELECT create_employee(t.id('acme'), 'Fred', 'fred@acme.example') $$);
SELECT t.as('hana', 'a', $$ SELECT create_employee(t.id('acme'), 'Gina', role => 'hr') $$);
SELECT t.as('hana', 'a', $$ SELECT create_employee(t.id('acme'), 'Gina', user_id => t.u('eve')) $$);
SELECT t.as('hana', 'a', $$ SELECT create_employee(t.id('wile'), 'Gina') $$);
SELECT t.as('emil', 'a', $$ SELECT create_employee(t.id('acme'), 'Gina') $$);
SELECT t.as('hana', 'a', $$ SELECT update_employee(t.id('emil'), department => 'Ops', status => 'inactive') #>> '{employee,department}' $$);
SELECT t.as('hana', 'a', $$ SELECT update_employee(t.id('emil'), role => 'hr') $$);
SELECT t.as('hana', 'a', $$ SELECT update_employee(t.id('hana'), department => 'Top') $$);
SELECT t.as('hana', 'a', $$ SELECT update_employee(t.id('wally'), department => 'Top') $$);
SELECT t.as('emil', 'a', $$ SELECT update_employee(t.id('emil'), monthly_limit => 100) $$);
SELECT t.as('adam', 'b', $$ SELECT update_employee(t.id('emil'), monthly_limit => 100) $$);
-- nothing clinical, and not who is a client
SELECT t.as('adam', 'a', $$ SELECT update_client(t.id('dan'), company_id => t.id('acme'), employee_id => t.id('emil')) #>> '{client,employee_id}' $$);
SELECT t.as('adam', 'a', $$ SELECT update_client(t.id('dan'), company_id => t.id('wile')) $$);
SELECT t.as('hana', 'a', $$ SELECT count(*) FROM clients $$), t.as('hana', 'a', $$ SELECT count(*) FROM client_assignments $$);
-- who is no HR any more loses the role at once
SELECT t.as('adam', 'a', $$ SELECT update_employee(t.id('hana'), status => 'inactive') #>> '{employee,status}' $$), t.as('hana', 'a', $$ SELECT whoami() #> '{roles}' $$);
SELECT t.as('adam', 'a', $$ SELECT update_employee(t.id('hana'), status => 'active') #>> '{employee,status}' $$), t.as('hana', 'a', $$ SELECT whoami() #> '{roles}' $$);
SELECT t.as('adam', 'a', $$ SELECT update_employee(t.id('hana'), role => 'employee') #>> '{employee,role}' $$), t.as('hana', 'a', $$ SELECT whoami() #> '{roles}' $$);
SELECT t.as('adam', 'a', $$ SELECT update_company(t.id('acme'), status => 'suspended', industry => '') #> '{company,industry}' $$);
SELECT t.as('adam', 'a', $$ SELECT update_company(t.id('far'), name => 'x') $$);

-- Whom a company's people may book
SELECT holdfast_private.may_book(t.o('a'), t.id('dan'), t.id('ana')), holdfast_private.may_book(t.o('a'), t.id('dan'), t.id('bob'));
SELECT t.as('adam', 'a', $$ SELECT assign_specialist(t.id('ana'), t.id('acme')) $$);
SELECT t.as('adam', 'a', $$ SELECT assign_specialist(t.id('far'), t.id('acme')) $$);
SELECT t.as('hana', 'a', $$ SELECT assign_specialist(t.id('bob'), t.id('acme')) $$);
SELECT holdfast_private.may_book(t.o('a'), t.id('dan'), t.id('ana')), holdfast_private.may_book(t.o('a'), t.id('dan'), t.id('bob')), holdfast_private.may_book(t.o('a'), t.id('carl'), t.id('bob'));
SELECT t.as('ana', 'a', $$ SELECT count(*) FROM specialist_assignments $$), t.as('emil', 'a', $$ SELECT count(*) FROM specialist_assignments $$), t.as('bob', 'a', $$ SELECT count(*) FROM specialist_assignments $$);
SELECT t.as('adam', 'a', $$ SELECT unassign_specialist(t.id('ana'), t.id('acme')) $$);
SELECT t.as('adam', 'a', $$ SELECT unassign_specialist(t.id('ana'), t.id('acme')) $$);

-- No claims: the system is trusted, a session of anybody else is not
SELECT holdfast_private.is_system(), holdfast_private.is_trusted(), holdfast_private.can('manage_platform');
SET SESSION AUTHORIZATION authenticator;
SET ROLE authenticated;
SELECT whoami();
SELECT create_client('X');
SELECT count(*) FROM clients;
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT holdfast_private.create_client(NULL, 'X');
-- nobody else calls a body, or sees a table, in the name of another organization
SELECT t.as('adam', 'a', $$ SELECT holdfast_private.create_client(t.o('b'), 'X') $$);
SELECT holdfast_private.create_client(t.o('nowhere'), 'X');
SELECT set_config('request.jwt.claims', jsonb_build_object('sub', t.u('adam'), 'organization_id', t.o('a'))::text, false) IS NOT NULL;
SELECT holdfast_private.create_client(t.o('b'), 'X');
SELECT holdfast_private.create_client(t.o('a'), 'Y') #> '{client,display_name}';
RESET request.jwt.claims;

\set ECHO none
\c postgres
SET client_min_messages = warning;
DROP DATABASE regress_install_people;
