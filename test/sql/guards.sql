-- Rate limits and locks: the algorithm by the clock, names, rollbacks, a full table, who may look.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_guards;
RESET client_min_messages;
SELECT holdfast.guards_available();
SELECT holdfast.reset_stats();

-- caught runs a statement and returns the error as the client would get it.
CREATE FUNCTION t_guards.caught(statement text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;

-- calls makes so many calls at a time, and says how many were allowed, and what the first and the last were told.
CREATE FUNCTION t_guards.calls(
    at timestamptz, bucket text, subject text, max_calls int, per interval, calls int DEFAULT 1,
    OUT allowed bigint, OUT first_remaining int, OUT last_remaining int, OUT retry_after interval)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('holdfast.now', at::text, true);
    WITH made AS MATERIALIZED (
        SELECT n, holdfast.rate_limit(bucket, subject, max_calls, per) AS r FROM generate_series(1, calls) n)
    SELECT count(*) FILTER (WHERE (r).allowed), min((r).remaining) FILTER (WHERE n = 1),
        min((r).remaining) FILTER (WHERE n = calls), max((r).retry_after) FILTER (WHERE n = calls)
    INTO allowed, first_remaining, last_remaining, retry_after FROM made;
END $$;

-- 10 an hour: 10 of 100 at once, then one each six minutes; what was refused did not count.
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'hour', 'a', 10, '1 hour', 100);
SELECT * FROM t_guards.calls('2030-01-01 00:05:59.999999Z', 'hour', 'a', 10, '1 hour');
SELECT * FROM t_guards.calls('2030-01-01 00:06Z', 'hour', 'a', 10, '1 hour', 2);
SELECT * FROM t_guards.calls('2030-01-01 00:36Z', 'hour', 'a', 10, '1 hour', 100);
SELECT * FROM t_guards.calls('2030-01-01 01:36Z', 'hour', 'a', 10, '1 hour', 100);
-- Waiting as long as one is told is enough, and no less is; also where the step is no whole number.
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'seven', 'a', 7, '1 second', 8);
SELECT (t_guards.calls(timestamptz '2030-01-01 00:00Z' + interval '142857 microseconds', 'seven', 'a', 7, '1 second')).allowed AS early,
    (t_guards.calls(timestamptz '2030-01-01 00:00Z' + interval '142858 microseconds', 'seven', 'a', 7, '1 second')).allowed AS in_time;
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'one', 'a', 1, '1 day', 2);
SELECT * FROM t_guards.calls('2030-01-02 00:00Z', 'one', 'a', 1, '1 day', 2);
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'month', 'a', 2, '1 month', 3);
-- In a long run the average holds: a call each minute for a week against 10 an hour.
SELECT sum(allowed) AS allowed, 10 + 7 * 24 * 10 - 1 AS bound
FROM generate_series(timestamptz '2030-01-01Z', '2030-01-07 23:59Z', '1 minute') t, t_guards.calls(t, 'week', 'a', 10, '1 hour');

-- The clock is set back, or the limit lowered: never longer than per from now.
SELECT * FROM t_guards.calls('2031-01-01 00:00Z', 'back', 'a', 10, '1 hour', 10);
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'back', 'a', 10, '1 hour');
SELECT * FROM t_guards.calls('2030-01-01 00:06Z', 'back', 'a', 10, '1 hour', 2);
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'lower', 'a', 100, '1 day', 100);
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'lower', 'a', 10, '1 minute');
SELECT * FROM t_guards.calls('2030-01-01 00:01Z', 'lower', 'a', 10, '1 minute', 11);

-- A name is bucket and subject, byte by byte; null is a subject of its own.
SELECT n, allowed FROM (VALUES (1, 'ab', 'c'), (2, 'a', 'bc'), (3, 'abc', ''), (4, '', 'abc'), (5, 'abc', NULL), (6, '', ''),
    (7, '', NULL), (8, 'ab', 'C'), (9, 'ab', 'c '), (10, repeat('x', 5000) || '1', 'c'), (11, repeat('x', 5000) || '2', 'c'),
    (12, 'ab', repeat('y', 5000) || '1'), (13, 'ab', repeat('y', 5000) || '2'), (14, 'ab', repeat('y', 5000) || '2'),
    (15, 'abc', NULL), (16, 'ab', 'c')) AS v (n, bucket, subject),
    t_guards.calls('2030-01-01 00:00Z', bucket, subject, 1, '1 hour') ORDER BY n;

