-- Subjects for set-based calls, and the limiter that a team writes without shared memory: a row for each subject and
-- window of a minute, counted by an upsert.
CREATE TABLE bench.calls AS
SELECT 'k' || n % 10000 AS known, 'n' || n AS fresh FROM generate_series(1, :calls) n;
CREATE UNLOGGED TABLE bench.windows (
    bucket text, subject text, starts timestamptz, calls int NOT NULL, PRIMARY KEY (bucket, subject, starts)) WITH (fillfactor = 50);

CREATE FUNCTION bench.limit_by_table(bucket text, subject text, max_calls int) RETURNS bool
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    INSERT INTO bench.windows AS w VALUES (bucket, subject, date_trunc('minute', now()), 1)
    ON CONFLICT ON CONSTRAINT windows_pkey DO UPDATE SET calls = w.calls + 1
    RETURNING w.calls <= max_calls;
END;

-- measure runs one query over all subjects and returns nanoseconds for each. OFFSET 0 keeps the planner from dropping it.
CREATE FUNCTION bench.measure(expression text) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
BEGIN
    EXECUTE format('SELECT count(r) FROM (SELECT %s AS r FROM bench.calls OFFSET 0) s', expression);
    RETURN round(extract(epoch FROM clock_timestamp() - v_started) * 1e9 / (SELECT count(*) FROM bench.calls), 1);
END $$;
