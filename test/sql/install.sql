-- install(), upgrade(), grant_api_roles(): the platform in databases of its own
\set ECHO none
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_install;
CREATE DATABASE regress_install;
\c regress_install
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION btree_gist SCHEMA extensions;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
DO $$
DECLARE
    v_role name;
BEGIN
    FOREACH v_role IN ARRAY '{anon,authenticated,service_role,holdfast_owner}'::name[] LOOP
        IF to_regrole(v_role) IS NULL THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        END IF;
    END LOOP;
END
$$;
CREATE ROLE regress_install_deployer;
CREATE ROLE regress_install_anon;
CREATE ROLE regress_install_user;
CREATE ROLE regress_install_service;
RESET client_min_messages;
\set ECHO all

-- what an old Supabase project has: everything new in public is for everybody
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE holdfast_owner GRANT ALL ON TABLES TO anon, PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE holdfast_owner GRANT ALL ON FUNCTIONS TO anon, PUBLIC;

-- who may install, and where
GRANT USAGE ON SCHEMA holdfast TO regress_install_deployer;
GRANT EXECUTE ON FUNCTION holdfast.install(name, text[]) TO regress_install_deployer;
SET ROLE regress_install_deployer;
SELECT holdfast.install('public', 'core');
SELECT holdfast.prepare_platform();
RESET ROLE;
SELECT holdfast.install('holdfast');
SELECT holdfast.install('pg_toast');
SELECT holdfast.install('it''s');
SELECT holdfast.install('Api');
SELECT holdfast.install('user');
-- an owner with power, or a private schema of somebody else's, is not taken
ALTER ROLE holdfast_owner BYPASSRLS;
SELECT holdfast.install('public', 'core');
ALTER ROLE holdfast_owner NOBYPASSRLS;
CREATE SCHEMA holdfast_private;
SELECT holdfast.install('public', 'core');
DROP SCHEMA holdfast_private;
-- an extension script would make the platform its members
SELECT setting || '/extension/regress_install' AS extension FROM pg_config WHERE name = 'SHAREDIR' \gset
\setenv EXTENSION :extension
\! printf -- "default_version = '1'\nrelocatable = true\n" > "$EXTENSION.control"
\! printf -- 'SELECT holdfast.install();\n' > "$EXTENSION--1.sql"
CREATE EXTENSION regress_install;
\! rm "$EXTENSION.control" "$EXTENSION--1.sql"
\set VERBOSITY terse
SELECT holdfast.install('public', 'nonsense');
SELECT holdfast.install('public', '../core');
SELECT holdfast.install('public', NULL::text);
-- a module where the schema belongs
SELECT holdfast.install('people');
\set VERBOSITY default
SELECT holdfast.install(NULL);
SELECT holdfast.upgrade();

-- people brings what it requires
SELECT module, action FROM holdfast.install('public', 'people');
ALTER EXTENSION btree_gist SET SCHEMA holdfast;
-- a second time there is nothing to do, but roles made since get what is theirs
REVOKE ALL ON public.profiles FROM authenticated;
SELECT module, action FROM holdfast.install('public', 'people');
SELECT has_any_column_privilege('authenticated', 'public.profiles', 'SELECT');
-- one platform per database
SELECT holdfast.install('other');
SELECT holdfast.upgrade('other');
SELECT module, version = extversion, length(checksum), api_schema, upgraded_at IS NULL
FROM holdfast_private.modules, pg_extension WHERE extname = 'holdfast' ORDER BY module;

-- everything belongs to a role without power
SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'holdfast_owner';
SELECT c.oid::regclass FROM pg_class c WHERE relnamespace IN ('public'::regnamespace, 'holdfast_private'::regnamespace)
  AND relowner <> 'holdfast_owner'::regrole;
SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace IN ('public'::regnamespace, 'holdfast_private'::regnamespace)
  AND proowner <> 'holdfast_owner'::regrole;
SELECT n.nspowner::regrole FROM pg_namespace n WHERE nspname = 'holdfast_private';
-- whatever default privileges said: granted is what is recorded, and no more
CREATE VIEW granted AS
SELECT 'TABLE' AS object_type, c.oid::regclass::text AS object, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS role, a.privilege_type
FROM pg_class c, aclexplode(c.relacl) a WHERE c.relowner = to_regrole('holdfast_owner') AND a.grantee <> c.relowner
UNION ALL
SELECT 'FUNCTION', p.oid::regprocedure::text, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type
FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE p.proowner = to_regrole('holdfast_owner') AND a.grantee <> p.proowner;
SET search_path = pg_catalog;
SELECT * FROM public.granted g WHERE NOT EXISTS (
  SELECT FROM holdfast_private.api_grants r
  WHERE r.object_type = g.object_type AND r.object = g.object AND r.api_role = g.role AND r.privileges ~ ('\m' || g.privilege_type || '\M'));
