-- Rules that are meant to hurt: each call ends by itself, and soon. The limit is lenient because the machine may be busy; the
-- CPU time that the worst took is printed.
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_hostile;
CREATE TABLE t_hostile.attempt (n int PRIMARY KEY, rule text, starts timestamp, zone text, outcome text, cpu_ms numeric);

-- the CPU time of this backend so far; on systems without /proc the wall clock must do
CREATE FUNCTION t_hostile.cpu_ms() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(split_part(pg_read_file('/proc/self/schedstat', 0, 100, true), ' ', 1)::numeric / 1e6, extract(epoch FROM clock_timestamp()) * 1e3)
$$;
CREATE PROCEDURE t_hostile.try(which int) LANGUAGE plpgsql AS $$
DECLARE
    v_attempt t_hostile.attempt;
    v_before numeric;
BEGIN
    SELECT * INTO v_attempt FROM t_hostile.attempt WHERE n = which;
    v_before := t_hostile.cpu_ms();
    BEGIN
        PERFORM count(*) FROM holdfast.expand_rrule(v_attempt.rule, v_attempt.starts, v_attempt.zone, '1 day', 10000);
        v_attempt.outcome := 'accepted';
    EXCEPTION WHEN SQLSTATE 'PT400' THEN
        v_attempt.outcome := SQLERRM;
    END;
    UPDATE t_hostile.attempt SET outcome = v_attempt.outcome, cpu_ms = t_hostile.cpu_ms() - v_before WHERE n = which;
END
$$;

-- refused: too much text, too much of one thing, finer than a day, or it never matches
INSERT INTO t_hostile.attempt (n, rule)
SELECT row_number() OVER (), rule FROM (
    SELECT unnest(ARRAY[
        'FREQ=SECONDLY', 'FREQ=MINUTELY;INTERVAL=9999', 'FREQ=HOURLY', 'FREQ=DAILY;COUNT=1000000000', 'FREQ=DAILY;INTERVAL=999999999',
        'FREQ=DAILY;BYSECOND=' || (SELECT string_agg(n::text, ',') FROM generate_series(0, 59) n),
        'FREQ=DAILY;BYHOUR=' || (SELECT string_agg(n::text, ',') FROM generate_series(0, 23) n)
            || ';BYMINUTE=' || (SELECT string_agg(n::text, ',') FROM generate_series(0, 59) n),
        repeat('A', 1000000), repeat('FREQ=DAILY;', 100000), repeat(';', 1000000), repeat('=', 1000000), 'FREQ=DAILY;BYDAY=' || repeat('MO,', 300000),
        'FREQ=DAILY;BYMONTHDAY=' || repeat('1,', 500000), 'FREQ=' || repeat('9', 2000), 'FREQ=DAILY;COUNT=' || repeat('9', 2000), repeat('1', 2048),
        'FREQ=DAILY;BYMONTHDAY=' || repeat('1,', 1000), 'FREQ=YEARLY;BYDAY=' || repeat('53MO,', 400)]) AS rule
    UNION ALL
    SELECT format('FREQ=%s;INTERVAL=%s;%s', freq, step, never)
    FROM unnest(ARRAY['DAILY', 'MONTHLY', 'YEARLY']) freq, unnest(ARRAY[1, 2, 7, 97, 9999, 10000]) step,
         unnest(ARRAY['BYMONTH=2;BYMONTHDAY=30', 'BYMONTH=2,4,6,9,11;BYMONTHDAY=31', 'BYMONTH=2;BYMONTHDAY=29;BYHOUR=1;BYSETPOS=2',
                      'BYHOUR=9;BYMONTHDAY=1;BYSETPOS=366', 'BYHOUR=9;BYMONTHDAY=1;BYSETPOS=-366']) never
    UNION ALL
    SELECT format('FREQ=%s', never)
    FROM unnest(ARRAY['YEARLY;BYYEARDAY=1;BYMONTH=2', 'YEARLY;BYWEEKNO=53;BYMONTH=6', 'MONTHLY;BYDAY=53MO', 'WEEKLY;BYMONTH=1;BYDAY=MO;BYSETPOS=9',
                      'YEARLY;BYDAY=53MO;BYMONTH=1', 'YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=100', 'DAILY;BYHOUR=9;BYSETPOS=-366',
                      'YEARLY;BYYEARDAY=-366;BYMONTH=12', 'YEARLY;BYYEARDAY=366;BYDAY=SU;BYWEEKNO=53',
                      'YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=1', 'WEEKLY;INTERVAL=10000;BYDAY=MO;BYSETPOS=-8']) never) r;
