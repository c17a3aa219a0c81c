-- Calendar: what is wrong with a call gets its word and the name of the argument, and nothing is written.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_calendar_input;
RESET client_min_messages;
SET search_path = t_calendar_input;
SET timezone = 'UTC';
SET datestyle = ISO;

-- create_calendar: with or without a schema, quoted or long; it says what it is.
SELECT holdfast.create_calendar('cal');
SELECT holdfast.create_calendar('t_calendar_input."Räume 100%s"'), holdfast.create_calendar('"' || repeat('x', 63) || '"');
\d cal
SELECT c.relrowsecurity, c.reloptions, obj_description(c.oid, 'pg_class') IS NOT NULL AS commented,
       (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL) AS uncommented,
       pg_get_serial_sequence(c.oid::regclass::text, 'hold_key')
FROM pg_class c WHERE c.relnamespace = 't_calendar_input'::regnamespace AND c.relkind = 'r' ORDER BY c.relname;

CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END $$;
SELECT caught($$SELECT holdfast.create_calendar('cal')$$), caught($$SELECT holdfast.create_calendar(NULL)$$), caught($$SELECT holdfast.create_calendar('nowhere.cal')$$);

-- hold: every argument, one wrong at a time. try_hold unpacks the same way.
CREATE FUNCTION bad(VARIADIC changes text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    a text[] := ARRAY['''cal''', 'lpad(''9'', 32, ''0'')::uuid', 'ARRAY[lpad(''1'', 32, ''0'')::uuid]', 'ARRAY[tstzrange(''2030-01-10 10:00'', ''2030-01-10 11:00'')]',
                      'NULL', '''5 minutes''', 'NULL', 'NULL', 'NULL', 'NULL'];
BEGIN
    FOR i IN 1 .. cardinality(changes) BY 2 LOOP
        a[changes[i]::int] := changes[i + 1];
    END LOOP;
    RETURN caught('SELECT holdfast.hold(' || array_to_string(a, ', ') || ')');
END $$;
SELECT bad('1', 'NULL') UNION ALL SELECT bad('1', '0') UNION ALL SELECT bad('1', '''pg_class''') UNION ALL SELECT bad('1', '''cal_pkey''')
UNION ALL SELECT bad('1', '''cal_swept''');
SELECT bad('2', 'NULL');
SELECT bad('3', 'NULL') UNION ALL SELECT bad('3', '''{}''') UNION ALL SELECT bad('3', 'ARRAY[NULL]::uuid[]') UNION ALL
SELECT bad('3', '''{{00000000-0000-0000-0000-000000000001}}''') UNION ALL
SELECT bad('3', 'array_fill(lpad(''1'', 32, ''0'')::uuid, ARRAY[2])') UNION ALL
SELECT bad('3', '(SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 101))');
SELECT bad('4', 'NULL') UNION ALL SELECT bad('4', '''{}''') UNION ALL SELECT bad('4', 'ARRAY[NULL]::tstzrange[]') UNION ALL SELECT bad('4', '''{{empty}}''') UNION ALL
SELECT bad('4', '''{empty}''') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(now(), NULL)]') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(NULL, now())]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(now(), ''infinity'')]') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(''-infinity'', now())]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10'', ''2030-01-11'', ''[]'')]') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10'', ''2030-01-11'', ''()'')]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10'', ''2030-01-10'')]') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(''2030-01-11'', ''2030-01-10'')]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10'', ''2031-01-12'')]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''4713-01-01 BC'', ''4713-01-02 BC'')]') UNION ALL SELECT bad('4', 'ARRAY[tstzrange(''294276-12-30'', ''294276-12-31'')]') UNION ALL
SELECT bad('4', '(SELECT array_agg(tstzrange(t, t + ''1 hour'')) FROM generate_series(timestamptz ''2030-01-01'', ''2032-01-01'', ''1 hour'') t)') UNION ALL
SELECT bad('4', '(SELECT array_agg(tstzrange(t, t + ''1 hour'')) FROM generate_series(timestamptz ''2030-01-01'', ''2030-02-01'', ''1 hour'') t)',
           '3', '(SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 50))') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10'', ''2030-01-12''), tstzrange(''2030-01-11'', ''2030-01-13'')]') UNION ALL
SELECT bad('4', 'ARRAY[tstzrange(''2030-01-10 10:00'', ''2030-01-10 11:00''), tstzrange(''2030-01-10 11:05'', ''2030-01-10 12:00'')]', '8', 'ARRAY[interval ''10 min'']');
SELECT bad('6', 'NULL') UNION ALL SELECT bad('6', '''0''') UNION ALL SELECT bad('6', '''-1 second''') UNION ALL SELECT bad('6', '''3601 seconds''') UNION ALL
SELECT bad('6', '''1 month''') UNION ALL SELECT bad('6', '''2147483647 days 9000000 hours''') UNION ALL SELECT bad('6', '''1 day''');
SELECT bad('7', '''{}''') UNION ALL SELECT bad('7', '''{1,1}''') UNION ALL SELECT bad('7', '''{NULL}''') UNION ALL SELECT bad('7', '''{0}''') UNION ALL
SELECT bad('7', '''{-1}''') UNION ALL SELECT bad('7', '''{1001}''') UNION ALL SELECT bad('7', '''{{1}}''');
SELECT bad('8', '''{}''') UNION ALL SELECT bad('8', '''{"1 min","1 min"}''') UNION ALL SELECT bad('8', '''{NULL}''') UNION ALL SELECT bad('8', '''{"-1 min"}''') UNION ALL
SELECT bad('8', '''{"1 mon"}''') UNION ALL SELECT bad('8', '''{"1 day"}''') UNION ALL SELECT bad('8', '''{"24:00:00.000001"}''') UNION ALL SELECT bad('9', '''{"-1 min"}''');
SELECT count(*) FROM cal;
-- The largest that is allowed.
SELECT count(*), count(DISTINCT hold_key) FROM holdfast.hold('cal', gen_random_uuid(), (SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 10)),
    (SELECT array_agg(tstzrange(t, t + '1 hour')) FROM generate_series(timestamptz '2030-01-01', '2030-02-11 15:00', '1 hour') t), NULL, '1 hour',
    array_fill(1000, ARRAY[10]), array_fill(interval '24 hours', ARRAY[10]), array_fill(interval '0', ARRAY[10]));
