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
-- The jobs were off for a day. Everything has something to do; one run of each catches up, a second finds nothing left, and nothing
-- stale is sent.
SELECT t.at('07 08:00');
INSERT INTO public.profiles (organization_id, user_id, display_name, email, locale) VALUES
  (t.id('clinic'), t.id('u_ana'), 'Ana', 'ana@example.org', 'es'), (t.id('clinic'), t.id('u_maria'), 'Maria', 'maria@example.org', 'en'),
  (t.id('clinic'), t.id('u_noah'), 'Noah', 'noah@example.org', 'en'), (t.id('clinic'), t.id('u_hugo'), 'Hugo', 'hugo@example.org', 'pt');
CREATE FUNCTION t.book(starts text, specialist text DEFAULT 'maria') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_key uuid := holdfast_private.request_hold(t.id('clinic'), t.id(specialist), t.id('ana'), ('2030-01-' || starts || 'Z')::timestamptz, session_type_id => t.id('talk')) ->> 'hold_key';
BEGIN
  PERFORM holdfast_private.confirm_booking(t.id('clinic'), v_key);
  RETURN v_key;
END $$;
-- confirmed: over by then, tomorrow, the day after; asked for and never answered; a hold; a request under a key; somebody who waits
SELECT t.book('08 12:00') IS NOT NULL, t.book('09 12:00') IS NOT NULL, t.book('10 12:00') IS NOT NULL, t.book('08 15:00', 'noah') IS NOT NULL;
SELECT holdfast_private.request_hold(t.id('clinic'), t.id('olga'), t.id('ana'), '2030-01-11 10:00Z', session_type_id => t.id('talk')) IS NOT NULL;
SELECT t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "specialist_id": "maria", "earliest": "2030-01-07 10:00Z", "latest": "2030-01-08 09:00Z", "duration_minutes": 50}') ~ 'waiting';
SELECT t.rpc('adam', 'invite_member', '{"email": "new@example.org", "role": "client"}') ~ 'invitation';
INSERT INTO public.company_subscription_plans (organization_id, id, name, billing_cycle) VALUES (t.id('clinic'), t.id('talk'), 'Basic', 'annual');
INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date, trial_end_date, end_date) VALUES
  (t.id('clinic'), t.id('acme'), t.id('talk'), 'trial', '2029-12-10', '2030-01-08', '2030-01-20'), (t.id('clinic'), t.id('globex'), t.id('talk'), 'active', '2029-01-01', NULL, '2030-01-08');
SELECT count(*) FROM jsonb_array_elements(holdfast_private.lease_messages('w', 100)) m, holdfast_private.ack_messages('w', ARRAY[(m ->> 'id')::uuid]);
-- a day and a half later
SELECT t.at('08 20:00');
CREATE VIEW t.state AS
SELECT (SELECT string_agg(concat_ws(' ', to_char(b.start_time AT TIME ZONE 'UTC', 'DD'), b.status, b.automatic_cancellation_reason), ', ' ORDER BY b.start_time) FROM public.bookings b) AS bookings,
  (SELECT string_agg(n, ', ' ORDER BY n) FROM (SELECT concat_ws(' ', r.status, count(*)) AS n FROM public.booking_reminders r GROUP BY r.status) x) AS reminders,
  (SELECT count(*) FROM holdfast_private.outbox WHERE done_at IS NULL) AS messages, (SELECT count(*) FROM holdfast_private.calendar WHERE kind = 'busy-tentative') AS holds,
  (SELECT string_agg(status, ' ' ORDER BY status) FROM public.company_subscriptions) AS subscriptions, (SELECT string_agg(status, ' ') FROM public.waitlist_entries) AS waitlist;