-- Rolled back, and counted all the same: 1,000 transactions, and 1,000 that fail.
DO $$
BEGIN
    FOR i IN 1..1000 LOOP
        PERFORM holdfast.rate_limit('rollback', 'a', 5000, '1 day');
        ROLLBACK;
    END LOOP;
END $$;
DO $$
BEGIN
    FOR i IN 1..1000 LOOP
        BEGIN
            PERFORM holdfast.rate_limit('rollback', 'a', 5000, '1 day');
            PERFORM holdfast.record_failure('rollback', 'a', 5000, '1 day');
            RAISE division_by_zero;
        EXCEPTION WHEN division_by_zero THEN NULL;
        END;
    END LOOP;
END $$;
SELECT 5000 - (holdfast.rate_limit('rollback', 'a', 5000, '1 day')).remaining AS calls,
    (holdfast.record_failure('rollback', 'a', 5000, '1 day')).failures;

-- enforce_rate_limit raises.
SELECT holdfast.enforce_rate_limit('raise', 'a', 1, '90 seconds');
SELECT state, message, detail::jsonb -> 'retry_after_seconds' IN ('89', '90') AS seconds
FROM t_guards.caught($$SELECT holdfast.enforce_rate_limit('raise', 'a', 1, '90 seconds')$$);

-- Failures: the third locks for a quarter of an hour; more do not prolong it; then it starts again.
SET TimeZone = 'UTC';
SET holdfast.now = '2030-01-01 00:00Z';
SELECT n, f.* FROM generate_series(1, 5) n, holdfast.record_failure('login', 'a' || left(n::text, 0), 3, '15 minutes') f;
SET holdfast.now = '2030-01-01 00:14:59.999999Z';
SELECT holdfast.is_locked('login', 'a'), holdfast.is_locked('login', 'b'), holdfast.is_locked('other', 'a'), holdfast.is_locked('login', NULL);
SELECT * FROM t_guards.caught($$SELECT holdfast.enforce_unlocked('login', 'a')$$);
SELECT holdfast.enforce_unlocked('login', 'b');
SELECT * FROM holdfast.record_failure('login', 'a', 3, '1 day');
SET holdfast.now = '2030-01-01 00:15Z';
SELECT holdfast.is_locked('login', 'a');
SELECT holdfast.enforce_unlocked('login', 'a');
SELECT * FROM holdfast.record_failure('login', 'a', 3, '15 minutes');
-- Forgotten lock_for after the last one, not the first.
SELECT * FROM holdfast.record_failure('forget', 'a', 3, '15 minutes');
SET holdfast.now = '2030-01-01 00:29:59Z';
SELECT * FROM holdfast.record_failure('forget', 'a', 3, '15 minutes');
SET holdfast.now = '2030-01-01 00:44:59Z';
SELECT * FROM holdfast.record_failure('forget', 'a', 3, '15 minutes');
-- Cleared: the failures, and the lock.
SELECT * FROM holdfast.record_failure('clear', 'a', 2, '15 minutes');
SELECT holdfast.clear_failures('clear', 'a');
SELECT * FROM holdfast.record_failure('clear', 'a', 2, '15 minutes');
SELECT * FROM holdfast.record_failure('clear', 'a', 2, '15 minutes');
SELECT holdfast.clear_failures('clear', 'a'), holdfast.is_locked('clear', 'a'), holdfast.clear_failures('clear', 'a');
-- A rate and a lock of the same name have nothing to do with each other.
SELECT * FROM holdfast.record_failure('same', 'name', 1, '15 minutes');
SELECT * FROM holdfast.rate_limit('same', 'name', 1, '15 minutes');
SELECT * FROM holdfast.rate_limit('same', 'name', 1, '15 minutes');
-- A lock that was rolled back holds.
BEGIN;
SELECT * FROM holdfast.record_failure('rollback', 'b', 1, '15 minutes');
ROLLBACK;
SELECT holdfast.is_locked('rollback', 'b');
RESET holdfast.now;

