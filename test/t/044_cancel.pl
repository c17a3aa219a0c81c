# Cancelled at any moment: sessions whose statements have a random timeout of a few milliseconds, while somebody cancels and
# terminates them at random. Nothing is left by half, no lock is left, and the sessions that go on have the memory they had.
# HOLDFAST_CANCEL_SECONDS, 12 unless it says otherwise.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Calls;
use Holdfast;

my $seconds = $ENV{HOLDFAST_CANCEL_SECONDS} || 12;
my $node = cluster('cancel', root_key => root_key(), settings =>
	"fsync = off\njit = off\nmax_connections = 50\nlog_line_prefix = '%e %a '\nlog_min_error_statement = panic\n");
prepare_calls($node);
$node->safe_psql('postgres', q{
	SELECT holdfast.create_calendar('kernel.pairs'), holdfast.create_quota('kernel.pairs_quota');
	SELECT holdfast.set_quota('kernel.pairs_quota', md5('o')::uuid, md5('a')::uuid, 1000000, 'none');
});

# Two writes in one transaction: a hold, and a unit for it.
my $pair = <<'SQL';
BEGIN;
SELECT hold_key AS both FROM holdfast.hold('kernel.pairs', md5('o')::uuid, ARRAY[gen_random_uuid()], ARRAY[tstzrange(:'slot', :'slot'::timestamptz + '1 hour')], md5('h')::uuid, '10 min') \gset
SELECT holdfast.consume('kernel.pairs_quota', md5('o')::uuid, md5('a')::uuid, 1, :'both');
COMMIT;
SQL
my $timeout = "SELECT set_config('statement_timeout', ceil(random() ^ 2 * 25) || 'ms', false);\n";
my $round = $timeout . round_of_calls() . $pair;
my $folder = PostgreSQL::Test::Utils::tempdir;
my $preset = join '', map { "\\set $_ '00000000-0000-0000-0000-000000000002'\n" } qw(key booking held both);
append_to_file("$folder/round.sql", $round);
append_to_file("$folder/session.sql", "\\o /dev/null\n\\set slot '2030-01-07 10:00Z'\n$preset" . "\\i $folder/round.sql\n" x 200);
my $sample = q{
SET statement_timeout = 0;
\o
SELECT 'sample', sum(used_bytes), (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')
FROM pg_backend_memory_contexts WHERE name <> 'ErrorContext';
\o /dev/null
};
append_to_file("$folder/steady.sql", "\\o /dev/null\n\\set slot '2030-01-07 10:00Z'\n$preset"
	  . ("\\i $folder/round.sql\n" x 10 . $sample) x 1000);

my $connection = $node->connstr('postgres');
my $loop = qq{while [ ! -e $folder/stop ]; do psql -XqAt -d "$connection application_name=pressed" -f $folder/session.sql; done};
my ($steady, $ignored, @runs) = ('', '');
push @runs, IPC::Run::start([ 'sh', '-c', $loop ], '>', '/dev/null', '2>', '/dev/null') for 1 .. 3;
push @runs, IPC::Run::start([ 'psql', '-XqAt', '-d', "$connection application_name=steady", '-f', "$folder/steady.sql" ], '>', \$steady, '2>', '/dev/null');
my $sent = $node->safe_psql('postgres', qq{
	CREATE TEMP TABLE sent (what text);
	DO \$\$
	DECLARE
		v_until timestamptz := clock_timestamp() + interval '$seconds s';
		v_session record;
	BEGIN
		WHILE clock_timestamp() < v_until LOOP
			PERFORM pg_sleep(random() * 0.012);
			PERFORM pg_stat_clear_snapshot();
			SELECT pid, application_name INTO v_session FROM pg_stat_activity
			WHERE application_name IN ('pressed', 'steady') AND state <> 'idle' ORDER BY random() LIMIT 1;
			CONTINUE WHEN NOT FOUND;
			IF v_session.application_name = 'pressed' AND random() < 0.03 THEN
				PERFORM pg_terminate_backend(v_session.pid);
				INSERT INTO sent VALUES ('terminations');
			ELSE
				PERFORM pg_cancel_backend(v_session.pid);
				INSERT INTO sent VALUES ('cancellations');
			END IF;
		END LOOP;
	END \$\$;
	SELECT string_agg(count || ' ' || what, ', ' ORDER BY what) FROM (SELECT what, count(*) FROM sent GROUP BY what) AS s});
append_to_file("$folder/stop", '');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name IN ('pressed', 'steady')});
eval { $_->finish } for @runs;

