-- Jobs: heartbeats, and giving them to pg_cron
\set ECHO none
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_install_jobs;
CREATE DATABASE regress_install_jobs;
\c regress_install_jobs
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT count(*) > 0 AS installed FROM holdfast.install('public', 'core') \gset
RESET client_min_messages;
\set ECHO all

-- a job is a function; whoever calls run_job leaves a heartbeat
CREATE FUNCTION holdfast_private.regress_job() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('regress.fail', true) = 'on' THEN
        RAISE EXCEPTION 'out of luck' USING ERRCODE = 'RG001';
    END IF;
    RETURN 3;
END
$$;
INSERT INTO holdfast_private.jobs VALUES ('regress_job', '*/5 * * * *', 'Does three rows.');
SELECT holdfast_private.run_job('regress_job');
SELECT last_run = last_success, last_duration >= '0', last_rows, last_error, runs, failures FROM holdfast_private.job_heartbeats;
-- a failure is told and kept, and does not stop the scheduler
SET regress.fail = on;
SELECT holdfast_private.run_job('regress_job') IS NULL;
SELECT last_run > last_success, last_rows, regexp_replace(last_error, 'line \d+', 'line N'), runs, failures FROM holdfast_private.job_heartbeats;
SET regress.fail = off;
SELECT holdfast_private.run_job('regress_job');
SELECT last_run = last_success, last_error IS NULL, runs, failures FROM holdfast_private.job_heartbeats;
SELECT holdfast_private.run_job('nonsense');

-- pg_cron lives in another database
SELECT holdfast.schedule_jobs();
SELECT holdfast.unschedule_jobs();
\c postgres
-- the platform is not here, the extension is not here
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SELECT holdfast.schedule_jobs();
\set ECHO none
SET client_min_messages = warning;
SELECT count(*) > 0 AS installed FROM holdfast.install('public', 'core') \gset
RESET client_min_messages;
\set ECHO all
SELECT holdfast.schedule_jobs();
CREATE EXTENSION pg_cron;
SELECT holdfast.schedule_jobs('other');

-- scheduled once, however often it is said, as a role of its own
INSERT INTO holdfast_private.jobs VALUES ('regress_one', '0 3 * * *', 'One.'), ('regress_two', '0 4 * * *', 'Two.');
SELECT * FROM holdfast.schedule_jobs();
SELECT count(*) FROM holdfast.schedule_jobs();
SELECT jobname, schedule, command, database, username, active FROM cron.job ORDER BY jobname;
SELECT rolcanlogin, rolsuper, rolcreaterole, rolbypassrls, pg_has_role(oid, 'holdfast_owner', 'USAGE') FROM pg_roles WHERE rolname = 'holdfast_jobs';
-- changed and dropped jobs follow; jobs of others stay
SELECT cron.schedule('mine', '0 5 * * *', 'SELECT 1') > 0;
UPDATE holdfast_private.jobs SET schedule = '30 3 * * *' WHERE job = 'regress_one';
DELETE FROM holdfast_private.jobs WHERE job = 'regress_two';
SELECT job, schedule, role_name FROM holdfast.schedule_jobs();
SELECT jobname, schedule FROM cron.job ORDER BY jobname;
-- a heartbeat is shown, and the role can run what it is given
CREATE FUNCTION holdfast_private.regress_one() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION holdfast_private.regress_one() OWNER TO holdfast_owner;
SET SESSION AUTHORIZATION holdfast_jobs;
SELECT holdfast_private.run_job('regress_one');
RESET SESSION AUTHORIZATION;
SELECT job, last_run IS NOT NULL, last_rows, last_error FROM holdfast.schedule_jobs();
SELECT holdfast.unschedule_jobs();
SELECT jobname FROM cron.job;

\set ECHO none
SET client_min_messages = warning;
DROP EXTENSION pg_cron;
DROP OWNED BY holdfast_owner, holdfast_jobs CASCADE;
DROP SCHEMA IF EXISTS holdfast_private CASCADE;
DROP EXTENSION holdfast CASCADE;
DROP SCHEMA holdfast CASCADE;
DROP DATABASE regress_install_jobs;
