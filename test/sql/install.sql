-- install(): the platform in a database of its own
\set ECHO none
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_install;
CREATE DATABASE regress_install;
\c regress_install
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
DO $$
DECLARE
    v_role name;
BEGIN
    FOREACH v_role IN ARRAY '{anon,authenticated,service_role}'::name[] LOOP
        IF to_regrole(v_role) IS NULL THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        END IF;
    END LOOP;
END
$$;
RESET client_min_messages;
\set ECHO all

-- people brings what it requires
SELECT module, action FROM holdfast.install('public', 'people');
-- a second time there is nothing to do
SELECT module, action FROM holdfast.install('public', 'people');
-- one platform per database
SELECT holdfast.install('other');

-- everything belongs to a role without power, and nobody else reaches the private schema
SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'holdfast_owner';
SELECT count(*) FROM pg_class c WHERE relnamespace IN ('public'::regnamespace, 'holdfast_private'::regnamespace)
  AND relowner <> 'holdfast_owner'::regrole;
SELECT r, has_schema_privilege(r, 'holdfast_private', 'USAGE') FROM unnest('{anon,authenticated,service_role}'::name[]) r;

\c postgres
DROP DATABASE regress_install;
