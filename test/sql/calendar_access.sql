-- Calendar: whose rights count, and which tables are written without the executor.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_calendar_access;
CREATE ROLE regress_calendar_access_user;
CREATE ROLE regress_calendar_access_owner;
GRANT USAGE ON SCHEMA holdfast, t_calendar_access TO regress_calendar_access_user, regress_calendar_access_owner;
GRANT CREATE ON SCHEMA t_calendar_access TO regress_calendar_access_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_calendar_access_user, regress_calendar_access_owner;
RESET client_min_messages;
SET search_path = t_calendar_access;
SET timezone = 'UTC';
SET datestyle = ISO;
SET holdfast.now = '2030-01-01 00:00:00+00';
CREATE FUNCTION u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;
CREATE FUNCTION at(f text, t text) RETURNS tstzrange LANGUAGE sql IMMUTABLE AS
$$SELECT tstzrange(('2030-01-10 ' || f || '+00')::timestamptz, ('2030-01-10 ' || t || '+00')::timestamptz)$$;
CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END $$;
SET ROLE regress_calendar_access_owner;
SELECT holdfast.create_calendar('t_calendar_access.cal');
RESET ROLE;
-- Which way a hold goes: the executor writes in a subtransaction of its own.
CREATE FUNCTION way(calendar regclass, resource int DEFAULT 99) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_xmin text;
BEGIN
    PERFORM holdfast.hold(calendar, u(9), ARRAY[u(resource)], ARRAY[at('10:00', '11:00')], u(7));
    EXECUTE format('SELECT xmin FROM %s WHERE resource_id = $1 ORDER BY created_at DESC LIMIT 1', calendar) INTO v_xmin USING u(resource);
    EXECUTE format('DELETE FROM %s WHERE resource_id = $1', calendar) USING u(resource);
    RETURN CASE WHEN v_xmin = (pg_current_xact_id()::text::bigint % 4294967296)::text THEN 'direct' ELSE 'executor' END;
END $$;

-- Privileges, on both ways.
SET ROLE regress_calendar_access_user;
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7))$$);
SELECT caught($$SELECT holdfast.try_hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7))$$);
SELECT caught($$SELECT holdfast.block('cal', u(9), u(1), at('10:00', '11:00'))$$);
SELECT caught($$SELECT holdfast.confirm('cal', u(9), u(1))$$), caught($$SELECT holdfast.release('cal', u(9), u(1))$$);
SELECT caught($$SELECT holdfast.extend('cal', u(9), u(1), '1 minute')$$), caught($$SELECT holdfast.unblock('cal', u(9), u(1))$$);
SELECT caught($$SELECT holdfast.expire('cal')$$), caught($$SELECT holdfast.next_free('cal', u(9), ARRAY[u(1)], at('10:00', '11:00'))$$);
SELECT caught($$SELECT holdfast.conflicts('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')])$$), caught($$SELECT * FROM holdfast.verify_calendar('cal')$$);
RESET ROLE;
CREATE FUNCTION allowed(privileges text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    REVOKE ALL ON cal FROM regress_calendar_access_user;
    EXECUTE format('GRANT %s ON cal TO regress_calendar_access_user', privileges);
    SET LOCAL ROLE regress_calendar_access_user;
    RETURN concat_ws('; ', caught($c$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7))$c$), caught($c$SELECT holdfast.confirm('cal', u(9), u(1))$c$),
        caught($c$SELECT holdfast.release('cal', u(9), u(1))$c$), caught($c$SELECT holdfast.next_free('cal', u(9), ARRAY[u(1)], at('10:00', '11:00'))$c$));
END $$;
ALTER TABLE cal DISABLE ROW LEVEL SECURITY;
BEGIN; SELECT allowed('SELECT'); ROLLBACK;
BEGIN; SELECT allowed('SELECT, INSERT'); ROLLBACK;
BEGIN; SELECT allowed('SELECT, INSERT, DELETE'); ROLLBACK;
BEGIN; SELECT allowed('SELECT, UPDATE'); ROLLBACK;
SET holdfast.direct_insert = off;
BEGIN; SELECT allowed('SELECT, INSERT'); ROLLBACK;
BEGIN; SELECT allowed('SELECT, INSERT, DELETE'); ROLLBACK;
RESET holdfast.direct_insert;
ALTER TABLE cal ENABLE ROW LEVEL SECURITY;

