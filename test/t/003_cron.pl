# pg_cron really runs the jobs, as roles that are no superuser: one minute, in which every job has something to do, one of
# them fails, and two schedulers are at it at once. Then a run is killed, with its server.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use IPC::Run;
use Test::More;
use Holdfast;

my $node = cluster('cron');
my $clinic = '00000000-0000-0000-0000-0000000000a1';
sub sql { return $node->safe_psql('postgres', $_[0]) }

platform($node);
clinic($node);
sql('CREATE EXTENSION pg_cron');
like(sql('SELECT * FROM holdfast.schedule_jobs()'), qr/sweep_holds/, 'the sweep is scheduled');
my $jobs = sql('SELECT jobname, schedule, command FROM cron.job ORDER BY 1');
sql('SELECT * FROM holdfast.schedule_jobs()');
is(sql('SELECT jobname, schedule, command FROM cron.job ORDER BY 1'), $jobs, 'scheduling again changes nothing');
is(sql('SELECT count(*) FROM public.job_health WHERE is_late IS DISTINCT FROM false'), 0, 'no job is late yet');

# Until all is ready no job runs. What is due: a hold that has expired, reminders, a trial that is over, tokens and runs of long
# ago.
sql('SELECT holdfast.unschedule_jobs()');
sql(hold_request('2031-05-05 10:00Z', hold_seconds => 1));
sql(booking_request('2031-05-06 10:00Z'));
sql(qq{
	UPDATE public.booking_reminders SET scheduled_for = now() - interval '1 minute' WHERE kind = '24h';
	INSERT INTO public.companies (organization_id, id, name, time_zone) VALUES ('$clinic', md5('acme')::uuid, 'Acme', 'UTC');
	INSERT INTO public.company_subscription_plans (organization_id, id, name) VALUES ('$clinic', md5('plan')::uuid, 'Plan');
	INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date, trial_end_date)
	  VALUES ('$clinic', md5('acme')::uuid, md5('plan')::uuid, 'trial', current_date - 30, current_date - 1);
	INSERT INTO holdfast_private.scheduled_jobs (job_type, status, scheduled_for, started_at, completed_at)
	  SELECT 'job_sweep_holds', 'completed', t, t, t FROM (SELECT now() - interval '8 days' AS t) AS old;
	CREATE FUNCTION holdfast_private.cron_fails() RETURNS int LANGUAGE plpgsql AS
	  \$\$ BEGIN RAISE EXCEPTION 'the secret is hunter2'; END \$\$;
	CREATE TABLE holdfast_private.cron_seen (name text, mighty boolean);
	CREATE FUNCTION holdfast_private.cron_who() RETURNS int LANGUAGE sql AS
	  \$\$ INSERT INTO holdfast_private.cron_seen SELECT session_user::text, r.rolsuper OR r.rolbypassrls FROM pg_roles AS r WHERE r.rolname = session_user RETURNING 1 \$\$;
	ALTER FUNCTION holdfast_private.cron_fails() OWNER TO holdfast_owner;
	ALTER FUNCTION holdfast_private.cron_who() OWNER TO holdfast_owner;
	ALTER TABLE holdfast_private.cron_seen OWNER TO holdfast_owner;
	INSERT INTO holdfast_private.jobs VALUES ('cron_fails', '* * * * *', 'Fails.'), ('cron_who', '* * * * *', 'Says who runs it.');
	UPDATE holdfast_private.jobs SET schedule = '* * * * *';
});
my $due = sql("SELECT count(*) FROM holdfast_private.outbox WHERE payload ? 'reminder_id'");
is($due, 0, 'no reminder is in the outbox yet');
# The DBA's own choice of a role runs them too, at the same time.
sql(q{
	CREATE ROLE ops LOGIN NOSUPERUSER;
	GRANT holdfast_owner TO ops;
	GRANT USAGE ON SCHEMA cron TO ops;
});
my $ready = sql('SELECT pg_sleep(1.1), clock_timestamp()') =~ s/^\|//r;
sql('SELECT count(*) FROM holdfast.schedule_jobs()');
$node->safe_psql('postgres', 'SELECT count(*) FROM holdfast.schedule_jobs()', extra_params => [ '-U', 'ops' ]);
is(sql('SELECT username, count(*) FROM cron.job GROUP BY 1 ORDER BY 1'), sql(q{SELECT r, count(*) FROM holdfast_private.jobs, unnest('{holdfast_jobs,ops}'::text[]) AS r GROUP BY 1 ORDER BY 1}),
	'both roles are to run every job');

# pg_cron starts jobs on the minute.
my $begun = time;
$node->poll_query_until('postgres', qq{
	SELECT (SELECT count(*) FROM public.job_health WHERE last_run IS NULL OR last_run < '$ready' OR is_running) = 0
	   AND (SELECT count(DISTINCT j.username) FROM cron.job_run_details AS d JOIN cron.job AS j USING (jobid) WHERE d.status = 'succeeded') = 2})
  or diag(sql('SELECT job, last_run, last_error FROM public.job_health'));
