-- Roles, permissions and subjects: what counts, and that a change counts from the next statement on.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_roles;
CREATE ROLE regress_roles_owner;
CREATE ROLE regress_roles_client;
GRANT USAGE, CREATE ON SCHEMA t_roles TO regress_roles_owner;
GRANT USAGE ON SCHEMA t_roles, holdfast TO regress_roles_client, regress_roles_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_roles_owner;
GRANT EXECUTE ON FUNCTION holdfast.uid(), holdfast.org_id(), holdfast.has_role(regclass, text[]),
    holdfast.has_permission(regclass, text), holdfast.subject_id(regclass) TO regress_roles_client;
RESET client_min_messages;
SET search_path = t_roles;

CREATE FUNCTION id(digit text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace('xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx', 'x', digit, 'g')::uuid
$$;
CREATE FUNCTION be(sub text, org text) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('request.jwt.claims', json_build_object('sub', t_roles.id(sub), 'org_id', t_roles.id(org), 'role', 'authenticated')::text, false)
$$;
CREATE FUNCTION raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text; v_hint text;
BEGIN
    EXECUTE statement;
    RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(v_detail, ''), nullif(v_hint, ''));
END $$;

-- The tables.
SET ROLE regress_roles_owner;
SELECT holdfast.create_roles('staff');
RESET ROLE;
\d staff
\d staff_hierarchy
\d staff_permissions
SELECT raised(format('SELECT holdfast.create_roles(%L)', name)) FROM unnest(ARRAY['staff', 'none.staff', 'a.b.c.d', '', NULL, repeat('x', 52)]) AS name;
SELECT holdfast.create_roles('t_roles."Odd ""name%s"'), holdfast.create_roles('t_roles.' || repeat('y', 51)) IS NOT NULL AS longest;
SELECT count(*) AS tables, bool_and(relrowsecurity) AS rls, bool_and(relacl IS NULL OR NOT EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee = 0)) AS closed,
    bool_and(obj_description(oid, 'pg_class') IS NOT NULL) AS commented,
    bool_and((SELECT bool_and(col_description(attrelid, attnum) IS NOT NULL) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0)) AS columns_commented
FROM pg_class AS c WHERE relnamespace = 't_roles'::regnamespace AND relkind = 'r';

-- Who has what: directly, everywhere, by inheritance, never in another organization.
INSERT INTO staff (organization_id, user_id, role) VALUES
    (id('a'), id('1'), 'admin'), (id('b'), id('1'), 'client'), ('00000000-0000-0000-0000-000000000000', id('2'), 'super_admin'), (id('a'), id('3'), 'client');
INSERT INTO staff_hierarchy VALUES
    ('00000000-0000-0000-0000-000000000000', 'super_admin', 'admin'), ('00000000-0000-0000-0000-000000000000', 'admin', 'staff'),
    (id('a'), 'staff', 'helper'), (id('a'), 'helper', 'staff'), (id('a'), 'helper', 'admin'), (id('b'), 'client', 'guest');
INSERT INTO staff_permissions VALUES
    ('00000000-0000-0000-0000-000000000000', 'staff', 'view_clients'), (id('a'), 'client', 'book'), (id('b'), 'staff', 'only_b');
