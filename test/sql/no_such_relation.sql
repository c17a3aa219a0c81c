-- Every function of the kernel that takes a table, with one that is not: none, one that was dropped, one of another kind.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_no_such_relation;
RESET client_min_messages;
SET search_path = t_no_such_relation;

CREATE TABLE t_no_such_relation.other (id uuid);
CREATE FUNCTION tried(relation oid, OUT many bool, OUT internal text[]) LANGUAGE plpgsql AS $$
DECLARE
    v_function record;
    v_arguments text;
    v_count int := 0;
BEGIN
    FOR v_function IN
        SELECT p.oid::regproc::text AS name, p.proargtypes::oid[] AS types
        FROM pg_proc p
        WHERE p.pronamespace = 'holdfast'::regnamespace AND p.proargtypes::oid[] && '{regclass}'::regtype[]::oid[]
        ORDER BY 1
    LOOP
        SELECT string_agg(CASE t::regtype::text
            WHEN 'regclass' THEN format('%s::regclass', relation)
            WHEN 'text' THEN '''a text''' WHEN 'name' THEN '''id''' WHEN 'integer' THEN '1' WHEN 'smallint' THEN '1::smallint' WHEN 'bigint' THEN '1::bigint'
            WHEN 'uuid' THEN '''00000000-0000-0000-0000-000000000001''::uuid' WHEN 'uuid[]' THEN '''{00000000-0000-0000-0000-000000000001}''::uuid[]'
            WHEN 'tstzrange' THEN '''[2030-01-01,2030-01-02)''::tstzrange' WHEN 'tstzrange[]' THEN '''{"[2030-01-01,2030-01-02)"}''::tstzrange[]'
            WHEN 'interval' THEN '''1 min''::interval' WHEN 'jsonb' THEN '''{}''::jsonb' WHEN 'bytea' THEN '''\x00''::bytea' WHEN 'boolean' THEN 'false'
            ELSE format('NULL::%s', t::regtype) END, ', ' ORDER BY n) INTO v_arguments
        FROM unnest(v_function.types) WITH ORDINALITY AS u (t, n);
        BEGIN
            v_count := v_count + 1;
            EXECUTE format('SELECT FROM %s(%s)', v_function.name, v_arguments);
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE = 'XX000' THEN
                internal := internal || format('%s: %s', v_function.name, SQLERRM);
            END IF;
        END;
    END LOOP;
    many := v_count > 50;
END $$;

BEGIN;
SELECT * FROM tried(0);
ROLLBACK;
BEGIN;
SELECT * FROM tried((SELECT max(oid::bigint) + 100000 FROM pg_class)::oid);
ROLLBACK;
BEGIN;
SELECT * FROM tried('other'::regclass);
ROLLBACK;
BEGIN;
SELECT * FROM tried('pg_class'::regclass);
ROLLBACK;
BEGIN;
SELECT * FROM tried('pg_class_oid_index'::regclass);
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA t_no_such_relation CASCADE;