cmp_ok(time - $begun, '<', 75, 'every job has run within the minute');
sql('SELECT holdfast.unschedule_jobs()');

is(sql(q{SELECT count(*) FROM holdfast_private.calendar WHERE kind = 'busy-tentative'}), 0, 'the expired hold is gone');
is(sql(q{SELECT string_agg(payload ->> 'party', ' ' ORDER BY payload ->> 'party') FROM holdfast_private.outbox WHERE payload ? 'reminder_id'}),
	'client specialist', 'reminders are in the outbox, one for each party');
is(sql(q{SELECT DISTINCT status FROM public.booking_reminders WHERE kind = '24h'}), 'sent', 'and are marked so');
is(sql('SELECT status FROM public.company_subscriptions'), 'active', 'the trial is over, the subscription goes on');
is(sql(q{SELECT count(*) FROM holdfast_private.scheduled_jobs WHERE completed_at < now() - interval '7 days'}), 0, 'old runs are forgotten');
is(sql(q{SELECT string_agg(job, ' ') FROM public.job_health WHERE failing_since IS NOT NULL}), 'cron_fails', 'one job fails');
is(sql(q{SELECT error_message FROM holdfast_private.scheduled_jobs WHERE job_type = 'cron_fails' AND status = 'failed' LIMIT 1}),
	'P0001 error in cron_fails line 1', 'the log says where, not what');
unlike(slurp_file($node->logfile), qr/hunter2(?!'; END)/, 'nor does the server log');
is(sql(q{SELECT count(*) FROM holdfast_private.scheduled_jobs WHERE status = 'running'}), 0, 'no run is open');
is(sql(q{SELECT job_type, scheduled_for, count(*) FROM holdfast_private.scheduled_jobs WHERE status = 'completed' AND scheduled_for = date_trunc('minute', scheduled_for)
	GROUP BY 1, 2 HAVING count(*) > 1}), '', 'no job ran twice for the same minute');
like(sql(q{SELECT string_agg(DISTINCT name, ' ') FROM holdfast_private.cron_seen}), qr/^(holdfast_jobs|ops|holdfast_jobs ops)$/, 'roles of their own run them');
is(sql(q{SELECT count(*) FROM holdfast_private.cron_seen WHERE mighty}), 0, 'which are no superusers and bypass no policy');
is(sql(q{SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'holdfast_jobs'}), 'f', 'nor is holdfast_jobs');
is(sql(q{SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'}), 0, 'pg_cron saw no failure: the log has it');

# A run that is killed, with its server.
sql(q{
	CREATE FUNCTION holdfast_private.cron_sleeps() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(180); RETURN 1; END $$;
	INSERT INTO holdfast_private.jobs VALUES ('cron_sleeps', '* * * * *', 'Sleeps.');
});
my $session = IPC::Run::start(
	[ $node->installed_command('psql'), '-XAtq', '-d', $node->connstr('postgres'), '-c', q{CALL holdfast_private.perform_job('cron_sleeps')} ],
	'<', \undef, '>', \my $out, '2>', \my $err);
$node->poll_query_until('postgres', q{SELECT is_running FROM public.job_health WHERE job = 'cron_sleeps'});
is(sql(q{SELECT status FROM holdfast_private.scheduled_jobs WHERE job_type = 'cron_sleeps'}), 'running', 'others see that it runs');
is(sql(q{SELECT holdfast_private.run_job('cron_sleeps') IS NULL}), 't', 'and do not run it');
$node->stop('immediate');
$session->finish;
$node->start;
sql(q{CREATE OR REPLACE FUNCTION holdfast_private.cron_sleeps() RETURNS int LANGUAGE sql AS 'SELECT 1'});
is(sql(q{SELECT is_running FROM public.job_health WHERE job = 'cron_sleeps'}), 'f', 'it does not run any more');
sql(q{CALL holdfast_private.perform_job('cron_sleeps')});
is(sql(q{SELECT status, error_message FROM holdfast_private.scheduled_jobs WHERE job_type = 'cron_sleeps' AND status <> 'pending' ORDER BY started_at}),
	"failed|interrupted\ncompleted|", 'it was interrupted, and the next one did its work');

# Whoever may log in can take a job's lock and so keep it from running; but not make that look like a run.
sql('CREATE ROLE stranger LOGIN');
$session = IPC::Run::start(
	[ $node->installed_command('psql'), '-XAtq', '-d', $node->connstr('postgres'), '-U', 'stranger', '-c',
	  q{SELECT pg_advisory_lock(hashtext('holdfast_private.jobs'), hashtext('cron_sleeps')), pg_sleep(180)} ],
	'<', \undef, '>', \$out, '2>', \$err);
$node->poll_query_until('postgres', q{SELECT count(*) > 0 FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE a.usename = 'stranger' AND l.locktype = 'advisory'});
is(sql(q{SELECT holdfast_private.run_job('cron_sleeps') IS NULL}), 't', 'a stranger with its lock stops a job');
is(sql(q{SELECT is_running FROM public.job_health WHERE job = 'cron_sleeps'}), 'f', 'and does not pass for a run of it');
sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'stranger'});
$session->finish;

done_testing();