SELECT * FROM t.state \gx
SET client_min_messages = error; -- without keys nothing is rotated
SELECT job FROM (SELECT j.job, holdfast_private.run_job(j.job) AS n FROM holdfast_private.jobs j WHERE j.job LIKE 'job\_%' ORDER BY j.job) x WHERE n > 0;
SELECT * FROM t.state \gx
-- again, at once and later the same hour: nothing is left, but for what the first runs made
SELECT job, n FROM (SELECT j.job, holdfast_private.run_job(j.job) AS n FROM holdfast_private.jobs j WHERE j.job LIKE 'job\_%' ORDER BY j.job) x WHERE n > 0;
SELECT t.at('08 20:40');
SELECT job, n FROM (SELECT j.job, holdfast_private.run_job(j.job) AS n FROM holdfast_private.jobs j WHERE j.job LIKE 'job\_%' ORDER BY j.job) x WHERE n > 0;
SELECT * FROM t.state \gx
SELECT job, last_error FROM holdfast_private.job_heartbeats WHERE last_error IS NOT NULL AND job LIKE 'job\_%';
-- what a worker gets then is true then: no reminder of what is over, no news of it, nothing twice
SELECT m ->> 'to', m ->> 'kind', m ->> 'subject' FROM jsonb_array_elements(holdfast_private.lease_messages('w', 100)) m ORDER BY 1, 2, 3;
-- what nobody closed is completed after a week; whether the client came stays open
SELECT t.at('16 12:49'), holdfast_private.run_job('job_close_bookings');
SELECT t.at('16 12:51'), holdfast_private.run_job('job_close_bookings'), holdfast_private.run_job('job_close_bookings');
SELECT status, attended, completed_at AT TIME ZONE 'UTC' AS completed_at FROM public.bookings WHERE status = 'completed' ORDER BY start_time;
-- a subscription that goes another way by then is not spoken of; another year is
UPDATE public.company_subscriptions SET end_date = NULL WHERE status <> 'cancelled';
SELECT holdfast_private.outdated(t.id('clinic'), o.payload) FROM holdfast_private.outbox o WHERE o.payload ? 'subscription_id';
SELECT organization_id = t.id('clinic'), kind, on_date, company, plan FROM holdfast_private.subscriptions_turning();
SET holdfast.now = '2030-11-27 12:00Z';
SELECT kind, on_date, company, plan FROM holdfast_private.subscriptions_turning();
SELECT holdfast_private.run_job('job_remind_renewals'), holdfast_private.run_job('job_remind_renewals');
-- Where the log cannot be written the job is not run, or what it did is undone; the session keeps no lock of it, and the next run is as any.
CREATE TABLE t.done (n int);
CREATE FUNCTION holdfast_private.t_logged() RETURNS int LANGUAGE sql AS 'INSERT INTO t.done VALUES (1); SELECT 1';
GRANT INSERT ON t.done TO PUBLIC;
GRANT USAGE ON SCHEMA t TO PUBLIC;
INSERT INTO holdfast_private.jobs VALUES ('t_logged', '*/10 * * * *', 'Is logged.');
CREATE FUNCTION t.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is full at %', NEW.status; END $$;
CREATE TRIGGER t_refuse BEFORE INSERT OR UPDATE ON holdfast_private.scheduled_jobs FOR EACH ROW WHEN (NEW.job_type = 't_logged' AND NEW.status = 'running') EXECUTE FUNCTION t.refuse();
CALL holdfast_private.perform_job('t_logged');
SELECT (SELECT count(*) FROM t.done) AS done, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks;
DROP TRIGGER t_refuse ON holdfast_private.scheduled_jobs;
CREATE TRIGGER t_refuse BEFORE UPDATE ON holdfast_private.scheduled_jobs FOR EACH ROW WHEN (OLD.job_type = 't_logged' AND OLD.status = 'running') EXECUTE FUNCTION t.refuse();
CALL holdfast_private.perform_job('t_logged');
SELECT (SELECT count(*) FROM t.done) AS done, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks;
DROP TRIGGER t_refuse ON holdfast_private.scheduled_jobs;
CALL holdfast_private.perform_job('t_logged');
SELECT (SELECT count(*) FROM t.done) AS done, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks;
SELECT status, affected_rows FROM holdfast_private.scheduled_jobs WHERE job_type = 't_logged' ORDER BY id;
\i :srcdir/lib/finish_booking.sql
