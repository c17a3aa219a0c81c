# Guards over the life of a server: counts of transactions that fail, a backend that is killed, a restart, a crash, and a
# file of locks that is broken. What a database counted, another one does not see.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Holdfast;

my $node = cluster('guards', settings => "restart_after_crash = on\nholdfast.guard_slots = 16384\nlog_min_messages = info\n");
my $file = $node->data_dir . '/pg_stat/holdfast.locks';
$node->safe_psql('postgres', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
my $sql = sub { $node->safe_psql($_[1] // 'postgres', $_[0]) };
my $locked = sub { $sql->("SELECT holdfast.is_locked('login', '$_[0]') IS NOT NULL", $_[1]) };
my $lock = sub { $sql->("SELECT locked_until FROM holdfast.record_failure('login', '$_[0]', 1, '1 hour')") };
my $lines = sub { scalar(() = slurp_file($node->logfile) =~ /$_[0]/g) };

# 1,000 failing transactions of four clients at once count 1,000.
my $script = PostgreSQL::Test::Utils::tempdir . '/fail.sql';
append_to_file($script, q{BEGIN;
SELECT holdfast.rate_limit('failing', 'a', 5000, '1 day');
SELECT holdfast.record_failure('failing', 'a', 5000, '1 day');
ROLLBACK;
});
$node->command_ok([ 'pgbench', '-n', '-c', 4, '-t', 250, '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ], 'a thousand transactions that roll back');
is($sql->(q{SELECT 5000 - remaining FROM holdfast.rate_limit('failing', 'a', 5000, '1 day')}), 1001, 'each was counted as a call');
is($sql->(q{SELECT failures FROM holdfast.record_failure('failing', 'a', 5000, '1 day')}), 1001, 'and as a failure');
$node->psql('postgres', q{DO $$ BEGIN PERFORM holdfast.rate_limit('error', 'a', 10, '1 day'); RAISE division_by_zero; END $$});
is($sql->(q{SELECT remaining FROM holdfast.rate_limit('error', 'a', 10, '1 day')}), 8, 'so was one that ended in an error');

# Four clients at once get what there is, and no more.
unlink $script;
append_to_file($script, "SELECT holdfast.rate_limit('together', 'a', 100, '1 day');\n");
$node->command_ok([ 'pgbench', '-n', '-c', 4, '-t', 200, '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ], 'eight hundred calls at once');
is($sql->(q{SELECT rate_refusals FROM holdfast.stats}), 700, 'a hundred were allowed');

# A database has names of its own.
$lock->('alice');
is($locked->('alice'), 't', 'alice is locked');
is($locked->('alice', 'other'), 'f', 'not in another database');

# Nor does it hand out another's failed requests.
my $fail = sub { $node->psql($_[1], "SET request.method = 'POST'; SELECT holdfast.raise_error('$_[0]')") };
$fail->('forbidden', 'other');
$fail->('locked', 'postgres');
$fail->('token_used', 'other');
is($sql->('SELECT word FROM holdfast.take_failures()'), 'locked', 'a database takes its own failed requests');
is($sql->('SELECT database, word FROM holdfast.take_failures()', 'other'), "other|forbidden\nother|token_used", "and leaves the others', in their order");

# Nothing of a name is in the file, and nobody else may read it.
ok(-s $file, 'the lock is in the file');
unlike(slurp_file($file), qr/alice|login/, 'without her name');
is((stat $file)[2] & 0007, 0, 'which is not for everybody');
is($sql->(q{SELECT lock_file_errors FROM holdfast.stats}), 0, 'no write failed');

# Each change is in the file when its transaction has ended, either way: nothing else is needed before the server dies.
my $crash = sub { $node->stop('immediate'); $node->start; return };
$node->psql('postgres', q{DO $$ BEGIN PERFORM holdfast.record_failure('login', 'failed', 1, '1 hour'); RAISE division_by_zero; END $$});
$crash->();
is($locked->('failed'), 't', 'a lock of a transaction that failed is there after a crash');
$lock->('forgiven');
$crash->();
is($locked->('forgiven'), 't', 'so is one that was committed');
is($sql->(q{SELECT holdfast.clear_failures('login', 'forgiven')}), 't', 'it is lifted');
$crash->();
is($locked->('forgiven'), 'f', 'and does not come back');
$sql->(q{SELECT holdfast.record_failure('login', 'short', 1, '1 second')});

my $same = sub {
	my ($how) = @_;
	is($locked->('alice'), 't', "$how: the lock holds");
	is($locked->('alice', 'other'), 'f', "$how: and only where it did");
	is($locked->('failed'), 't', "$how: so does the one of a transaction that failed");
	is($locked->('forgiven'), 'f', "$how: the one that was cleared does not come back");
	is($locked->('short'), 'f', "$how: nor does one that has ended");
	is($sql->(q{SELECT remaining FROM holdfast.rate_limit('together', 'a', 100, '1 day')}), 99, "$how: counters begin anew");
	is($sql->(q{SELECT slots_locked < 10 AND slots_used < 20 FROM holdfast.stats}), 't', "$how: and nothing else is there");
	$sql->(q{SELECT holdfast.rate_limit('together', 'a', 100, '1 day') FROM generate_series(1, 200)});
	return;
};
sleep 1.1;
$node->restart;
$same->('restart');

# kill -9 of a backend in the middle of counting: the server starts anew, and everything in shared memory with it.
unlink $script;
append_to_file($script, "SELECT count(*) FROM (SELECT holdfast.record_failure('busy', n::text, 100000, '1 minute'), holdfast.rate_limit('busy', n::text, 2, '1 minute') FROM generate_series(1, 100000) n OFFSET 0) s;\n");
for my $round (1 .. 3)
{
	$lock->("killed $round");
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start([ 'pgbench', '-n', '-c', 2, '-T', 30, '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ], '>', \$out, '2>', \$err);
	my $pid;
	for (1 .. 100)
	{
		$pid = $sql->(q{SELECT max(pid) FROM pg_stat_activity WHERE query LIKE '%busy%' AND pid <> pg_backend_pid() AND state = 'active'});
		last if $pid;
		sleep 0.05;
	}
	sleep 0.2;
	kill 'KILL', $pid;
	$run->finish;
	$node->poll_query_until('postgres', 'SELECT true');
	$same->("backend killed, $round");
	is($locked->("killed $round"), 't', "backend killed, $round: the last lock holds too");
}

$node->stop('immediate');
$node->start;
$same->('immediate stop');

# A flood of subjects, 10^7 with HOLDFAST_FULL=1: nothing grows, and what matters stays.
my $flood = $ENV{HOLDFAST_FULL} ? 10_000_000 : 300_000;
my $size = sub { $sql->(q{SELECT sum(allocated_size) FROM pg_shmem_allocations}) };
my $before = $size->();
$lock->('flooded');
$sql->(q{SELECT holdfast.rate_limit('flood', 'used up', 5, '1 hour') FROM generate_series(1, 5)});
is($sql->(qq{SELECT count(r) FROM (SELECT holdfast.rate_limit('flood', n::text, 5, '1 hour') AS r,
	holdfast.record_failure('flood', n::text, 5, '15 minutes') FROM generate_series(1, $flood) n OFFSET 0) s}), $flood, "a flood of $flood subjects");
is($size->(), $before, 'takes no more memory');
is($sql->(q{SELECT slots_used = slots_total AND evicted_locks = 0 FROM holdfast.stats}), 't', 'and every slot');
is($locked->('flooded'), 't', 'a lock holds');
is($sql->(q{SELECT allowed FROM holdfast.rate_limit('flood', 'used up', 5, '1 hour')}), 'f', 'and a limit that is used up is not forgotten');
$crash->();

# The table is smaller than the locks: those that end last come back.
$sql->(q{SELECT count(*) FROM (SELECT holdfast.record_failure('many', n::text, 1, interval '1 hour' + n * interval '1 second') FROM generate_series(1, 3000) n OFFSET 0) s});
is($sql->(q{SELECT count(*) FROM generate_series(1, 3000) n WHERE holdfast.is_locked('many', n::text) IS NOT NULL}), 3000, 'three thousand locks');
$node->append_conf('postgresql.conf', 'holdfast.guard_slots = 1024');
$node->restart;
is($sql->(q{SELECT slots_locked FROM holdfast.stats}), 896, 'a smaller table takes as many as it may, 7/8 of it');
is($sql->(q{SELECT count(*) FROM generate_series(2900, 3000) n WHERE holdfast.is_locked('many', n::text) IS NULL}), 0, 'those that end last');
is($sql->(q{SELECT count(*) FROM generate_series(1, 200) n WHERE holdfast.is_locked('many', n::text) IS NOT NULL}), 0, 'and not those that end first');

# A file that is broken, in each way, is ignored with a warning, and the next lock makes a good one.
my $good = slurp_file($file);
my %broken = (
	empty => '',
	short => substr($good, 0, length($good) - 1),
	head => substr($good, 0, 20),
	long => "$good.",
	text => 'this is no file of locks',
	changed => $good =~ s/(.)\z/chr(ord($1) ^ 1)/ser,
	version => substr($good, 0, 12) . "\2" . substr($good, 13));
for my $how (sort keys %broken)
{
	$node->stop;
	my $content = $broken{$how};
	open my $out, '>', $file or die;
	binmode $out;
	print $out $content;
	close $out;
	my $warnings = $lines->('WARNING:  ignoring file "pg_stat/holdfast.locks"');
	$node->start;
	is($lines->('WARNING:  ignoring file "pg_stat/holdfast.locks"'), $warnings + 1, "$how: a warning");
	is($sql->('SELECT slots_locked FROM holdfast.stats'), 0, "$how: no lock");
	$lock->("after $how");
	$node->restart;
	is($locked->("after $how"), 't', "$how: the next lock makes a good file");
}

# Another server's file means nothing here.
my $twin = cluster('twin', roles => 0);
$twin->safe_psql('postgres', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
$twin->stop;
open my $out, '>', $twin->data_dir . '/pg_stat/holdfast.locks' or die;
binmode $out;
print $out $good;
close $out;
$twin->start;
is($twin->safe_psql('postgres', 'SELECT slots_locked FROM holdfast.stats'), 0, "another server's locks do not hold here");
like(slurp_file($twin->logfile), qr/holdfast\.locks": it belongs to another server/, 'and the log says why');

# Where the file cannot be written, the lock holds while the server runs, and the log says what it means.
chmod 0500, $node->data_dir . '/pg_stat';
$lock->('unwritten');
is($locked->('unwritten'), 't', 'a lock that could not be written holds');
SKIP:
{
	skip 'root may write anywhere', 2 if $> == 0;
	is($sql->(q{SELECT lock_file_errors FROM holdfast.stats}), 1, 'the failed write was counted');
	is($lines->('could not write file "pg_stat/holdfast.locks'), 1, 'and logged');
}
chmod 0700, $node->data_dir . '/pg_stat';
$lock->('written');
$node->restart;
is($locked->('unwritten'), 't', 'and the next write makes up for it');

done_testing();