SELECT count(*), count(DISTINCT lane) AS lanes, count(DISTINCT batch_key) AS batches FROM cal;
SELECT * FROM holdfast.verify_calendar('cal');
SELECT count(*), count(DISTINCT reference) FROM (SELECT batch_key, organization_id FROM cal LIMIT 1) b, LATERAL holdfast.confirm('cal', organization_id, batch_key);
TRUNCATE cal;
-- A time in the past is the caller's affair; so is who holds.
SELECT during FROM holdfast.hold('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], ARRAY[tstzrange('1999-01-10 10:00', '1999-01-10 11:00')], NULL);

-- The others.
SELECT caught($$SELECT holdfast.confirm(NULL, gen_random_uuid(), gen_random_uuid())$$) UNION ALL
SELECT caught($$SELECT holdfast.confirm('cal', NULL, gen_random_uuid())$$) UNION ALL
SELECT caught($$SELECT holdfast.confirm('cal', gen_random_uuid(), NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.confirm('cal', gen_random_uuid(), gen_random_uuid(), '{}')$$) UNION ALL
SELECT caught($$SELECT holdfast.confirm('cal', gen_random_uuid(), gen_random_uuid(), '{NULL}')$$) UNION ALL
SELECT caught($$SELECT holdfast.confirm('pg_class', gen_random_uuid(), gen_random_uuid())$$) UNION ALL
SELECT caught($$SELECT holdfast.release('cal', NULL, gen_random_uuid())$$) UNION ALL
SELECT caught($$SELECT holdfast.release('cal', gen_random_uuid(), NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.release('pg_class', gen_random_uuid(), gen_random_uuid())$$) UNION ALL
SELECT caught($$SELECT holdfast.extend('cal', gen_random_uuid(), gen_random_uuid(), NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.extend('cal', gen_random_uuid(), gen_random_uuid(), '0')$$) UNION ALL
SELECT caught($$SELECT holdfast.extend('cal', gen_random_uuid(), gen_random_uuid(), '61 minutes')$$) UNION ALL
SELECT caught($$SELECT holdfast.extend('cal', gen_random_uuid(), gen_random_uuid(), '1 minute')$$);
SELECT caught($$SELECT holdfast.block('cal', NULL, gen_random_uuid(), '[2030-01-01,2030-01-02)')$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), NULL, '[2030-01-01,2030-01-02)')$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), 'empty')$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2031-01-03)')$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2030-01-02)', NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2030-01-02)', 'busy-tentative')$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2030-01-02)', 'busy', capacity => 0)$$) UNION ALL
SELECT caught($$SELECT holdfast.block('cal', gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2030-01-02)', 'busy', capacity => NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.unblock('cal', gen_random_uuid(), NULL)$$) UNION ALL
SELECT caught($$SELECT holdfast.expire(NULL)$$) UNION ALL SELECT caught($$SELECT holdfast.expire('cal', 0)$$) UNION ALL SELECT caught($$SELECT holdfast.expire('cal', NULL)$$);
SELECT caught($$SELECT holdfast.next_free('cal', gen_random_uuid(), '{}', '[2030-01-01,2030-01-02)')$$) UNION ALL
SELECT caught($$SELECT holdfast.next_free('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '[2030-01-01,)')$$) UNION ALL
SELECT caught($$SELECT holdfast.next_free('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '[2030-01-01,2030-01-02)', '{1,2}')$$) UNION ALL
SELECT caught($$SELECT holdfast.next_free('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '[2030-01-01,2030-01-02)', max_count => 0)$$) UNION ALL
SELECT caught($$SELECT holdfast.conflicts('cal', gen_random_uuid(), NULL, '{}')$$) UNION ALL
SELECT caught($$SELECT holdfast.conflicts('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '{}')$$);
SELECT caught($$SELECT * FROM holdfast.verify_calendar('pg_class')$$) UNION ALL SELECT caught($$SELECT * FROM holdfast.verify_calendar('cal_pkey')$$) UNION ALL
SELECT caught($$SELECT * FROM holdfast.verify_calendar(NULL)$$);

-- In a read-only transaction.
BEGIN READ ONLY;
SELECT caught($$SELECT holdfast.hold('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '{"[2030-01-01,2030-01-02)"}', NULL)$$);
SELECT caught($$SELECT holdfast.release('cal', gen_random_uuid(), gen_random_uuid())$$);
SELECT count(*) FROM holdfast.next_free('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '[2030-01-01,2030-01-02)');
SELECT count(*) FROM holdfast.conflicts('cal', gen_random_uuid(), ARRAY[gen_random_uuid()], '{"[2030-01-01,2030-01-02)"}');
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA t_calendar_input CASCADE;