-- accepted, and as much as a rule can be: every quarter of an hour, all positions, a day in decades
INSERT INTO t_hostile.attempt (n, rule)
SELECT 1000 + row_number() OVER (), rule FROM (
    SELECT format('FREQ=%s;%s', freq, much) AS rule
    FROM unnest(ARRAY['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'YEARLY;INTERVAL=3']) freq,
         unnest(ARRAY['BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=0,15,30,45;BYDAY=MO,TU,WE,TH,FR,SA,SU',
                      'BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12', 'BYMONTH=2;BYDAY=MO',
                      'BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=0,15,30,45;BYSETPOS='
                          || (SELECT string_agg(n || ',-' || n, ',') FROM generate_series(1, 200) n)]) much
    UNION ALL
    SELECT format('FREQ=%s;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO%s', freq, position)
    FROM unnest(ARRAY['DAILY', 'DAILY;INTERVAL=3', 'MONTHLY', 'YEARLY']) freq,
         unnest(ARRAY['', ';BYSETPOS=1', ';BYSETPOS=-1', ';BYSETPOS=1,366,-1,-366']) position
    UNION ALL
    SELECT unnest(ARRAY['FREQ=DAILY;BYHOUR=1,2;BYSETPOS=-2', 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;BYMONTH=1', 'FREQ=YEARLY;BYYEARDAY=366',
                        'FREQ=YEARLY;INTERVAL=4;BYWEEKNO=-53,-52,-1,1,52,53', 'FREQ=YEARLY;BYDAY=-53SU',
                        'FREQ=WEEKLY;BYMONTH=2;BYDAY=SU;BYSETPOS=-1', 'FREQ=WEEKLY;INTERVAL=10000', 'FREQ=YEARLY;INTERVAL=10000'])) r;
-- each from the first year, from now and from the last, in zones with many changes
UPDATE t_hostile.attempt SET starts = '0001-01-01 02:30', zone = 'America/New_York';
INSERT INTO t_hostile.attempt (n, rule, starts, zone)
SELECT n + 10000 * which, rule, s.starts, s.zone
FROM t_hostile.attempt, (VALUES (1, timestamp '2026-03-08 02:30', 'Africa/Casablanca'), (2, '9999-12-31 23:59:59', 'Pacific/Apia')) s (which, starts, zone);

\set ON_ERROR_STOP off
SET statement_timeout = '1s';
SELECT format('CALL t_hostile.try(%s)', n) FROM t_hostile.attempt ORDER BY n \gexec
RESET statement_timeout;
\set ON_ERROR_STOP on
SELECT CASE WHEN count(outcome) = count(*) THEN 'ok ' ELSE 'not ok ' END || count(*) || ' hostile calls end; CPU of the worst '
       || round(max(cpu_ms), 1) || ' ms'
FROM t_hostile.attempt;
SELECT format('   did not end: %s from %s', left(rule, 100), starts) FROM t_hostile.attempt WHERE outcome IS NULL LIMIT 10;
SELECT CASE WHEN bool_and(outcome = 'invalid_input') THEN 'ok ' ELSE 'not ok ' END || count(*) || ' that cannot match or are too much are refused'
FROM t_hostile.attempt WHERE n % 10000 < 1000;
SELECT '   accepted: ' || left(rule, 100) FROM t_hostile.attempt WHERE n % 10000 < 1000 AND outcome <> 'invalid_input' ORDER BY n LIMIT 10;
SELECT CASE WHEN bool_and(outcome = 'accepted') THEN 'ok ' ELSE 'not ok ' END || count(*) || ' that are only costly are expanded'
FROM t_hostile.attempt WHERE n BETWEEN 1000 AND 9999;
SELECT '   refused: ' || left(rule, 100) FROM t_hostile.attempt WHERE n BETWEEN 1000 AND 9999 AND outcome <> 'accepted' ORDER BY n LIMIT 10;
DROP SCHEMA t_hostile CASCADE;
