-- expose(): a wrapper for clients around a body that they cannot name
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
CREATE SCHEMA t_expose;
CREATE SCHEMA t_expose_api;
CREATE ROLE regress_expose_user;
CREATE ROLE regress_expose_other;
CREATE ROLE regress_expose_maker;
GRANT USAGE ON SCHEMA t_expose_api TO regress_expose_user, regress_expose_other;
-- The grants of a function, but for its owner's.
CREATE FUNCTION t_expose.granted(f regprocedure) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ' ' ORDER BY a.grantee::regrole::text)
    FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE p.oid = f AND a.grantee <> p.proowner
$$;
\set SHOW_CONTEXT never
\set ECHO all
\pset format unaligned
\pset tuples_only on

CREATE FUNCTION t_expose.greet(organization_id uuid, name text, times int DEFAULT 1 + 1, "Odd name" text DEFAULT $$it's$$)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_array(organization_id, name, times, "Odd name") $$;
COMMENT ON FUNCTION t_expose.greet IS 'Greets.';
SELECT holdfast.expose('t_expose.greet'::regproc, 't_expose_api', '{regress_expose_user}');
SELECT pg_get_functiondef('t_expose_api.greet'::regproc);
SELECT obj_description('t_expose_api.greet'::regproc, 'pg_proc');
SELECT t_expose.granted('t_expose_api.greet(text, int, text)'), t_expose.granted('t_expose.greet(uuid, text, int, text)');

-- the organization is the caller's; the body is out of reach but through the wrapper
SET ROLE regress_expose_user;
SET request.jwt.claims = '{"sub": "c0000000-0000-0000-0000-000000000001", "organization_id": "a0000000-0000-0000-0000-000000000001"}';
SELECT t_expose_api.greet('Ana');
SELECT t_expose_api.greet(name => 'Ana', times => 5);
SELECT t_expose.greet('b0000000-0000-0000-0000-000000000001', 'Ana');
SET ROLE regress_expose_other;
SELECT t_expose_api.greet('Ana');
RESET ROLE;
RESET request.jwt.claims;

-- every shape of result and argument
CREATE TYPE t_expose.pair AS (a int, b text);
CREATE FUNCTION t_expose.r_set(n int) RETURNS SETOF int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS 'SELECT generate_series(1, n)';
CREATE FUNCTION t_expose.r_table(organization_id uuid, n int DEFAULT 2) RETURNS TABLE (i int, square bigint) LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT g, (g * g)::bigint FROM generate_series(1, n) g';
CREATE FUNCTION t_expose.r_out(organization_id uuid, a int, OUT b int, OUT c text) LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT a + 1, 'c' $$;
CREATE FUNCTION t_expose.r_out_one(OUT b int) LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 7';
CREATE FUNCTION t_expose.r_inout(organization_id uuid, INOUT a int, OUT b int) LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT a, a * 2';
CREATE FUNCTION t_expose.r_pair(a int) RETURNS t_expose.pair LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT a, 'x' WHERE a > 0 $$;
CREATE FUNCTION t_expose.r_pairs(a int) RETURNS SETOF t_expose.pair LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT a, 'x' WHERE a > 0 $$;
CREATE FUNCTION t_expose.r_void(organization_id uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS '';
CREATE FUNCTION t_expose.r_json(json) RETURNS json LANGUAGE sql PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS 'SELECT $1';
CREATE FUNCTION t_expose.r_many(organization_id uuid, VARIADIC names text[] DEFAULT '{}') RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT cardinality(names)';
-- only a first argument of that name and type is the organization
CREATE FUNCTION t_expose.r_second(name text, organization_id uuid) RETURNS uuid LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT organization_id';
CREATE FUNCTION t_expose.r_text(organization_id text) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT organization_id';
CREATE FUNCTION t_expose.r_uuid(client_id uuid) RETURNS uuid LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT client_id';
SELECT holdfast.expose(p.oid, 't_expose_api', '{}') FROM pg_proc p
WHERE p.pronamespace = 't_expose'::regnamespace AND p.proname ^@ 'r_' ORDER BY p.proname;
SELECT format('%s(%s) %s %s %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.provolatile, p.proparallel)
FROM pg_proc p WHERE p.pronamespace = 't_expose_api'::regnamespace AND p.proname ^@ 'r_' ORDER BY p.proname;
SELECT string_agg(s::text, ' ') FROM t_expose_api.r_set(3) s;
SELECT * FROM t_expose_api.r_table();
SELECT * FROM t_expose_api.r_out(1);
SELECT t_expose_api.r_out_one();
SELECT * FROM t_expose_api.r_inout(21);
SELECT t_expose_api.r_pair(1), t_expose_api.r_pair(0) IS NULL, (SELECT count(*) FROM t_expose_api.r_pairs(0));
SELECT t_expose_api.r_void() IS NULL;
SELECT t_expose_api.r_json('{"a": [1]}');
SELECT t_expose_api.r_many(), t_expose_api.r_many('a', 'b'), t_expose_api.r_many(VARIADIC '{a,b,c}');

-- a changed body: the same wrapper, with what others were granted
GRANT EXECUTE ON FUNCTION t_expose_api.greet(text, int, text) TO regress_expose_other;
SELECT 't_expose_api.greet'::regproc::oid AS old \gset
COMMENT ON FUNCTION t_expose.greet IS 'Greets well.';
SELECT holdfast.expose('t_expose.greet'::regproc, 't_expose_api', '{regress_expose_user}');
SELECT 't_expose_api.greet'::regproc::oid = :old AS same, t_expose.granted('t_expose_api.greet'::regproc), obj_description('t_expose_api.greet'::regproc, 'pg_proc');
-- other names of arguments and another result: cannot be changed in place
CREATE FUNCTION t_expose.greet(who text, times int, "Odd name" text)
RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT who $$;
SELECT holdfast.expose('t_expose.greet(text, int, text)', 't_expose_api', '{regress_expose_user}');
SELECT pg_get_function_arguments(p.oid), t_expose.granted(p.oid), obj_description(p.oid, 'pg_proc') FROM pg_proc p
WHERE p.oid = 't_expose_api.greet'::regproc;
DROP FUNCTION t_expose.greet(uuid, text, int, text);
CREATE FUNCTION t_expose.greet(organization_id uuid, who text, since date DEFAULT '2026-01-01')
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT who $$;
-- something depends on the old wrapper
CREATE VIEW t_expose.greeting AS SELECT t_expose_api.greet('Ana', 1, '') AS g;
SELECT holdfast.expose('t_expose.greet(uuid, text, date)', 't_expose_api', '{regress_expose_user}');
DROP VIEW t_expose.greeting;
SELECT holdfast.expose('t_expose.greet(uuid, text, date)', 't_expose_api', '{regress_expose_user}');
-- one function of the name, with the grants and, as the new body has none, the comment of the old
SELECT p.oid::regprocedure, t_expose.granted(p.oid), obj_description(p.oid, 'pg_proc') FROM pg_proc p
WHERE p.pronamespace = 't_expose_api'::regnamespace AND p.proname = 'greet';
SELECT t_expose.granted('t_expose.greet(uuid, text, date)');

-- a body that is dropped must not leave a wrapper
DROP FUNCTION t_expose.greet(uuid, text, date);

-- what cannot be exposed
CREATE FUNCTION t_expose_api.taken() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION t_expose.taken() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 2';
SELECT holdfast.expose('t_expose.taken()', 't_expose_api', '{}');
SELECT holdfast.expose('t_expose.taken()', 't_expose', '{}');
SELECT holdfast.expose('t_expose.taken()', 'no_such_schema', '{}');
SELECT holdfast.expose('t_expose.r_set(int)', 't_expose_api', '{regress_expose_nobody}');
SELECT holdfast.expose('t_expose.r_set(int)', 't_expose_api', NULL);
SELECT holdfast.expose('pg_catalog.count("any")', 't_expose_api', '{}');
CREATE FUNCTION t_expose.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT holdfast.expose('t_expose.trigger()', 't_expose_api', '{}');
SELECT holdfast.expose(0::regprocedure, 't_expose_api', '{}');
-- a definer without a search_path is exposed, with a warning
CREATE FUNCTION t_expose.loose() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 3';
SELECT holdfast.expose('t_expose.loose()', 't_expose_api', '{}');

-- only the owner of a body exposes it; the wrapper belongs to them too
GRANT USAGE ON SCHEMA holdfast TO regress_expose_maker;
GRANT USAGE, CREATE ON SCHEMA t_expose, t_expose_api TO regress_expose_maker;
GRANT EXECUTE ON FUNCTION holdfast.expose(regprocedure, name, name[]) TO regress_expose_maker;
SET ROLE regress_expose_maker;
SELECT holdfast.expose('t_expose.loose()', 't_expose_api', '{}');
CREATE FUNCTION t_expose.mine() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 4';
SELECT holdfast.expose('t_expose.mine()', 't_expose_api', '{regress_expose_user}');
RESET ROLE;
SELECT holdfast.expose('t_expose.mine()', 't_expose_api', '{regress_expose_user}');
SELECT proowner::regrole, t_expose.granted(oid) FROM pg_proc WHERE oid = 't_expose_api.mine'::regproc;

SET client_min_messages = warning;
DROP SCHEMA t_expose, t_expose_api CASCADE;
DROP OWNED BY regress_expose_user, regress_expose_other, regress_expose_maker;
DROP ROLE regress_expose_user, regress_expose_other, regress_expose_maker;
