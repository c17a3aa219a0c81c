-- enable_tenant_rls: what it makes, and what each caller may then do.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_tenant;
CREATE ROLE regress_tenant_app;
CREATE ROLE regress_tenant_other;
GRANT USAGE ON SCHEMA t_tenant TO regress_tenant_app, regress_tenant_other;
GRANT EXECUTE ON FUNCTION holdfast.uid(), holdfast.org_id() TO regress_tenant_app, regress_tenant_other;
RESET client_min_messages;
SET search_path = t_tenant;

CREATE FUNCTION id(digit text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace('xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx', 'x', digit, 'g')::uuid
$$;
CREATE FUNCTION be(sub text, org text) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('request.jwt.claims', json_build_object('sub', t_tenant.id(sub), 'org_id', t_tenant.id(org))::text, false)
$$;
CREATE FUNCTION raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text; v_hint text; v_rows bigint;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows || ' rows';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(v_detail, ''), nullif(v_hint, ''));
END $$;
CREATE FUNCTION policies(rel regclass, OUT name name, OUT command text, OUT roles text, OUT using_text text, OUT check_text text, OUT comment text)
RETURNS SETOF record LANGUAGE sql AS $$
    SELECT p.polname, p.polcmd::text, (SELECT string_agg(r::regrole::text, ',') FROM unnest(p.polroles) AS r), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
        obj_description(p.oid, 'pg_policy')
    FROM pg_policy AS p WHERE p.polrelid = rel ORDER BY p.polname
$$;

CREATE TABLE notes (organization_id uuid NOT NULL, id int, author uuid, body text, PRIMARY KEY (organization_id, id));
GRANT ALL ON notes TO regress_tenant_app, regress_tenant_other;
INSERT INTO notes VALUES (id('a'), 1, id('1'), 'a1'), (id('a'), 2, id('2'), 'a2'), (id('b'), 1, id('1'), 'b1');
SELECT holdfast.enable_tenant_rls('notes', roles => '{regress_tenant_app}');
SELECT * FROM policies('notes');
SELECT relrowsecurity, relforcerowsecurity, has_table_privilege('regress_tenant_app', 'notes', 'TRUNCATE') AS truncate FROM pg_class WHERE oid = 'notes'::regclass;

-- Own organization: everything. Another: nothing. No claims: nothing. Malformed claims: an error.
SELECT be('1', 'a');
SET ROLE regress_tenant_app;
SELECT body FROM notes ORDER BY id;
EXPLAIN (COSTS OFF) SELECT * FROM notes WHERE id = 1;
INSERT INTO notes VALUES (t_tenant.id('a'), 3, NULL, 'a3');
INSERT INTO notes VALUES (t_tenant.id('b'), 3, NULL, 'b3');
UPDATE notes SET body = body || '!' WHERE id = 1 RETURNING body;
UPDATE notes SET organization_id = t_tenant.id('b');
DELETE FROM notes WHERE id = 3 RETURNING body;
DELETE FROM notes WHERE organization_id = t_tenant.id('b');
TRUNCATE notes;
SET request.jwt.claims = '';
SELECT count(*) FROM notes;
INSERT INTO notes VALUES (t_tenant.id('a'), 4, NULL, '');
INSERT INTO notes VALUES (NULL, 4, NULL, '');
UPDATE notes SET body = '';
SET request.jwt.claims = '{"org_id": "x"}';
SELECT count(*) FROM notes;
RESET ROLE;
SELECT be('1', 'a');
SET ROLE regress_tenant_other;
SELECT count(*) AS role_without_a_policy FROM notes;
RESET ROLE;
SELECT body FROM notes ORDER BY organization_id, id;

-- Again, with an owner: replaced.
SELECT holdfast.enable_tenant_rls('notes', 'organization_id', 'author', '{regress_tenant_app,regress_tenant_other}');
SELECT * FROM policies('notes');
SET ROLE regress_tenant_app;
SELECT body FROM notes ORDER BY id;
INSERT INTO notes VALUES (t_tenant.id('a'), 5, t_tenant.id('1'), 'own');
INSERT INTO notes VALUES (t_tenant.id('a'), 6, t_tenant.id('2'), 'not own');
UPDATE notes SET author = t_tenant.id('2');
DELETE FROM notes RETURNING body;
RESET ROLE;

-- Any column may be the tenant; a missing index is noted, other policies are warned of, foreign names respected.
CREATE TABLE rooms ("Clinic" uuid, name text);
CREATE POLICY everybody ON rooms USING (true);
SELECT holdfast.enable_tenant_rls('rooms', 'Clinic', roles => '{regress_tenant_app}');
SELECT name, using_text, check_text FROM policies('rooms');
CREATE TABLE taken (organization_id uuid PRIMARY KEY);
CREATE POLICY tenant_update ON taken FOR UPDATE USING (false);
SELECT raised('SELECT holdfast.enable_tenant_rls(''taken'', roles => ''{regress_tenant_app}'')');
SELECT count(*) FROM policies('taken');

-- Partitions are read through the whole only.
CREATE TABLE log (organization_id uuid NOT NULL, at date NOT NULL, PRIMARY KEY (organization_id, at)) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY RANGE (at);
CREATE TABLE log_2 PARTITION OF log_1 FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
GRANT ALL ON log, log_1, log_2 TO regress_tenant_app;
SELECT holdfast.enable_tenant_rls('log', roles => '{regress_tenant_app}');
INSERT INTO log VALUES (id('a'), '2026-02-01'), (id('b'), '2026-02-01');
SET ROLE regress_tenant_app;
SELECT (SELECT count(*) FROM log) AS whole, (SELECT count(*) FROM log_1) AS part, (SELECT count(*) FROM log_2) AS leaf;
RESET ROLE;

-- What does not fit.
CREATE VIEW seen AS SELECT * FROM notes;
SELECT call, raised('SELECT holdfast.enable_tenant_rls(' || call || ')') FROM unnest(ARRAY['''seen''', 'NULL', '''notes'', ''none''', '''notes'', ''body''', '''notes'', NULL', '''notes'', ''id''',
    '''notes'', owner_column => ''none''', '''notes'', owner_column => ''ctid''', '''notes'', roles => ''{}''', '''notes'', roles => NULL', '''notes'', roles => ''{NULL}''',
    '''notes'', roles => ''{regress_tenant_app,regress_tenant_none}''']) AS call;
SET ROLE regress_tenant_app;
SELECT holdfast.enable_tenant_rls('notes');
RESET ROLE;
CREATE ROLE regress_tenant_setup;
GRANT USAGE ON SCHEMA holdfast, t_tenant TO regress_tenant_setup;
GRANT EXECUTE ON FUNCTION holdfast.enable_tenant_rls(regclass, name, name, name[]) TO regress_tenant_setup;
SET ROLE regress_tenant_setup;
SELECT holdfast.enable_tenant_rls('notes', roles => '{regress_tenant_app}');
RESET ROLE;

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA t_tenant CASCADE;
DROP OWNED BY regress_tenant_app, regress_tenant_other, regress_tenant_setup;
DROP ROLE regress_tenant_app, regress_tenant_other, regress_tenant_setup;