my $log = slurp_file($node->logfile);
my %states;
$states{$1}++ while $log =~ /^(\w{5}) (?:pressed|steady) (?:ERROR|FATAL):/mg;
note "$sent; " . join ', ', map { "$_ $states{$_}" } sort keys %states;
cmp_ok($states{57014} // 0, '>', 5 * $seconds, 'statements were cancelled and timed out');
cmp_ok($states{'57P01'} // 0, '>', 0, 'sessions were terminated');
# What was cancelled in a transaction leaves 25P02 to the next, a role that was not reset is denied, a request whose key was
# not read anew is one that was answered already (55000); and some calls fail anyway (PT4.., XX001).
is(join(' ', grep { !/^(57014|57P01|25P02|42501|55000|PT4..|XX001)$/ } sort keys %states), '', 'nothing failed in another way');
unlike($log, qr/WARNING:.*(leak|not closed)|PANIC|TRAP:|terminated by signal/, 'nothing was left open, nothing crashed')
  or diag join "\n", ($log =~ /^.*(?:WARNING|PANIC|TRAP|signal).*$/mg)[0 .. 10];

my %nothing = (
	'no advisory lock is left' => q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'},
	'no session is left' => q{SELECT count(*) FROM pg_stat_activity WHERE application_name IN ('pressed', 'steady')},
	'nothing overlaps' => q{SELECT (SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar')) + (SELECT count(*) FROM holdfast.verify_calendar('kernel.calendar'))},
	'the ledgers and balances agree' => q{SELECT (SELECT count(*) FROM holdfast.verify_quota('kernel.quota')) + (SELECT count(*) FROM holdfast.verify_quota('kernel.pairs_quota'))},
	'the audit log is sound'        => q{SELECT count(*) FROM holdfast.verify_audit('holdfast_private.audit_log')},
	'a hold without its unit, or a unit without its hold' => q{
		SELECT count(*) FROM (SELECT DISTINCT hold_key FROM kernel.pairs) AS p
		FULL JOIN (SELECT DISTINCT reference FROM kernel.pairs_quota_ledger WHERE reference IS NOT NULL) AS l ON l.reference = p.hold_key
		WHERE p.hold_key IS NULL OR l.reference IS NULL},
	'a live booking without its time, or the time of one that is not' => q{
		SELECT count(*) FROM (SELECT id FROM public.bookings WHERE status IN ('confirmed', 'pending')) AS b
		FULL JOIN (SELECT DISTINCT hold_key FROM holdfast_private.calendar WHERE kind = 'busy') AS c ON c.hold_key = b.id
		WHERE b.id IS NULL OR c.hold_key IS NULL},
	'a booking whose history ends in another state' => q{
		SELECT count(*) FROM public.bookings AS b WHERE status IS DISTINCT FROM
		  (SELECT new_status FROM public.booking_status_history AS h WHERE h.booking_id = b.id ORDER BY h.id DESC LIMIT 1)},
	'a cancelled booking without its cancellation' => q{
		SELECT count(*) FROM public.bookings AS b WHERE status = 'cancelled' AND NOT EXISTS (SELECT FROM public.booking_cancellations WHERE booking_id = b.id)},
	'a request that is kept without its booking' => q{
		SELECT count(*) FROM holdfast_private.idempotency AS i WHERE i.operation = 'request_hold'
		  AND NOT EXISTS (SELECT FROM holdfast_private.booking_holds AS h WHERE h.hold_key = (i.response ->> 'hold_key')::uuid)});
is($node->safe_psql('postgres', $nothing{$_}), '0', $_) for sort keys %nothing;
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM public.bookings'), '>', 5, 'and some of the work was done');

is(join(' ', grep { $_ > 0 } $steady =~ /^sample\|\d+\|(\d+)/mg), '', 'nor had a session one whose statements were over');
my @samples = $steady =~ /^sample\|(\d+)/mg;
cmp_ok(scalar @samples, '>=', 3, scalar(@samples) . ' looks at the memory of a session that went on');
# By the middle every statement has been run to its end at least once, and is cached.
my $middle = $samples[@samples / 2];
cmp_ok($samples[-1] - $middle, '<', 524_288, "its contexts: $middle bytes, then $samples[-1]") if @samples >= 3;
$node->stop;
done_testing();