-- Row security: what is hidden still stands in the way; what is not theirs to see does not exist for them.
GRANT ALL ON cal TO regress_calendar_access_user;
CREATE POLICY own ON cal TO regress_calendar_access_user USING (holder = u(7)) WITH CHECK (holder = u(7));
SELECT hold_key AS theirs FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(8), '1 minute') \gset
SET ROLE regress_calendar_access_user;
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7))$$);
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('12:00', '13:00')], u(8))$$);
SELECT during FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('12:00', '13:00')], u(7));
SELECT caught(format('SELECT holdfast.confirm(%L, u(9), %L)', 'cal', :'theirs')), caught(format('SELECT holdfast.extend(%L, u(9), %L, %L)', 'cal', :'theirs', '1 minute'));
SELECT holdfast.release('cal', u(9), :'theirs'), holdfast.unblock('cal', u(9), :'theirs');
SELECT during FROM holdfast.conflicts('cal', u(9), ARRAY[u(1)], ARRAY[at('08:00', '20:00')]);
SELECT * FROM holdfast.next_free('cal', u(9), ARRAY[u(1)], at('10:00', '11:00'), max_count => 2);
SELECT caught($$SELECT * FROM holdfast.verify_calendar('cal')$$);
RESET ROLE;
-- A lapsed hold is nobody's.
SET holdfast.now = '2030-01-01 00:01:00+00';
SET ROLE regress_calendar_access_user;
SELECT during FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7));
SELECT count(*) FROM cal;
RESET ROLE;
SELECT holder, during FROM cal ORDER BY during;
-- A policy that shows more than may be changed: all or nothing still.
CREATE POLICY see ON cal FOR SELECT TO regress_calendar_access_user USING (true);
SELECT hold_key AS theirs FROM holdfast.hold('cal', u(9), ARRAY[u(2)], ARRAY[at('10:00', '11:00')], u(8)) \gset
SET ROLE regress_calendar_access_user;
SELECT caught(format('SELECT holdfast.confirm(%L, u(9), %L)', 'cal', :'theirs')), caught(format('SELECT holdfast.release(%L, u(9), %L)', 'cal', :'theirs')),
       caught(format('SELECT holdfast.extend(%L, u(9), %L, %L)', 'cal', :'theirs', '1 minute'));