SELECT count(*) FROM holdfast_private.api_grants r WHERE r.object_type = 'FUNCTION' AND NOT EXISTS (
  SELECT FROM public.granted g WHERE r.object = g.object AND r.api_role = g.role);
SELECT role, object_type, count(*) > 5 FROM public.granted GROUP BY 1, 2 ORDER BY 1, 2;
RESET search_path;
SELECT r, has_schema_privilege(r, 'holdfast_private', 'USAGE'), has_schema_privilege(r, 'public', 'USAGE'), has_schema_privilege(r, 'public', 'CREATE')
FROM unnest('{anon,authenticated,service_role}'::name[]) r;
-- policies are for the roles that have a grant
SELECT roles, count(*) > 5 FROM pg_policies WHERE schemaname = 'public' GROUP BY 1 ORDER BY 1;
SELECT DISTINCT roles FROM pg_policies WHERE schemaname = 'holdfast_private';

-- roles that come later, or have other names
SELECT holdfast.grant_api_roles('regress_install_nobody');
SELECT api_role, role_name, granted > 10 FROM holdfast.grant_api_roles('regress_install_anon', 'regress_install_user', 'regress_install_service');
SELECT count(*) FROM (SELECT object, privilege_type FROM granted WHERE role = 'authenticated') a
FULL JOIN (SELECT object, privilege_type FROM granted WHERE role = 'regress_install_user') b USING (object, privilege_type)
WHERE a IS NULL OR b IS NULL;
SELECT DISTINCT roles FROM pg_policies WHERE schemaname = 'public' AND tablename = 'clients' ORDER BY 1;
-- without BYPASSRLS the service role is held to the organization that the request names
SELECT holdfast_private.create_organization(n, id => i)->'organization'->>'name'
FROM (VALUES ('Clinic A', uuid 'aaaaaaaa-0000-0000-0000-000000000000'), ('Clinic B', 'bbbbbbbb-0000-0000-0000-000000000000')) v (n, i);
SELECT holdfast_private.create_specialist('aaaaaaaa-0000-0000-0000-000000000000', 'Ana')->'specialist'->>'time_zone';
SELECT holdfast_private.create_specialist('bbbbbbbb-0000-0000-0000-000000000000', 'Bea')->'specialist'->>'status';
SET ROLE regress_install_service;
SET request.jwt.claims = '{"role": "service_role"}';
SELECT count(*) FROM specialists;
SET request.headers = '{"x-organization-id": "bbbbbbbb-0000-0000-0000-000000000000"}';
SELECT display_name FROM specialists;
INSERT INTO specialists (organization_id, display_name, time_zone) VALUES ('bbbbbbbb-0000-0000-0000-000000000000', 'Bo', 'Europe/Lisbon');
INSERT INTO specialists (organization_id, display_name, time_zone) VALUES ('aaaaaaaa-0000-0000-0000-000000000000', 'Bo', 'Europe/Lisbon');
UPDATE specialists SET bio = 'x';
RESET request.jwt.claims;
RESET request.headers;
RESET ROLE;

-- an RPC that is exposed to fewer roles loses the others, but not those that a DBA added
GRANT EXECUTE ON FUNCTION whoami() TO regress_install_deployer;
SELECT holdfast.expose('holdfast_private.whoami(uuid)', 'public', '{authenticated}');
SELECT DISTINCT role FROM granted WHERE object ~ 'whoami' ORDER BY 1;
SELECT api_role, count(*) FROM holdfast_private.api_grants WHERE object ~ 'whoami' GROUP BY 1;
SELECT proowner::regrole FROM pg_proc WHERE proname = 'whoami' GROUP BY 1;

