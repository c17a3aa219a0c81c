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
$node->poll_query_until('postgres', "SELECT NOT EXISTS ($held HAVING count(*) > 0)")
  or diag('the hold is still there after the poll ran out');
is($node->safe_psql('postgres', $held), 0, 'the expired hold is gone');
is($node->safe_psql('postgres', q{SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'}), 0, 'no job failed');

done_testing();