SELECT hold_key AS mine FROM holdfast.hold('cal', u(9), ARRAY[u(3)], ARRAY[at('10:00', '11:00')], u(7)) \gset
SELECT during FROM holdfast.confirm('cal', u(9), :'mine');
-- expire() needs the privilege, and then sweeps everything.
RESET ROLE;
SET holdfast.now = '2031-01-01 00:00:00+00';
SET ROLE regress_calendar_access_user;
SELECT holdfast.expire('cal');
RESET ROLE;
SELECT kind, count(*) FROM cal GROUP BY kind;
SET holdfast.now = '2030-01-01 00:00:00+00';
-- A hostile search_path changes nothing, above all not for what runs as the owner.
CREATE SCHEMA t_calendar_evil;
GRANT USAGE ON SCHEMA t_calendar_evil TO regress_calendar_access_user;
CREATE FUNCTION t_calendar_evil.never(uuid, uuid) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'caught in a trap'; END $$;
CREATE OPERATOR t_calendar_evil.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = t_calendar_evil.never);
CREATE OPERATOR t_calendar_evil.<> (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = t_calendar_evil.never);
CREATE OPERATOR t_calendar_evil.>= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = t_calendar_evil.never);
CREATE OPERATOR t_calendar_evil.<= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = t_calendar_evil.never);
CREATE FUNCTION t_calendar_evil.lower(tstzrange) RETURNS timestamptz LANGUAGE plpgsql AS $$BEGIN RAISE 'caught in a trap'; END $$;
CREATE FUNCTION t_calendar_evil.never_time(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'caught in a trap'; END $$;
CREATE OPERATOR t_calendar_evil.<= (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = t_calendar_evil.never_time);
CREATE OPERATOR t_calendar_evil.> (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = t_calendar_evil.never_time);
CREATE FUNCTION t_calendar_evil.never_text(text, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'caught in a trap'; END $$;
CREATE OPERATOR t_calendar_evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = t_calendar_evil.never_text);
CREATE OPERATOR t_calendar_evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = t_calendar_evil.never_text);
TRUNCATE cal;
SELECT count(*) AS prepared FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7));
SELECT u(1) AS r, u(9) AS o, u(7) AS h, u(51) AS fifty, at('10:00', '11:00') AS a, at('10:30', '11:30') AS b, hold_key AS k FROM cal \gset
\c -
SET timezone = 'UTC';
SET datestyle = ISO;
SET holdfast.now = '2030-01-01 00:00:00+00';
SET search_path = t_calendar_evil, pg_catalog;
SELECT conflict IS NOT NULL AS conflict FROM holdfast.try_hold('t_calendar_access.cal', :'o', ARRAY[:'r'::uuid], ARRAY[:'b'::tstzrange], :'h', capacities => '{1}');
SELECT during FROM holdfast.confirm('t_calendar_access.cal', :'o', :'k', ARRAY[:'fifty'::uuid]);
SELECT hold_key AS k FROM holdfast.hold('t_calendar_access.cal', :'o', ARRAY[:'r'::uuid], ARRAY[:'b'::tstzrange], :'h', replaces => :'fifty') \gset
SELECT holdfast.extend('t_calendar_access.cal', :'o', :'k', '2 minutes'), holdfast.unblock('t_calendar_access.cal', :'o', :'fifty');
SELECT during, kind, lane FROM holdfast.conflicts('t_calendar_access.cal', :'o', ARRAY[:'r'::uuid], ARRAY[:'b'::tstzrange]);
SELECT holdfast.release('t_calendar_access.cal', :'o', :'k'), holdfast.expire('t_calendar_access.cal');
SELECT count(*) FROM holdfast.verify_calendar('t_calendar_access.cal');
SET search_path = t_calendar_access;
SET client_min_messages = warning;
DROP SCHEMA t_calendar_evil CASCADE;
RESET client_min_messages;