CREATE VIEW held AS
SELECT r AS role, holdfast.has_role('t_roles.staff', r) FROM unnest(ARRAY['admin', 'client', 'staff', 'helper', 'guest', 'super_admin', 'adm', 'administrator', '']) AS r WHERE holdfast.has_role('t_roles.staff', r);
CREATE VIEW permitted AS
SELECT p AS permission FROM unnest(ARRAY['view_clients', 'book', 'only_b', 'none', '']) AS p WHERE holdfast.has_permission('t_roles.staff', p);
CREATE FUNCTION shown(sub text, org text, OUT roles text, OUT permissions text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM be(sub, org);
    SELECT string_agg(role, ' ') INTO roles FROM held;
    SELECT string_agg(permission, ' ') INTO permissions FROM permitted;
END $$;
SELECT sub, org, s.* FROM (VALUES ('1', 'a'), ('1', 'b'), ('1', 'c'), ('2', 'a'), ('2', 'b'), ('2', 'c'), ('3', 'a'), ('3', 'b'), ('4', 'a'), ('1', 'a')) AS c (sub, org), shown(sub, org) AS s;
SELECT be('1', 'a');
SELECT holdfast.has_role('staff', 'client', 'admin') AS one_of, holdfast.has_role('staff', 'client', 'guest') AS none_of, holdfast.has_role('staff', VARIADIC '{}') AS empty,
    holdfast.has_role('staff', NULL, 'admin') AS null_and_one, holdfast.has_role('staff', NULL::text) AS null_name, holdfast.has_role('staff', VARIADIC NULL) AS null_list,
    holdfast.has_role(NULL, 'admin') AS null_table, holdfast.has_permission('staff', NULL) AS null_permission;
-- No organization: only what counts everywhere. No user, no claims: false, never null.
SELECT set_config('request.jwt.claims', json_build_object('sub', id('2'))::text, false) IS NULL AS n, holdfast.has_role('staff', 'staff') AS staff, holdfast.has_role('staff', 'helper') AS helper;
SET request.jwt.claims = '{"role": "service_role"}';
SELECT holdfast.has_role('staff', 'admin'), holdfast.has_permission('staff', 'view_clients'), holdfast.subject_id('staff');
SET request.jwt.claims = '';
SELECT holdfast.has_role('staff', 'admin'), holdfast.has_permission('staff', 'view_clients'), holdfast.subject_id('staff');
SET request.jwt.claims = '{"sub": 1}';
SELECT raised('SELECT holdfast.has_role(''staff'', ''admin'')'), raised('SELECT holdfast.has_permission(''staff'', ''x'')'), raised('SELECT holdfast.subject_id(''staff'')');

-- A change counts at the next statement, in the transaction that makes it, and is undone with it.
SELECT be('1', 'a');
BEGIN;
SELECT holdfast.has_role('staff', 'admin') AS before;
DELETE FROM staff WHERE user_id = id('1');
SELECT holdfast.has_role('staff', 'admin') AS deleted, holdfast.has_permission('staff', 'view_clients') AS permission;
SAVEPOINT s;
INSERT INTO staff (organization_id, user_id, role) VALUES (id('a'), id('1'), 'client');
SELECT holdfast.has_role('staff', 'client') AS inserted, holdfast.has_permission('staff', 'book') AS permission;
UPDATE staff SET role = 'staff' WHERE user_id = id('1');
SELECT holdfast.has_role('staff', 'client') AS before_update, holdfast.has_role('staff', 'staff') AS updated;
ROLLBACK TO s;
SELECT holdfast.has_role('staff', 'staff') AS savepoint_undone;
ROLLBACK;
SELECT holdfast.has_role('staff', 'admin') AS undone;
BEGIN;
TRUNCATE staff;
SELECT holdfast.has_role('staff', 'admin') AS truncated;
ROLLBACK;
SELECT holdfast.has_role('staff', 'admin') AS undone;
BEGIN;
DELETE FROM staff_hierarchy WHERE role = 'admin';
SELECT holdfast.has_role('staff', 'staff') AS hierarchy, holdfast.has_permission('staff', 'view_clients') AS permission;
ROLLBACK;
BEGIN;
TRUNCATE staff_permissions;
SELECT holdfast.has_role('staff', 'staff') AS role, holdfast.has_permission('staff', 'view_clients') AS permission;
ROLLBACK;
SELECT holdfast.has_role('staff', 'staff') AS role, holdfast.has_permission('staff', 'view_clients') AS permission;
-- Also for writers that switch triggers off, as restores and replication do.
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM staff WHERE user_id = id('1');
SELECT holdfast.has_role('staff', 'admin') AS replica;
ROLLBACK;
-- Within one function: each statement sees the last one's work, at one and the same place of the code.
CREATE FUNCTION flip() RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_seen text := '';
BEGIN
    FOR i IN 1..6 LOOP
        IF i % 2 = 1 THEN
            DELETE FROM t_roles.staff WHERE user_id = t_roles.id('1') AND role = 'admin';
        ELSE
            INSERT INTO t_roles.staff (organization_id, user_id, role) VALUES (t_roles.id('a'), t_roles.id('1'), 'admin');
        END IF;
        v_seen := v_seen || CASE WHEN holdfast.has_role('t_roles.staff', 'admin') THEN 't' ELSE 'f' END;
    END LOOP;
    RETURN v_seen;
END $$;
SELECT flip();
-- A trigger of the user's own asks while the statement runs: what is already deleted no longer counts.
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE '% % %: admin %', TG_WHEN, TG_OP, TG_LEVEL, holdfast.has_role('t_roles.staff', 'admin');
    RETURN NULL;
END $$;
CREATE TRIGGER a_row AFTER DELETE ON staff FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER a_statement AFTER DELETE ON staff FOR EACH STATEMENT EXECUTE FUNCTION tell();
BEGIN;
SELECT holdfast.has_role('staff', 'admin');
DELETE FROM staff WHERE user_id = id('1') AND organization_id = id('a');
ROLLBACK;
DROP TRIGGER a_row ON staff;
DROP TRIGGER a_statement ON staff;
-- REPEATABLE READ does not keep a role alive either.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT holdfast.has_role('staff', 'admin');
DELETE FROM staff WHERE user_id = id('1');
SELECT holdfast.has_role('staff', 'admin');
ROLLBACK;

-- Read as the owner: a policy on the table itself may ask, the caller needs no right on it, and sees what it lets through.
ALTER TABLE staff FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON staff FOR SELECT TO regress_roles_client USING (organization_id = holdfast.org_id() AND (user_id = holdfast.uid() OR holdfast.has_role('t_roles.staff', 'admin')));
SET ROLE regress_roles_client;
SELECT holdfast.has_role('staff', 'admin') AS without_a_grant, current_user;
SELECT * FROM staff;
RESET ROLE;
GRANT SELECT ON staff TO regress_roles_client;
SET ROLE regress_roles_client;
SELECT user_id, role FROM staff ORDER BY 1;
RESET ROLE;
SELECT be('3', 'a');
SET ROLE regress_roles_client;
SELECT user_id, role FROM staff ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT * FROM staff;
RESET ROLE;
-- Not a table of roles, or not one that can be followed.
CREATE TABLE plain (LIKE staff);
CREATE VIEW seen AS SELECT * FROM staff;
SELECT name, raised(format('SELECT holdfast.has_role(%L, ''admin'')', name)) FROM unnest(ARRAY['plain', 'seen', 'staff_hierarchy', 'pg_class']) AS name;
SELECT left(raised('SELECT holdfast.has_role(''staff_pkey'', ''admin'')'), 5) AS of_an_index;
SELECT raised('SELECT holdfast.has_role(4294967295::oid, ''admin'')');
BEGIN;
ALTER TABLE staff DISABLE TRIGGER holdfast_lookups_after;
ALTER TABLE staff DISABLE TRIGGER holdfast_lookups_before;
SELECT raised('SELECT holdfast.has_role(''staff'', ''admin'')');
ROLLBACK;
BEGIN;
ALTER TABLE staff_permissions RENAME TO elsewhere;
SELECT raised('SELECT holdfast.has_role(''staff'', ''admin'')');
ROLLBACK;
BEGIN;
ALTER SCHEMA t_roles RENAME TO t_roles_moved;
SELECT holdfast.has_role('t_roles_moved.staff', 'admin'), holdfast.has_permission('t_roles_moved.staff', 'view_clients');
ROLLBACK;
SELECT holdfast.has_role('staff', 'admin');
SELECT raised('SELECT holdfast.invalidate_lookups()');
BEGIN;
CREATE TRIGGER wrong BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION holdfast.invalidate_lookups('roles');
SELECT raised('INSERT INTO plain DEFAULT VALUES');
ROLLBACK;

-- In parallel workers.
CREATE TABLE many AS SELECT n, id('a') AS organization_id FROM generate_series(1, 20000) AS n;
ANALYZE many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many WHERE holdfast.has_role('t_roles.staff', CASE WHEN n > 0 THEN 'staff' END);
SELECT count(*) FROM many WHERE holdfast.has_role('t_roles.staff', CASE WHEN n > 0 THEN 'staff' END);
SELECT count(*) FROM many WHERE holdfast.has_role('t_roles.staff', CASE WHEN n > 0 THEN 'guest' END);
-- On a fresh connection the leader itself looks roles up for the first time while workers run.
\c -
SET search_path = t_roles;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT be('1', 'a');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM many WHERE holdfast.has_role('t_roles.staff', CASE WHEN n > 0 THEN 'staff' END);
COMMIT;
-- Also when the same command writes.
CREATE TABLE copied AS SELECT n FROM many WHERE holdfast.has_permission('t_roles.staff', CASE WHEN n > 0 THEN 'view_clients' END);
SELECT count(*) FROM copied;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Subjects: the row that stands for the caller.
CREATE TABLE clients (organization_id uuid NOT NULL, id uuid NOT NULL, user_id uuid, name text, PRIMARY KEY (organization_id, id));
SELECT raised('SELECT holdfast.subject_id(''clients'')');
SELECT holdfast.track_subjects('clients');
SELECT holdfast.track_subjects('clients');
SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'clients'::regclass ORDER BY tgname;
ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
SELECT holdfast.subject_id('clients') AS no_row;
INSERT INTO clients VALUES (id('a'), id('c'), id('1')), (id('b'), id('d'), id('1')), (id('a'), id('e'), NULL);
SELECT holdfast.subject_id('clients');
SELECT be('1', 'b');
SELECT holdfast.subject_id('clients') AS in_b;
SELECT be('1', 'c');
SELECT holdfast.subject_id('clients') AS in_c;
SELECT be('1', 'a');
BEGIN;
UPDATE clients SET name = 'no matter';
UPDATE clients SET id = id('f') WHERE id = id('c');
SELECT holdfast.subject_id('clients') AS other_id;
UPDATE clients SET user_id = id('2') WHERE id = id('f');
SELECT holdfast.subject_id('clients') AS other_user;
UPDATE clients SET user_id = id('1') WHERE id = id('e');
SELECT holdfast.subject_id('clients') AS linked;
UPDATE clients SET organization_id = id('9') WHERE id = id('e');
SELECT holdfast.subject_id('clients') AS other_organization;
ROLLBACK;
SELECT holdfast.subject_id('clients') AS undone;
BEGIN;
DELETE FROM clients WHERE id = id('c');
SELECT holdfast.subject_id('clients') AS deleted;
ROLLBACK;
BEGIN;
TRUNCATE clients;
SELECT holdfast.subject_id('clients') AS truncated;
ROLLBACK;
BEGIN;
UPDATE clients SET user_id = id('1');
SELECT raised('SELECT holdfast.subject_id(''clients'')');
ROLLBACK;
BEGIN;
ALTER TABLE clients RENAME user_id TO auth_user;
SELECT raised('SELECT holdfast.subject_id(''clients'')');
SELECT holdfast.track_subjects('clients', 'auth_user');
SELECT holdfast.subject_id('clients');
ROLLBACK;
SELECT holdfast.subject_id('clients');
-- A row that stands for somebody only while they hold a role, here or everywhere, themselves or by inheritance.
CREATE TABLE workers (organization_id uuid NOT NULL, id uuid NOT NULL, user_id uuid, PRIMARY KEY (organization_id, id));
SELECT holdfast.track_subjects('workers', roles => 'staff', role => 'worker');
SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'workers'::regclass ORDER BY tgname;
INSERT INTO workers VALUES (id('a'), id('c'), id('1'));
SELECT holdfast.subject_id('workers') AS without_role;
INSERT INTO staff (organization_id, user_id, role) VALUES (id('a'), id('1'), 'worker');
SELECT holdfast.subject_id('workers') AS with_role;
CREATE FUNCTION steps() RETURNS TABLE (step text, subject uuid) LANGUAGE plpgsql AS $$
DECLARE v_statement text;
BEGIN
    FOR step, v_statement IN VALUES ('before', 'SELECT'), ('revoked', 'DELETE FROM t_roles.staff WHERE role = ''worker'''),
        ('elsewhere', 'INSERT INTO t_roles.staff (organization_id, user_id, role) VALUES (t_roles.id(''b''), t_roles.id(''1''), ''worker'')'),
        ('somebody else', 'INSERT INTO t_roles.staff (organization_id, user_id, role) VALUES (t_roles.id(''a''), t_roles.id(''2''), ''worker'')'),
        ('everywhere', 'UPDATE t_roles.staff SET organization_id = ''00000000-0000-0000-0000-000000000000'' WHERE organization_id = t_roles.id(''b'') AND role = ''worker'''),
        ('other role', 'UPDATE t_roles.staff SET role = ''lead'' WHERE user_id = t_roles.id(''1'') AND role = ''worker'''),
        ('inherited', 'INSERT INTO t_roles.staff_hierarchy VALUES (t_roles.id(''a''), ''lead'', ''worker'')'),
        ('no more', 'TRUNCATE t_roles.staff_hierarchy')
    LOOP
        EXECUTE v_statement;
        subject := holdfast.subject_id('t_roles.workers');
        RETURN NEXT;
    END LOOP;
END $$;
BEGIN;
SELECT * FROM steps();
ROLLBACK;
SELECT holdfast.subject_id('workers') AS undone;
-- A check that cannot be made is not passed.
BEGIN;
ALTER TABLE staff RENAME TO crew;
SELECT raised('SELECT holdfast.subject_id(''workers'')');
ROLLBACK;
BEGIN;
ALTER TABLE staff DISABLE TRIGGER ALL;
SELECT raised('SELECT holdfast.subject_id(''workers'')');
ROLLBACK;
SELECT roles, role, raised(format('SELECT holdfast.track_subjects(''workers'', roles => %L, role => %L)', roles, role))
FROM (VALUES ('staff', NULL), ('staff', ''), (NULL, 'worker'), ('staff_hierarchy', 'worker'), ('clients', 'worker')) AS c (roles, role);
DELETE FROM staff WHERE role = 'worker';
-- One place of the code, one caller after another, and rows that change in between.
CREATE FUNCTION turns() RETURNS TABLE (caller text, client boolean, book boolean, subject uuid) LANGUAGE plpgsql AS $$
DECLARE v_turn int := 0;
BEGIN
    FOREACH caller IN ARRAY ARRAY['1a', '3a', '1b', '1a', '1a', '3a', '3a', '1b', '1b'] LOOP
        v_turn := v_turn + 1;
        PERFORM t_roles.be(left(caller, 1), right(caller, 1));
        client := holdfast.has_role('t_roles.staff', 'client');
        book := holdfast.has_permission('t_roles.staff', 'book');
        subject := holdfast.subject_id('t_roles.clients');
        RETURN NEXT;
        IF v_turn = 4 THEN
            UPDATE t_roles.clients SET id = t_roles.id('7') WHERE id = t_roles.id('c');
            UPDATE t_roles.staff_permissions SET role = 'admin' WHERE permission = 'book';
        ELSIF v_turn = 6 THEN
            DELETE FROM t_roles.staff WHERE role = 'client';
        ELSIF v_turn = 8 THEN
            DELETE FROM t_roles.clients WHERE organization_id = t_roles.id('b');
        END IF;
    END LOOP;
END $$;
BEGIN;
SELECT * FROM turns();
ROLLBACK;
SELECT be('1', 'a');
-- In a policy it is an index condition, and the caller needs no right on the table.
CREATE TABLE bookings AS SELECT id('a') AS organization_id, md5(n::text)::uuid AS client_id, n FROM generate_series(1, 20000) AS n;
INSERT INTO bookings VALUES (id('a'), id('c'), 0);
CREATE INDEX ON bookings (organization_id, client_id);
ANALYZE bookings;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON bookings FOR SELECT TO regress_roles_client USING (organization_id = holdfast.org_id() AND client_id = holdfast.subject_id('t_roles.clients'));
GRANT SELECT ON bookings TO regress_roles_client;
SET ROLE regress_roles_client;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM bookings;
SELECT n FROM bookings;
RESET enable_bitmapscan;
RESET ROLE;
-- The caller's search path has no say in what the owner runs.
CREATE SCHEMA t_roles_trap;
GRANT USAGE ON SCHEMA t_roles_trap TO PUBLIC;
CREATE FUNCTION t_roles_trap.equal(uuid, uuid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE OPERATOR t_roles_trap.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = t_roles_trap.equal(uuid, uuid));
CREATE FUNCTION t_roles_trap.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE OPERATOR t_roles_trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = t_roles_trap.equal(text, text));
CREATE FUNCTION t_roles_trap.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
\c -
SET search_path = t_roles_trap, pg_catalog, t_roles;
SELECT be('1', 'a');
SELECT holdfast.has_role('staff', 'staff'), holdfast.has_permission('staff', 'view_clients'), holdfast.subject_id('clients');
SET search_path = t_roles;
SET client_min_messages = warning;
DROP SCHEMA t_roles_trap CASCADE;
RESET client_min_messages;

