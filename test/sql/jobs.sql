-- Jobs: when they are due, the log of their runs, what is kept of an error, how admins see them, and the day after a pause.
\set ECHO none
\set SHOW_CONTEXT never
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE FUNCTION t.at(moment text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', '2030-01-' || moment || '+00', false) $$;
CREATE VIEW t.log AS
SELECT s.job_type, s.status, to_char(s.scheduled_for AT TIME ZONE 'UTC', 'DD HH24:MI') AS due, to_char(s.started_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS started,
  to_char(s.completed_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS completed, s.affected_rows, regexp_replace(s.error_message, 'line \d+', 'line N') AS error
FROM holdfast_private.scheduled_jobs s WHERE s.job_type LIKE 't\_%' ORDER BY s.scheduled_for, s.started_at, s.id;
CREATE VIEW t.health AS
SELECT h.job, to_char(h.next_run AT TIME ZONE 'UTC', 'DD HH24:MI') AS next, h.is_running, h.is_late, to_char(h.last_run AT TIME ZONE 'UTC', 'DD HH24:MI') AS last,
  to_char(h.last_success AT TIME ZONE 'UTC', 'DD HH24:MI') AS success, to_char(h.failing_since AT TIME ZONE 'UTC', 'DD HH24:MI') AS failing, h.runs, h.failures
FROM public.job_health h WHERE h.job LIKE 't\_%' ORDER BY h.job;
\set ECHO all

-- when a schedule is next due, on a Friday in February before midnight
SELECT s, to_char(holdfast_private.next_due(s, '2027-02-26 23:59:30Z') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS due
FROM unnest(ARRAY['* * * * *', '*/10 * * * *', '7 * * * *', '23 3 * * *', '0 0 29 2 *', '0 12 13 * 5', '0 0 * * 7', '0 0 * * 0', '0 0 1 * */2', '5-9/2 1 2 1-3 *',
  '0,30 4,16 * * 1-5', '0 0 31 2 *', '60 * * * *', '5-1 * * * *', '*/0 * * * *', '@daily', '30 seconds', '0 5', '', NULL]) s;
SELECT to_char(holdfast_private.next_due('0 5 * * *', '2027-02-26 05:00:00Z') AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS after_not_at;
SELECT to_char(holdfast_private.next_due('30 2 * * *', '2027-03-14 05:00:00Z', 'America/New_York') AT TIME ZONE 'UTC', 'MM-DD HH24:MI') AS missing_hour;

-- a run is logged, and so is the next
CREATE FUNCTION holdfast_private.t_works() RETURNS int LANGUAGE sql AS 'SELECT 3';
INSERT INTO holdfast_private.jobs VALUES ('t_works', '*/10 * * * *', 'Does three rows.');
SELECT * FROM t.health;
SELECT holdfast_private.run_job('t_works');
SELECT * FROM t.log;
-- by hand in between: a run of its own; when it is due: that one
SELECT t.at('07 08:05'), holdfast_private.run_job('t_works');
SELECT t.at('07 08:10:03'), holdfast_private.run_job('t_works');
SELECT * FROM t.log;
SELECT * FROM t.health;
-- nobody ran it for a day: it is late, is run once, and the log says how late it was
SELECT t.at('07 08:25:01');
SELECT * FROM t.health;
SELECT t.at('08 09:03');
SELECT * FROM t.health;
CALL holdfast_private.perform_job('t_works');
SELECT * FROM t.log;
SELECT * FROM t.health;
-- another schedule counts from now on
UPDATE holdfast_private.jobs SET schedule = '0 12 * * *' WHERE job = 't_works';
SELECT holdfast_private.plan_run('t_works');
SELECT due FROM t.log WHERE status = 'pending';

-- what fails is logged as failed, without any value, does not stop the others, and is tried again when it is due
CREATE TABLE t.taken (name text CONSTRAINT taken_once UNIQUE);
INSERT INTO t.taken VALUES ('hunter2');
CREATE FUNCTION holdfast_private.t_word() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM holdfast.raise_error('booking_not_found', '{"name": "hunter2"}', 'hunter2'); END $$;
CREATE FUNCTION holdfast_private.t_taken() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t.taken VALUES ('free'), ('hunter2'); RETURN 1; END $$;
CREATE FUNCTION holdfast_private.t_cast() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 'hunter2'::uuid; END $$;
CREATE FUNCTION holdfast_private.t_raise() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION E'hunter2\nPL/pgSQL function hunter() line 2 at RAISE'; END $$;
CREATE FUNCTION holdfast_private.t_pt() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'Hunter 2' USING ERRCODE = 'PT400'; END $$;
CREATE FUNCTION holdfast_private.t_sql() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE $q$SELECT 'hunter2' / 1$q$; END $$;
CREATE FUNCTION holdfast_private.t_slow() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN 1; END $$;
INSERT INTO holdfast_private.jobs SELECT 't_' || j, '* * * * *', '' FROM unnest('{word,taken,cast,raise,pt,sql}'::text[]) j;
SELECT job, holdfast_private.run_job(job) FROM holdfast_private.jobs WHERE job LIKE 't\_%' ORDER BY job;
SELECT job_type, status, affected_rows, error FROM t.log WHERE status = 'failed' ORDER BY job_type;
SELECT count(*) FROM holdfast_private.scheduled_jobs s WHERE s::text ~* 'hunter';
SELECT count(*) FROM holdfast_private.job_heartbeats s WHERE s::text ~* 'hunter';
SELECT name FROM t.taken;
SELECT t.at('08 09:04'), holdfast_private.run_job('t_word');
SELECT * FROM t.health WHERE job = 't_word';
CREATE OR REPLACE FUNCTION holdfast_private.t_word() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT t.at('08 09:05'), holdfast_private.run_job('t_word');
SELECT * FROM t.health WHERE job = 't_word';
SELECT status, due, started, error FROM t.log WHERE job_type = 't_word';
-- one that takes too long is given up by the timeout of its role, and logged
INSERT INTO holdfast_private.jobs VALUES ('t_slow', '* * * * *', '');
SET statement_timeout = '100ms';
SELECT holdfast_private.run_job('t_slow');
RESET statement_timeout;
SELECT status, error FROM t.log WHERE job_type = 't_slow' AND status = 'failed';
-- one whose server or session went away while it ran: the next says so, and does its work
INSERT INTO holdfast_private.scheduled_jobs (job_type, status, scheduled_for, started_at) VALUES ('t_works', 'running', '2030-01-08 09:04Z', '2030-01-08 09:04:01Z');
SELECT * FROM t.health WHERE job = 't_works';
SELECT t.at('08 09:06'), holdfast_private.run_job('t_works');
SELECT status, due, started, completed, error FROM t.log WHERE job_type = 't_works' AND due >= '08 09:04';
SELECT * FROM t.health WHERE job = 't_works';
CALL holdfast_private.perform_job('nonsense');
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
-- what is called inside a transaction cannot commit
BEGIN;
CALL holdfast_private.perform_job('t_works');
ROLLBACK;
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();

-- who sees it: who answers for an organization, or for the platform; nobody writes
CREATE FUNCTION t.sees(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_seen text;
BEGIN
  PERFORM t.become(who);
  SELECT concat_ws(' ', (SELECT count(*) > 5 FROM public.job_health), CASE WHEN who IN ('adam', 'sue', 'service') THEN (SELECT string_agg(r.status, ' ') FROM public.list_job_runs('t_word', 2) AS r) END) INTO v_seen;
  PERFORM set_config('role', 'none', true);
  RETURN v_seen;
END $$;
SELECT w, t.sees(w) FROM unnest('{ana,maria,hugo,adam,zoe,sue,service}'::text[]) w;
SELECT w, t.rpc(w, 'list_jobs'), t.rpc(w, 'list_job_runs'), t.rpc('adam', 'list_job_runs', '{"max_count": 1001}') FROM unnest('{ana,""}'::text[]) w;

-- runs are forgotten after a week, failed ones after three months; the heartbeats stay
DELETE FROM holdfast_private.jobs WHERE job LIKE 't\_%' AND job NOT IN ('t_works', 't_cast');
SELECT t.at('15 09:04'), holdfast_private.run_job('job_prune_runs');
SELECT job_type, status, due FROM t.log;
SET holdfast.now = '2030-04-15';
SELECT holdfast_private.run_job('job_prune_runs');
SELECT job_type, status, due FROM t.log;
SELECT job, runs, failures FROM t.health;
\i :srcdir/lib/finish_booking.sql
