-- Calendar: expire() tidies lapsed holds, in batches, without reading the history.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_calendar_sweep;
RESET client_min_messages;
SET search_path = t_calendar_sweep;
SET timezone = 'UTC';
SELECT holdfast.create_calendar('cal');
CREATE FUNCTION u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;
-- Holds of 1, 2, ... minutes, made at the time of the test clock.
CREATE FUNCTION fill(count int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. count LOOP
        PERFORM holdfast.hold('t_calendar_sweep.cal', u(9), ARRAY[u(i)], ARRAY[tstzrange('2031-01-01', '2031-01-02')], NULL, i * interval '1 minute');
    END LOOP;
END $$;
-- A key of another time, as restored or slow transactions leave them.
CREATE FUNCTION aged(key uuid, age interval) RETURNS uuid LANGUAGE sql AS
$$SELECT (left(lpad(to_hex((extract(epoch FROM clock_timestamp() - age) * 1000)::bigint), 12, '0'), 12) || right(replace(key::text, '-', ''), 20))::uuid$$;
CREATE FUNCTION mark() RETURNS text LANGUAGE sql AS
$$SELECT CASE WHEN last_value = 0 THEN 'start' ELSE round(extract(epoch FROM clock_timestamp() - to_timestamp(last_value / 1e6)) / 60) || ' minutes ago' END FROM t_calendar_sweep.cal_swept$$;

-- What has lapsed goes, what has not stays; bookings and time off are never touched. The test clock may jump.
SET holdfast.now = '2030-01-01 00:00:00+00';
SELECT fill(10);
SELECT holdfast.block('cal', u(9), u(20), tstzrange('2031-01-01', '2031-01-02'), 'busy', u(50));
SELECT count(*) FROM (SELECT hold_key FROM cal WHERE resource_id = u(3)) h, holdfast.confirm('cal', u(9), h.hold_key);
SELECT holdfast.expire('cal') AS none, mark() <> 'start' AS moved;
SET holdfast.now = '2030-01-01 00:04:00+00';
SELECT holdfast.expire('cal', 2) AS two, holdfast.expire('cal', 2) AS one, holdfast.expire('cal', 2) AS none;
SELECT array_agg(right(resource_id::text, 2) ORDER BY resource_id) FROM cal;
SET holdfast.now = '2029-01-01 00:00:00+00';
SELECT holdfast.expire('cal') AS none;
SET holdfast.now = '2035-01-01 00:00:00+00';
SELECT holdfast.expire('cal') AS rest, kind, count(*) FROM cal GROUP BY kind ORDER BY kind;
SELECT array_agg(right(resource_id::text, 2) ORDER BY resource_id) FROM cal;

-- The mark: an hour and the longest life of a hold behind the clock, however old what it leaves behind.
SELECT setval('cal_swept', 0) AS reset;
SELECT holdfast.expire('cal') AS none, mark();
SET holdfast.max_hold_life = '10min';
SELECT setval('cal_swept', 0) AS reset;
SELECT holdfast.expire('cal') AS none, mark();
-- It stops at the oldest hold, lapsed or not, until that is gone for good.
RESET holdfast.now;
TRUNCATE cal;
SELECT fill(2);
UPDATE cal SET hold_key = aged(hold_key, '3 hours'), batch_key = aged(hold_key, '3 hours') WHERE resource_id = u(1);
UPDATE cal SET hold_key = aged(hold_key, '2 hours'), batch_key = aged(hold_key, '2 hours') WHERE resource_id = u(2);
SELECT setval('cal_swept', 0) AS reset;
SELECT holdfast.expire('cal') AS none, mark();
UPDATE cal SET expires_at = now() - interval '1 second' WHERE resource_id = u(1);
BEGIN;
SELECT holdfast.expire('cal') AS one, holdfast.expire('cal') AS none, mark();
ROLLBACK;
SELECT mark();
SELECT holdfast.expire('cal') AS one, mark();
SELECT holdfast.expire('cal') AS none, mark();
UPDATE cal SET expires_at = now() - interval '1 second';
SELECT holdfast.expire('cal') AS one, mark();
SELECT holdfast.expire('cal') AS none, mark();
-- It does not read what is before the mark, unless told to.
SELECT fill(1);
UPDATE cal SET hold_key = aged(hold_key, '5 hours'), expires_at = now();
SELECT holdfast.expire('cal') AS none, setval('cal_swept', 0) AS reset;
SELECT holdfast.expire('cal') AS one;
-- A calendar without its sequence is swept all the same.
DROP SEQUENCE cal_swept;
SELECT fill(1);
UPDATE cal SET expires_at = now();
SELECT holdfast.expire('cal') AS one;
-- A large calendar is read in the order of keys and no further than to what is asked for, whatever the planner thinks.
SELECT fill(1);
UPDATE cal SET expires_at = now();
INSERT INTO cal SELECT u(9), u(1), 0, tstzrange(t, t + interval '1 minute'), t, t + interval '1 minute', 'busy', k, k, k
FROM (SELECT timestamptz '2032-01-01' + n * interval '1 minute' AS t, holdfast.uuid_v7() AS k FROM generate_series(1, 20000) n) s ORDER BY md5(k::text);
ANALYZE cal;
SELECT pg_stat_force_next_flush() IS NOT NULL AS flushed;
SELECT seq_scan, idx_tup_fetch FROM pg_stat_user_tables WHERE relid = 'cal'::regclass \gset
SELECT holdfast.expire('cal', 1) AS one, pg_stat_force_next_flush() IS NOT NULL AS flushed;
SELECT seq_scan - :seq_scan AS seq_scans, idx_tup_fetch - :idx_tup_fetch < 10 AS only_the_first FROM pg_stat_user_tables WHERE relid = 'cal'::regclass;

RESET holdfast.max_hold_life;
SET client_min_messages = warning;
DROP SCHEMA t_calendar_sweep CASCADE;
