-- What sqlsmith finds, on top of test/pgtap/setup: a catalog with little of the server's own in it, so that most calls are of
-- holdfast's functions that one may call, and a table of values to call them with. sqlsmith reads pg_proc by the search_path.
CREATE SCHEMA smith;
GRANT USAGE ON SCHEMA smith, holdfast TO anon, authenticated;

CREATE VIEW smith.pg_proc AS
SELECT p.* FROM pg_catalog.pg_proc p
WHERE p.pronamespace IN ('public'::regnamespace, 'holdfast'::regnamespace) AND has_function_privilege(p.oid, 'EXECUTE')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND e.extname <> 'holdfast')
   OR p.oid = ANY ('{now(), gen_random_uuid(), "tstzrange(timestamptz, timestamptz)", lower(text), md5(text), length(text), abs(int),
                     "make_interval(int, int, int, int, int, int, double precision)", to_jsonb(anyelement), sha256(bytea),
                     "count()", min(timestamptz), max(int)}'::regprocedure[]);
GRANT SELECT ON smith.pg_proc TO PUBLIC;

-- It takes tables for within reach whose schema is not.
REVOKE ALL ON ALL TABLES IN SCHEMA cron, tap, proof FROM PUBLIC;

-- A row of what is usual, one of what is not, one of nothing, and ids of rows that are there.
CREATE TABLE smith.things (
    organization uuid, id uuid, ids uuid[], at timestamptz, until timestamptz, span tstzrange, spans tstzrange[], moment timestamp,
    length interval, lengths interval[], zone text, rule text, word text, words text[], number int, numbers int[], big bigint,
    flag bool, day date, hour time, details jsonb, bytes bytea, bytes_array bytea[], rel regclass, proc regprocedure, label name);
INSERT INTO smith.things
SELECT o.id, b.id, ARRAY[b.specialist_id, b.client_id], b.start_time, b.end_time, tstzrange(b.start_time, b.end_time), ARRAY[tstzrange(b.start_time, b.end_time)],
    b.start_time::timestamp, '50 min', '{15 min,0}', 'Europe/Berlin', 'FREQ=WEEKLY;COUNT=3', 'client', '{client,admin}', 1, '{1,2}', 50,
    true, '2030-01-07', '09:00', '{"reason": "a reason"}', '\x00ff', ARRAY['\x00ff'::bytea], c.oid::regclass, 'holdfast.uid()', 'holdfast'
FROM public.organizations o
JOIN public.bookings b ON b.organization_id = o.id
CROSS JOIN (SELECT 'holdfast_private.calendar'::regclass AS oid UNION ALL SELECT 'public.bookings'::regclass) c;
INSERT INTO smith.things VALUES
    ('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{NULL}', 'infinity', '-infinity', '(,)', '{"empty","(,)"}', 'infinity',
     '-178000000 years', '{"-1 day",NULL}', 'Nowhere/Land', 'FREQ=SECONDLY;INTERVAL=0;BYDAY=53MO', E'\u0001 \U0001F600' || repeat('x', 70000), '{"",NULL}',
     -2147483648, '{-1,NULL,2147483647}', 9223372036854775807, NULL, '5874897-12-31', '24:00', '[[{"a": [1e400, null, "\ufffd"]}]]',
     '\x', '{}', 0::regclass, 0::regprocedure, ''),
    ('10000000-0000-0000-0000-000000000000', NULL, '{}', '4713-01-01 BC', '294276-12-31', '[2030-01-01,2030-01-01]', '{}', '0001-01-01 BC',
     '0', '{}', '', '', '', '{}', 0, '{}', 0, false, '-infinity', '00:00', '{}', NULL, '{NULL}', 'pg_catalog.pg_class', 'pg_catalog.now()', 'x');
INSERT INTO smith.things DEFAULT VALUES;
GRANT SELECT ON smith.things TO PUBLIC;

-- The kernel's functions by somebody who may call them all, to whom nothing belongs.
CREATE ROLE smith_kernel LOGIN;
GRANT USAGE ON SCHEMA smith, holdfast TO smith_kernel;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO smith_kernel;

-- PGOPTIONS of one identity of the matrix.
CREATE FUNCTION smith.options(identity text) RETURNS text LANGUAGE sql AS $$
    SELECT format('-c role=%s -c request.jwt.claims=%s', i.role, regexp_replace(replace(i.claims::text, ', ', ','), '([\\ ])', '\\\1', 'g'))
    FROM proof.identities i WHERE i.name = options.identity
$$;

-- Calls every function that one may call, with arguments of smith.things by type, one way after another: sqlsmith seldom gets as
-- far as calling a function of many arguments. What a call says does not matter here; the server's log is looked at.
CREATE FUNCTION smith.call_all(rounds int, OUT called bigint, OUT answered bigint) LANGUAGE plpgsql AS $$
DECLARE
    v_function record;
    v_arguments text;
BEGIN
    called := 0;
    answered := 0;
    FOR v_round IN 1 .. rounds LOOP
        FOR v_function IN
            SELECT p.oid, p.oid::regproc::text AS name, p.pronargs, p.pronargdefaults, p.proargnames, p.proargtypes::oid[] AS types
            FROM smith.pg_proc p
            WHERE p.prokind = 'f' AND p.pronamespace <> 'pg_catalog'::regnamespace
              AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
        LOOP
            -- A value of a row of things for each argument of such a type; one that has a default is often left out.
            SELECT string_agg(CASE WHEN v_function.proargnames IS NULL THEN '' ELSE format('%I => ', v_function.proargnames[n]) END
                       || CASE WHEN a.attname IS NULL OR random() < 0.05 THEN format('NULL::%s', t::regtype)
                               ELSE format('(SELECT t.%I FROM smith.things t ORDER BY random() LIMIT 1)', a.attname) END, ', ' ORDER BY n)
            INTO v_arguments
            FROM unnest(v_function.types) WITH ORDINALITY AS u (t, n)
            LEFT JOIN LATERAL (SELECT attname FROM pg_catalog.pg_attribute
                               WHERE attrelid = 'smith.things'::regclass AND atttypid = t AND attnum > 0 ORDER BY random() LIMIT 1) a ON true
            WHERE n <= v_function.pronargs - v_function.pronargdefaults OR v_function.proargnames IS NOT NULL AND random() < 0.5;
            BEGIN
                called := called + 1;
                EXECUTE format('SELECT count(*) FROM %s(%s)', v_function.name, v_arguments);
                answered := answered + 1;
            EXCEPTION WHEN OTHERS THEN
                -- The condition internal_error is the whole class, and XX001 is a sealed value that was tampered with.
                IF SQLSTATE = 'XX000' THEN
                    RAISE WARNING 'internal error: %(%): %', v_function.name, v_arguments, SQLERRM;
                END IF;
            END;
        END LOOP;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION smith.call_all TO PUBLIC;