-- modules of the share directory: the test's own
SELECT setting || '/extension/holdfast.platform.regress_' AS prefix FROM pg_config WHERE name = 'SHAREDIR' \gset
\setenv PREFIX :prefix
-- b refers to a and a to b: all tables come first
\! printf -- '-- module: regress_a\n-- requires: core, regress_b\n-- A.\n-- >>> tables a/tables.sql\nCREATE TABLE @api@.regress_a (id int PRIMARY KEY, b int);\n-- >>> constraints a/constraints.sql\nALTER TABLE @api@.regress_a ADD FOREIGN KEY (b) REFERENCES @api@.regress_b;\n' > "${PREFIX}a.sql"
\! printf -- '-- module: regress_b\n-- requires: core\n-- >>> tables b/tables.sql\nCREATE TABLE @api@.regress_b (id int PRIMARY KEY);\n-- >>> grants b/grants.sql\nALTER TABLE @api@.regress_a ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON @api@.regress_a USING (b > 0);\nSELECT holdfast_private.grant_table($$@api@.regress_a$$, $$SELECT$$, $$anon$$);\nGRANT ALL ON @api@.regress_b TO anon;\n' > "${PREFIX}b.sql"
SELECT module, action FROM holdfast.install('public', 'regress_a');
SELECT object, role, privilege_type FROM granted WHERE object ~ 'regress_' ORDER BY 1;
SELECT policyname, roles FROM pg_policies WHERE tablename = 'regress_a';
-- an error says where
\set SHOW_CONTEXT errors
\! printf -- '-- module: regress_c\n-- requires: core\n-- >>> tables c/1.sql\nCREATE TABLE @api@.regress_c (id int);\n-- >>> functions c/2.sql\nSELECT 1;\n\n-- Divides.\nSELECT 1\n  / 0;\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\! printf -- '-- module: regress_c\n-- requires: core\n-- >>> tables c/1.sql\nSELECT 1;\nSELEC 2;\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\set SHOW_CONTEXT never
SELECT to_regclass('public.regress_c');
-- it cannot leave the owner's identity, nor the transaction
\! printf -- '-- module: regress_c\n-- requires: core\n-- >>> tables c/1.sql\nSET ROLE postgres;\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\! printf -- '-- module: regress_c\n-- requires: core\n-- >>> tables c/1.sql\nCOMMIT;\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
-- scripts that are wrong in themselves
\! printf -- '-- module: regress_c\n-- requires: core\n-- >>> tabels c/1.sql\nSELECT 1;\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\! printf -- '-- module: regress_c\n-- requires: core, regress_d\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\! printf -- '-- module: regress_d\n-- requires: regress_c\n' > "${PREFIX}d.sql"
SELECT holdfast.install('public', 'regress_c');
\! printf -- '-- module: regress_x\n' > "${PREFIX}c.sql"
SELECT holdfast.install('public', 'regress_c');
\! rm "${PREFIX}c.sql" "${PREFIX}d.sql"