-- What is no limit.
SELECT statement, state, message, detail FROM unnest(ARRAY[
    $$SELECT holdfast.rate_limit(NULL, 'a', 1, '1 hour')$$, $$SELECT holdfast.rate_limit('b', 'a', NULL, '1 hour')$$,
    $$SELECT holdfast.rate_limit('b', 'a', 1, NULL)$$, $$SELECT holdfast.rate_limit('b', 'a', 0, '1 hour')$$,
    $$SELECT holdfast.rate_limit('b', 'a', -1, '1 hour')$$, $$SELECT holdfast.rate_limit('b', 'a', 1, '0')$$,
    $$SELECT holdfast.rate_limit('b', 'a', 1, '-1 hour')$$, $$SELECT holdfast.rate_limit('b', 'a', 1, '40 years')$$,
    $$SELECT holdfast.rate_limit('b', 'a', 1, '178000000 years')$$, $$SELECT holdfast.rate_limit('b', 'a', 2000000, '1 second')$$,
    $$SELECT holdfast.rate_limit('b', 'a', 2147483647, '1 microsecond')$$, $$SELECT holdfast.enforce_rate_limit('b', 'a', 0, '1 hour')$$,
    $$SELECT holdfast.record_failure(NULL, 'a', 1, '1 hour')$$, $$SELECT holdfast.record_failure('b', 'a', 0, '1 hour')$$,
    $$SELECT holdfast.record_failure('b', 'a', NULL, '1 hour')$$, $$SELECT holdfast.record_failure('b', 'a', 1, '0')$$,
    $$SELECT holdfast.clear_failures(NULL, 'a')$$, $$SELECT holdfast.is_locked(NULL, 'a')$$, $$SELECT holdfast.enforce_unlocked(NULL, 'a')$$])
    WITH ORDINALITY s (statement, n), t_guards.caught(statement) ORDER BY n;
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'fast', 'a', 1000000, '1 second', 3);
SELECT * FROM t_guards.calls('2030-01-01 00:00Z', 'slow', 'a', 2147483647, '36 years', 3);
SELECT allowed, last_remaining FROM t_guards.calls('1900-01-01 00:00Z', 'old', 'a', 1, '1 day', 2);
SELECT allowed, last_remaining FROM t_guards.calls('9999-01-01 00:00Z', 'far', 'a', 1, '1 day', 2);