-- Which tables are written directly: each of these asks for the executor, for good or until it is gone.
TRUNCATE cal;
SELECT way('cal');
SET holdfast.direct_insert = off;
SELECT way('cal');
RESET holdfast.direct_insert;
CREATE TABLE noted (resource_id uuid, operation text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO t_calendar_access.noted VALUES (CASE TG_OP WHEN 'DELETE' THEN OLD.resource_id ELSE NEW.resource_id END, TG_OP); RETURN NULL; END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON cal FOR EACH ROW EXECUTE FUNCTION note();
SELECT way('cal'), (SELECT array_agg(operation) FROM noted) IS NULL AS before_it;
SELECT operation, count(*) FROM noted GROUP BY operation ORDER BY operation;
DROP TRIGGER note ON cal;
CREATE TRIGGER note AFTER DELETE ON cal FOR EACH ROW EXECUTE FUNCTION note();
SELECT way('cal') AS only_deletes_are_noted;
TRUNCATE noted;
SELECT holdfast.release('cal', u(9), h.hold_key) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7)) h;
SELECT operation, count(*) FROM noted GROUP BY operation;
DROP TRIGGER note ON cal;
-- A release deletes by itself only what a DELETE would.
SET client_min_messages = error;
CREATE PUBLICATION regress_calendar_access FOR TABLE cal;
RESET client_min_messages;
ALTER TABLE cal REPLICA IDENTITY NOTHING;
SELECT caught($$SELECT holdfast.release('cal', u(9), h.hold_key) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7)) h$$);
DROP PUBLICATION regress_calendar_access;
ALTER TABLE cal REPLICA IDENTITY DEFAULT;
CREATE TABLE resources (id uuid PRIMARY KEY);
ALTER TABLE cal ADD CONSTRAINT real_resource FOREIGN KEY (resource_id) REFERENCES resources;
SELECT caught($$SELECT way('cal')$$);
INSERT INTO resources VALUES (u(99));
SELECT way('cal');
ALTER TABLE cal DROP CONSTRAINT real_resource;
ALTER TABLE cal ADD COLUMN note text DEFAULT 'made here';
SELECT way('cal') AS more_columns;
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7));
SELECT note FROM cal;
ALTER TABLE cal DROP COLUMN note;
SELECT way('cal') AS a_hole_among_them;
DROP TABLE cal;
SELECT holdfast.create_calendar('cal');
ALTER TABLE cal ALTER holder SET NOT NULL;
SELECT way('cal') AS never_null, split_part(caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], NULL)$$), ' Failing', 1);
ALTER TABLE cal ALTER holder DROP NOT NULL;
-- A CHECK of built-in functions is checked directly, another by the executor.
ALTER TABLE cal ADD CONSTRAINT by_day CHECK (extract(hour FROM starts_at AT TIME ZONE 'UTC') >= 8);
SELECT way('cal') AS a_simple_check, caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('07:59', '11:00')], NULL)$$);
CREATE FUNCTION early(t timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$SELECT extract(hour FROM t AT TIME ZONE 'UTC') < 8$$;
ALTER TABLE cal DROP CONSTRAINT by_day, ADD CONSTRAINT by_day CHECK (NOT early(starts_at));
SELECT way('cal') AS a_check_of_ones_own, split_part(caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('07:59', '11:00')], NULL)$$), ' Failing', 1);
ALTER TABLE cal DROP CONSTRAINT by_day;
CREATE RULE elsewhere AS ON UPDATE TO cal DO ALSO NOTHING;
SELECT way('cal') AS rules;
DROP RULE elsewhere ON cal;
SELECT way('cal');
ALTER TABLE cal FORCE ROW LEVEL SECURITY;
ALTER TABLE cal OWNER TO regress_calendar_access_owner;
CREATE POLICY all_of_it ON cal USING (true);
GRANT EXECUTE ON FUNCTION way(regclass, int) TO regress_calendar_access_owner;
SET ROLE regress_calendar_access_owner;
SELECT way('cal') AS owner_under_row_security;
RESET ROLE;
ALTER TABLE cal NO FORCE ROW LEVEL SECURITY;
SET ROLE regress_calendar_access_owner;
SELECT way('cal') AS owner;
RESET ROLE;
-- Renamed and moved, the calendar goes on; kept plans and what is known of it follow.
ALTER TABLE cal RENAME TO calendar_renamed;
SELECT way('calendar_renamed'), (SELECT count(*) FROM holdfast.try_hold('calendar_renamed', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7), capacities => '{2}'));
CREATE SCHEMA t_calendar_moved;
GRANT USAGE ON SCHEMA t_calendar_moved TO regress_calendar_access_owner;
ALTER TABLE calendar_renamed SET SCHEMA t_calendar_moved;
SELECT way('t_calendar_moved.calendar_renamed'), (SELECT count(*) FROM holdfast.try_hold('t_calendar_moved.calendar_renamed', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7), capacities => '{2}'));
ALTER TABLE t_calendar_moved.calendar_renamed RENAME COLUMN holder TO owner;
SELECT caught($$SELECT way('t_calendar_moved.calendar_renamed')$$);

SET client_min_messages = warning;
DROP SCHEMA t_calendar_access, t_calendar_moved CASCADE;
DROP OWNED BY regress_calendar_access_user, regress_calendar_access_owner;
DROP ROLE regress_calendar_access_user, regress_calendar_access_owner;