-- More people on one connection than it remembers at a time: everybody is who they are, also when they come back.
CREATE TABLE crowd (organization_id uuid NOT NULL, id uuid NOT NULL, user_id uuid, PRIMARY KEY (organization_id, id));
SELECT holdfast.track_subjects('crowd');
INSERT INTO crowd SELECT id('a'), md5('client' || n)::uuid, md5('user' || n)::uuid FROM generate_series(1, 4200) AS n WHERE n % 3 > 0;
INSERT INTO staff SELECT id('a'), md5('user' || n)::uuid, CASE WHEN n % 2 = 0 THEN 'admin' ELSE 'client' END FROM generate_series(1, 4200) AS n;
CREATE FUNCTION mistaken(OUT roles int, OUT subjects int) LANGUAGE plpgsql AS $$
BEGIN
    roles := 0;
    subjects := 0;
    FOR v_pass IN 1 .. 2 LOOP
        FOR n IN 1 .. 4200 LOOP
            PERFORM set_config('request.jwt.claims', json_build_object('sub', md5('user' || n)::uuid, 'org_id', id('a'))::text, false);
            roles := roles + (holdfast.has_role('t_roles.staff', 'admin') <> (n % 2 = 0))::int;
            subjects := subjects + (holdfast.subject_id('t_roles.crowd') IS DISTINCT FROM CASE WHEN n % 3 > 0 THEN md5('client' || n)::uuid END)::int;
        END LOOP;
    END LOOP;
END $$;
SELECT * FROM mistaken();

CREATE TABLE bare (user_id uuid, id uuid);
CREATE TABLE texts (organization_id uuid, user_id text, id uuid);
CREATE TABLE parts (organization_id uuid, user_id uuid, id uuid) PARTITION BY LIST (organization_id);
CREATE TABLE percent (organization_id uuid, "%s" uuid, id uuid);
SELECT name, raised(format('SELECT holdfast.track_subjects(%L, %L)', name, col)) FROM (VALUES ('bare', 'user_id'), ('texts', 'user_id'), ('parts', 'user_id'), ('clients', 'none'), ('percent', '%s'), ('held', 'user_id'), (NULL, 'user_id')) AS c (name, col);

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA t_roles CASCADE;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA holdfast FROM regress_roles_owner, regress_roles_client;
REVOKE ALL ON SCHEMA holdfast FROM regress_roles_owner, regress_roles_client;
DROP ROLE regress_roles_owner;
DROP ROLE regress_roles_client;