-- upgrade(): nothing to do at first
CREATE FUNCTION failure(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
EXCEPTION WHEN OTHERS THEN
    RETURN replace(sqlerrm, (SELECT extversion FROM pg_extension WHERE extname = 'holdfast'), 'VERSION');
END
$$;
SELECT DISTINCT action FROM holdfast.upgrade();
-- a script that is still the same needs no step
UPDATE holdfast_private.modules SET version = '0.8.0' WHERE module = 'regress_b';
SELECT failure('SELECT holdfast.install(''public'', ''regress_b'')');
SELECT module, action FROM holdfast.upgrade() WHERE action <> 'unchanged';
-- a changed one does
UPDATE holdfast_private.modules SET version = '0.8.0', checksum = '' WHERE module ~ 'regress';
SELECT failure('SELECT holdfast.upgrade()');
\! printf -- '-- >>> tables a/tables.sql\nALTER TABLE @api@.regress_a ADD c int;\n' > "${PREFIX}a--0.8.0--0.9.0.sql"
\! printf -- '-- >>> constraints a/constraints.sql\nALTER TABLE @api@.regress_a ADD CHECK (c > 0);\n' > "${PREFIX}a--0.9.0--0.9.1.sql"
\! printf -- '-- >>> tables b/tables.sql\nALTER TABLE @api@.regress_a ADD d int;\n' > "${PREFIX}b--0.8.0--0.9.0.sql"
SELECT extversion AS version FROM pg_extension WHERE extname = 'holdfast' \gset
\setenv VERSION :version
\! printf -- '-- >>> grants a/grants.sql\nSELECT holdfast_private.grant_table($$@api@.regress_a$$, $$SELECT$$, $$authenticated$$);\n' > "${PREFIX}a--0.9.1--${VERSION}.sql"
\! printf -- '-- >>> tables b/tables.sql\nCREATE TABLE @api@.regress_b2 (id int);\n' > "${PREFIX}b--0.9.0--${VERSION}.sql"
-- a dead end is not taken
\! printf -- '-- >>> tables a/tables.sql\nDROP TABLE @api@.regress_a;\n' > "${PREFIX}a--0.8.0--0.8.1.sql"
SELECT module, action FROM holdfast.upgrade() WHERE action <> 'unchanged';
SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'regress_a'::regclass AND attnum > 0;
SELECT object, role, privilege_type FROM granted WHERE object ~ 'regress_' ORDER BY 1, 2;
SELECT module, upgraded_at IS NOT NULL FROM holdfast_private.modules WHERE module ~ 'regress' ORDER BY 1;
-- one of them comes to require a module that is new: it is installed on the way
UPDATE holdfast_private.modules SET version = '0.9.0' WHERE module = 'regress_b';
\! printf -- '-- module: regress_b\n-- requires: core, regress_n\n-- >>> tables b/tables.sql\nCREATE TABLE @api@.regress_b2 (id int, n int REFERENCES @api@.regress_n);\n' > "${PREFIX}b.sql"
\! printf -- '-- module: regress_n\n-- >>> tables n/tables.sql\nCREATE TABLE @api@.regress_n (id int PRIMARY KEY);\n' > "${PREFIX}n.sql"
\! printf -- 'ALTER TABLE @api@.regress_b2 ADD n int REFERENCES @api@.regress_n;\n' > "${PREFIX}b--0.9.0--${VERSION}.sql"
-- a step in which nothing is behind a marker would do nothing
SELECT failure('SELECT holdfast.upgrade()');
\! printf -- '-- >>> constraints b/constraints.sql\nALTER TABLE @api@.regress_b2 ADD n int REFERENCES @api@.regress_n;\n' > "${PREFIX}b--0.9.0--${VERSION}.sql"
SELECT module, action FROM holdfast.upgrade() WHERE action <> 'unchanged';
-- a library that has lost a module
\! rm "${PREFIX}n.sql"
\! printf -- '-- module: regress_b\n' > "${PREFIX}b.sql"
SELECT failure('SELECT holdfast.upgrade()');
-- the extension's SQL goes first
BEGIN;
UPDATE pg_extension SET extversion = '0.8.0' WHERE extname = 'holdfast';
CREATE FUNCTION pg_temp.refusal(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(sqlerrm, 'is [0-9.]+$', 'is VERSION');
END
$$;
SELECT pg_temp.refusal('SELECT holdfast.upgrade()'), pg_temp.refusal('SELECT holdfast.install()');
ROLLBACK;
\! rm "${PREFIX}"*.sql

-- a member of holdfast_owner installs in a database that a superuser has prepared
\c postgres
\set ECHO none
SET client_min_messages = warning;
DROP DATABASE regress_install;
CREATE DATABASE regress_install;
\c regress_install
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SELECT holdfast.prepare_platform('my_api');
GRANT USAGE ON SCHEMA holdfast TO regress_install_deployer;
GRANT EXECUTE ON FUNCTION holdfast.install(name, text[]) TO regress_install_deployer;
SET ROLE regress_install_deployer;
SELECT holdfast.install('my_api', 'people');
RESET ROLE;
GRANT holdfast_owner TO regress_install_deployer;
SET ROLE regress_install_deployer;
SELECT module, action FROM holdfast.install('my_api', 'people');
RESET ROLE;
SELECT relowner::regrole, count(*) > 10 FROM pg_class WHERE relnamespace = 'my_api'::regnamespace GROUP BY 1;
SELECT has_function_privilege('authenticated', 'holdfast.org_id()', 'EXECUTE'), has_function_privilege('authenticated', 'my_api.whoami()', 'EXECUTE');
-- org_id() finds super admins there, by an object and not by a setting; under another name, too
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111", "role": "authenticated"}';
SET request.headers = '{"x-organization-id": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"}';
SELECT holdfast.org_id() AS not_yet;
INSERT INTO my_api.user_roles (organization_id, user_id, role) VALUES ('00000000-0000-0000-0000-000000000000', '11111111-1111-4111-8111-111111111111', 'super_admin');
SELECT holdfast.org_id();
SHOW holdfast.roles_table;
BEGIN;
ALTER SCHEMA my_api RENAME TO your_api;
SELECT holdfast.org_id() AS renamed;
ROLLBACK;
-- not by somebody else's object, nor in somebody else's schema
BEGIN;
ALTER DOMAIN holdfast_private.roles_table OWNER TO postgres;
SELECT holdfast.org_id() AS domain_of_somebody_else;
ROLLBACK;
BEGIN;
ALTER SCHEMA holdfast_private OWNER TO regress_install_deployer;
SELECT holdfast.org_id() AS schema_of_somebody_else;
ROLLBACK;
BEGIN;
DROP DOMAIN holdfast_private.roles_table;
SELECT holdfast.org_id() AS without;
CREATE DOMAIN holdfast_private.roles_table AS text;
ALTER DOMAIN holdfast_private.roles_table OWNER TO holdfast_owner;
SELECT holdfast.org_id() AS over_no_table;
DROP DOMAIN holdfast_private.roles_table;
CREATE DOMAIN holdfast_private.roles_table AS my_api.organizations;
ALTER DOMAIN holdfast_private.roles_table OWNER TO holdfast_owner;
SELECT holdfast.org_id() AS over_another_table;
ROLLBACK;
RESET request.jwt.claims;
RESET request.headers;

\set ECHO none
\c postgres
SET client_min_messages = warning;
DROP DATABASE regress_install;
DROP OWNED BY regress_install_deployer, regress_install_anon, regress_install_user, regress_install_service;
DROP ROLE regress_install_deployer, regress_install_anon, regress_install_user, regress_install_service;