-- The clock of these is in the past, so that afterwards nothing of them counts.
-- A flood of 200,000 subjects: memory is bounded, a lock and a limit that is used up stay, others are forgotten.
SET holdfast.now = '2020-01-01 00:00Z';
SELECT * FROM holdfast.record_failure('flood', 'locked', 1, '15 minutes');
SELECT * FROM holdfast.record_failure('flood', 'once', 5, '15 minutes');
SELECT allowed FROM t_guards.calls('2020-01-01 00:00Z', 'flood', 'used up', 10, '1 hour', 10);
SET holdfast.now = '2020-01-01 00:00Z';
SELECT count(*) FILTER (WHERE (r).allowed) AS allowed
FROM (SELECT holdfast.rate_limit('flood', n::text, 10, '3 hours') AS r FROM generate_series(1, 200000) n OFFSET 0) s;
SELECT slots_used = slots_total AS full, evicted_counters > 100000 AS evicted, evicted_locks FROM holdfast.stats;
SELECT holdfast.is_locked('flood', 'locked');
SELECT (holdfast.rate_limit('flood', 'used up', 10, '1 hour')).allowed;
SELECT (holdfast.record_failure('flood', 'once', 5, '15 minutes')).failures;
-- Half an hour later the flood's counters say nothing any more: a second flood takes their slots.
SET holdfast.now = '2020-01-01 00:30Z';
SELECT holdfast.reset_stats();
SELECT count(*) FROM (SELECT holdfast.rate_limit('second', n::text, 10, '1 hour') FROM generate_series(1, 10000) n OFFSET 0) s;
SELECT evicted_counters, evicted_locks FROM holdfast.stats;
-- A flood of locks: the ones that end soonest go, and 1/8 of the slots stay for counters.
SELECT count(*) FROM (SELECT holdfast.record_failure('locks', n::text, 1, '1 hour') FROM generate_series(1, 100000) n OFFSET 0) s;
SELECT slots_locked = slots_total / 8 * 7 AS bounded, evicted_locks > 0 AS evicted, lock_file_errors FROM holdfast.stats;
SELECT holdfast.is_locked('flood', 'locked');
SELECT allowed FROM t_guards.calls('2020-01-01 00:30Z', 'third', 'a', 10, '1 hour', 11);
-- When they have ended, their places are free for anybody.
SET holdfast.now = '2020-01-01 02:00Z';
SELECT holdfast.reset_stats();
SELECT count(*) FROM (SELECT holdfast.rate_limit('fourth', n::text, 10, '1 hour') FROM generate_series(1, 30000) n OFFSET 0) s;
SELECT evicted_counters, evicted_locks, slots_locked < slots_total / 2 AS locks_went FROM holdfast.stats;
RESET holdfast.now;

-- The view: what is counted, and who may look.
SELECT holdfast.reset_stats();
SELECT count(*) FROM (SELECT holdfast.rate_limit('stats', 'a', 3, '1 hour') FROM generate_series(1, 5) OFFSET 0) s;
SELECT count(*) FROM (SELECT holdfast.record_failure('stats', 'a', 3, '1 hour') FROM generate_series(1, 4) OFFSET 0) s;
SELECT holdfast.clear_failures('stats', 'a');
SELECT rate_calls, rate_refusals, failures, locks, clears, lock_file_errors, stats_reset <= clock_timestamp() AS reset FROM holdfast.stats;
SELECT lock_file_writes FROM holdfast.stats;
SELECT holdfast.create_calendar('t_guards.calendar');
CREATE FUNCTION t_guards.hold(hour int) RETURNS bool
LANGUAGE sql RETURN (
    SELECT conflict IS NULL FROM holdfast.try_hold('t_guards.calendar', '00000000-0000-0000-0000-0000000000a1',
        '{00000000-0000-0000-0000-0000000000b1}',
        ARRAY[tstzrange(now() + hour * interval '1 hour', now() + (hour + 1) * interval '1 hour')], NULL));
SELECT t_guards.hold(1), t_guards.hold(2), t_guards.hold(1);
SET holdfast.direct_insert = off;
SELECT t_guards.hold(3), t_guards.hold(2);
RESET holdfast.direct_insert;
SELECT holds, conflicts FROM holdfast.stats;
SELECT attname FROM pg_attribute WHERE attrelid = 'holdfast.stats'::regclass AND col_description(attrelid, attnum) IS NULL;

CREATE ROLE regress_guards_monitor;
GRANT pg_monitor TO regress_guards_monitor;
CREATE ROLE regress_guards_nobody;
GRANT USAGE ON SCHEMA holdfast TO regress_guards_monitor, regress_guards_nobody;
SET ROLE regress_guards_monitor;
SELECT count(*) FROM holdfast.stats;
SELECT holdfast.reset_stats();
SELECT holdfast.take_failures();
SELECT holdfast.clear_failures('login', 'a');
SET ROLE regress_guards_nobody;
SELECT count(*) FROM holdfast.stats;
SELECT holdfast.read_stats();
SELECT holdfast.rate_limit('a', 'a', 1, '1 hour');
RESET ROLE;

SET client_min_messages = warning;
DROP OWNED BY regress_guards_monitor, regress_guards_nobody;
DROP ROLE regress_guards_monitor, regress_guards_nobody;
DROP SCHEMA t_guards CASCADE;
