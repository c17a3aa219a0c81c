-- The clock that tests can set, and keys that sort by creation.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_clock;
CREATE ROLE regress_clock_user;
GRANT USAGE ON SCHEMA holdfast TO regress_clock_user;
GRANT EXECUTE ON FUNCTION holdfast.clock() TO regress_clock_user;
RESET client_min_messages;

-- Unset, it is the wall clock, and it moves inside a transaction and inside a statement.
SELECT abs(extract(epoch FROM holdfast.clock() - clock_timestamp())) < 5 AS wall_clock;
BEGIN;
SELECT holdfast.clock() AS first \gset
SELECT count(*) FROM pg_sleep(0.01);
SELECT holdfast.clock() > :'first' AS moves, holdfast.clock() > now() AS ahead_of_now;
ROLLBACK;

-- Set, it stands still, whatever the session's zone and date style.
SET holdfast.now = '2027-03-28 01:30:00+00';
SELECT holdfast.clock() = timestamptz '2027-03-28 01:30:00+00' AS stands;
SET timezone = 'Europe/Berlin';
SET datestyle = 'SQL, DMY';
SELECT holdfast.clock();
RESET timezone;
RESET datestyle;
BEGIN;
SET LOCAL holdfast.now = '2030-01-01 00:00:00+00';
SELECT holdfast.clock() = timestamptz '2030-01-01 00:00:00+00' AS local_value;
ROLLBACK;
SELECT holdfast.clock() = timestamptz '2027-03-28 01:30:00+00' AS rolled_back;
SET holdfast.now = '';
SELECT abs(extract(epoch FROM holdfast.clock() - clock_timestamp())) < 5 AS wall_clock_again;
SET holdfast.now = 'not a time';
SELECT holdfast.clock();
RESET holdfast.now;

-- Only a superuser sets it.
SET ROLE regress_clock_user;
SET holdfast.now = '2027-03-28 01:30:00+00';
SELECT set_config('holdfast.now', '2027-03-28 01:30:00+00', true);
SELECT holdfast.clock() IS NOT NULL AS may_read;
SELECT holdfast.uuid_v7();
RESET ROLE;

-- 100,000 keys of one backend ascend strictly, in one statement and across statements, and are of version 7.
CREATE TABLE t_clock.keys (n int PRIMARY KEY, id uuid NOT NULL);
INSERT INTO t_clock.keys SELECT n, holdfast.uuid_v7() FROM generate_series(1, 100000) n;
INSERT INTO t_clock.keys VALUES (100001, holdfast.uuid_v7());
SELECT count(*) AS keys, count(DISTINCT id) AS distinct_keys,
    bool_and(substr(id::text, 15, 1) = '7') AS version_7,
    bool_and(substr(id::text, 20, 1) IN ('8', '9', 'a', 'b')) AS variant
FROM t_clock.keys;
SELECT count(*) AS out_of_order
FROM (SELECT id > lag(id) OVER (ORDER BY n) AS ascends FROM t_clock.keys) s WHERE NOT ascends;

-- The time in it is the wall clock's, never holdfast.now: key order is creation order.
CREATE FUNCTION t_clock.made_at(id uuid) RETURNS timestamptz LANGUAGE sql AS $$
    SELECT to_timestamp(('x' || lpad(substr(replace(id::text, '-', ''), 1, 12), 16, '0'))::bit(64)::bigint / 1000.0)
$$;
SELECT bool_and(t_clock.made_at(id) BETWEEN clock_timestamp() - interval '5 minutes'
    AND clock_timestamp() + interval '5 seconds') AS recent FROM t_clock.keys;
SET holdfast.now = '2000-01-01 00:00:00+00';
SELECT t_clock.made_at(holdfast.uuid_v7()) > '2020-01-01' AS ignores_test_clock,
    holdfast.uuid_v7() > (SELECT max(id::text)::uuid FROM t_clock.keys) AS still_ascends;
RESET holdfast.now;

-- The 62 bits after the time differ: no two keys share them, and every bit is set about half the time.
SELECT count(DISTINCT substr(id::text, 20)) AS distinct_tails FROM t_clock.keys;
SELECT count(*) FILTER (WHERE share NOT BETWEEN 0.46 AND 0.54) AS biased_bits, count(*) AS bits
FROM (
    SELECT b, avg(get_bit(tail, b)) AS share
    FROM (SELECT decode(substr(replace(id::text, '-', ''), 17), 'hex') AS tail FROM t_clock.keys LIMIT 10000) k, generate_series(0, 63) b
    WHERE b NOT IN (6, 7) GROUP BY b
) s;

SET client_min_messages = warning;
DROP SCHEMA t_clock CASCADE;
DROP OWNED BY regress_clock_user;
DROP ROLE regress_clock_user;
