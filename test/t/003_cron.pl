# pg_cron really runs the jobs: the sweep takes away a hold that has expired, and leaves its heartbeat.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('cron');
platform($node);
clinic($node);
$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron');
like($node->safe_psql('postgres', 'SELECT * FROM holdfast.schedule_jobs()'), qr/sweep_holds/, 'the sweep is scheduled');
my $jobs = $node->safe_psql('postgres', 'SELECT jobname, schedule, command FROM cron.job ORDER BY 1');
$node->safe_psql('postgres', 'SELECT * FROM holdfast.schedule_jobs()');
is($node->safe_psql('postgres', 'SELECT jobname, schedule, command FROM cron.job ORDER BY 1'), $jobs,
	'scheduling again changes nothing');

$node->safe_psql('postgres', hold_request('2031-05-05 10:00Z', hold_seconds => 1));
my $held = q{SELECT count(*) FROM holdfast_private.calendar WHERE kind = 'busy-tentative'};
isnt($node->safe_psql('postgres', $held), 0, 'a hold is there');

# pg_cron starts jobs on the minute.
my $begun = time;
$node->poll_query_until('postgres', "SELECT ($held) = 0") or diag('the hold is still there');
cmp_ok(time - $begun, '<', 75, 'the expired hold is gone within the minute');
is($node->safe_psql('postgres', q{SELECT runs > 0, failures, last_success > now() - interval '1 minute', last_rows, last_error
	FROM holdfast_private.job_heartbeats WHERE job = 'job_sweep_holds'}), 't|0|t|2|', 'the heartbeat says so: both blocks of the hold');
is($node->safe_psql('postgres', q{SELECT DISTINCT username FROM cron.job}), 'holdfast_jobs', 'jobs run as a role of their own');
is($node->safe_psql('postgres', q{SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'holdfast_jobs'}), 'f',
	'which is no superuser and bypasses no policy');
is($node->safe_psql('postgres', q{SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'}), 0, 'no job failed');

done_testing();
