# Sealed audit logs: nothing falls outside a batch whatever runs at once, a killed sealing loses nothing, a log that was
# dumped and restored into another server goes on being sealed, and a proof is checked without any server.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Holdfast;

my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
my $organization = '00000000-0000-0000-0000-0000000000a1';

# audited makes a table with an audit log in a database.
sub audited
{
	my ($node, $database) = @_;
	$node->safe_psql($database, q{
		SET client_min_messages = warning;
		CREATE SCHEMA IF NOT EXISTS holdfast;
		CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
		SELECT holdfast.create_audit_log('public.log');
		CREATE TABLE things (organization_id uuid NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, name text, price numeric,
		  PRIMARY KEY (organization_id, id));
		SELECT holdfast.enable_audit('things', 'log');
	});
	return;
}

# add inserts things.
sub add
{
	my ($node, $database, $count) = @_;
	$node->safe_psql($database,
		qq{INSERT INTO things (organization_id, name, price) SELECT '$organization', 'thing ' || n, n * 1.50 FROM generate_series(1, $count) AS n});
	return;
}

# value is what one query returns.
sub value
{
	my ($node, $database, $query) = @_;
	return $node->safe_psql($database, $query);
}

# seal_all seals until nothing is left, and returns how many rows.
sub seal_all
{
	my ($node, $database) = @_;
	my $sealed = 0;
	for my $attempt (1 .. 200)
	{
		$sealed += value($node, $database, q{SELECT holdfast.seal_audit('log')});
		return $sealed
		  if value($node, $database, q{SELECT count(*) = (SELECT coalesce(sum(row_count), 0) FROM log_seals) FROM log}) eq 't';
		sleep 0.05;
	}
	return -1;
}

# problems is what verify_audit finds.
sub problems
{
	my ($node, $database, $head) = @_;
	my $verify = defined $head ? "verify_audit_head('log', '$head')" : q{verify_audit('log')};
	return value($node, $database, "SELECT problem, batch FROM holdfast.$verify");
}

my $node = cluster('sealing', roles => 0, preload => 'holdfast',
	settings => "max_prepared_transactions = 4\nrestart_after_crash = on\nautovacuum = off\n");
audited($node, 'postgres');

# A prepared transaction still runs, also over a restart.
$node->safe_psql('postgres', qq{BEGIN; INSERT INTO things (organization_id, name) VALUES ('$organization', 'prepared');
	SAVEPOINT s; INSERT INTO things (organization_id, name) VALUES ('$organization', 'in its subtransaction');
	RELEASE s; PREPARE TRANSACTION 'waiting'});
add($node, 'postgres', 10);
is(value($node, 'postgres', q{SELECT holdfast.seal_audit('log')}), 0, 'a prepared transaction holds up what came later');
$node->restart;
is(value($node, 'postgres', q{SELECT holdfast.seal_audit('log')}), 0, 'after a restart, too');
$node->safe_psql('postgres', q{COMMIT PREPARED 'waiting'});
is(seal_all($node, 'postgres'), 12, 'when it has committed, its rows are sealed before the others');
is(problems($node, 'postgres'), '', 'and all is sound');

# Many write in transactions that overlap and end out of order, roll back in part or as a whole; two seal all the time.
append_to_file("$home/write.sql", qq{
\\set pause random(0, 30)
\\set fate random(1, 10)
BEGIN;
INSERT INTO things (organization_id, name, price) SELECT '$organization', 'a', :fate FROM generate_series(1, :fate);
SAVEPOINT s;
UPDATE things SET price = price + 1 WHERE organization_id = '$organization' AND id = :client_id + 1;
\\if :fate > 7
ROLLBACK TO s;
\\endif
\\sleep :pause ms
INSERT INTO things (organization_id, name) VALUES ('$organization', 'b');
\\if :fate = 1
ROLLBACK;
\\else
COMMIT;
\\endif
});
append_to_file("$home/seal.sql", q{SELECT holdfast.seal_audit('log', 50);});
my @runs;
my @said;
for my $load ([ 'write', 12 ], [ 'seal', 2 ])
{
	my ($script, $clients) = @$load;
	push @said, \my $said;
	push @runs, IPC::Run::start(
		[ 'pgbench', '-n', '-T', 6, '-c', $clients, '-j', 2, '-f', "$home/$script.sql", $node->connstr('postgres') ],
		'>', \$said, '2>', \$said);
}
$_->finish for @runs;
note $$_ for @said;
is($_->result(0), 0, 'a load ran to its end') for @runs;
my $batches = value($node, 'postgres', 'SELECT count(*) FROM log_seals');
cmp_ok($batches, '>', 20, "$batches batches were sealed meanwhile");
cmp_ok(seal_all($node, 'postgres'), '>=', 0, 'every row is in a batch');
is(problems($node, 'postgres'), '', 'and no row came late');

# Killed in the middle: before the batch is stored, by the administrator or by the system.
add($node, 'postgres', 1000);
for my $signal ('terminate', 'KILL')
{
	my $lock = $node->background_psql('postgres', on_error_stop => 0);
	$lock->query_safe('BEGIN; LOCK TABLE log_seals IN SHARE ROW EXCLUSIVE MODE');
	my $run = IPC::Run::start([ 'psql', '-XqAt', '-d', $node->connstr('postgres'), '-c', q{SELECT holdfast.seal_audit('log')} ],
		'>', \my $out, '2>', \my $error);
	$node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%seal_audit(%')})
	  or die 'sealing did not come to its end';
	my $pid = value($node, 'postgres', q{SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%seal_audit(%'});
	if ($signal eq 'terminate') { $node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)"); }
	else { kill 'KILL', $pid; }
	$run->finish;
	isnt($run->result(0), 0, "$signal: the sealing ended");
	eval { $lock->quit };
	$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
	is(problems($node, 'postgres'), '', "$signal: the log is sound");
	is(value($node, 'postgres', 'SELECT count(*) - (SELECT sum(row_count) FROM log_seals) FROM log'), 1000, "$signal: nothing was sealed");
}
is(seal_all($node, 'postgres'), 1000, 'the next sealing takes up all of it');
is(problems($node, 'postgres'), '', 'and all is sound again');

# Checking can be cancelled.
add($node, 'postgres', 20000);
my ($status, $out, $error) = $node->psql('postgres', q{SET statement_timeout = '20ms'; SELECT * FROM holdfast.verify_audit('log')});
like($error, qr/statement timeout/, 'verifying is cancelled');
cmp_ok(seal_all($node, 'postgres'), '==', 20000, 'and the rest is sealed');

# Dumped with rows that are not sealed yet, and restored where transaction ids are lower.
my $head = value($node, 'postgres', q{SELECT holdfast.audit_head('log')});
add($node, 'postgres', 5);
command_ok([ 'pg_dump', '-f', "$home/dump.sql", '-d', $node->connstr('postgres') ], 'the log is dumped');
my $new = cluster('elsewhere', roles => 0, preload => 'holdfast', settings => "autovacuum = off\n");
$new->safe_psql('postgres', 'CREATE DATABASE restored');
$new->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$home/dump.sql", 'restored' ], 'and restored into another cluster');
is(problems($new, 'restored', $head), '', 'it is sound there, up to the head that was kept');
add($new, 'restored', 3);
is(seal_all($new, 'restored'), 8, 'what was not sealed is, and what came since');
is(value($new, 'restored', q{SELECT string_agg(row_count || CASE WHEN cluster = sealed_by THEN ' own' ELSE ' restored' END, ', ' ORDER BY batch)
	FROM log_seals WHERE sealed_by <> (SELECT sealed_by FROM log_seals WHERE batch = 1)}),
	value($new, 'restored', q{SELECT CASE WHEN min(cluster) = (SELECT cluster FROM log_seals WHERE batch = 1) THEN '5 restored, 3 own'
	  ELSE '3 own, 5 restored' END FROM log_seals}), 'in batches of their own');
is(problems($new, 'restored', $head), '', 'and all is sound');
add($new, 'restored', 2);
is(seal_all($new, 'restored'), 2, 'sealing goes on');
is(problems($new, 'restored', $head), '', 'and all stays sound');
# Offline: the server is not asked. A proof leads to the last head, or to the one that was kept.
my $verifier = "$FindBin::Bin/examples/verify-audit/verify.mjs";
sub proof
{
	my ($name, $condition, $arguments) = @_;
	append_to_file("$home/$name.json", value($new, 'restored',
		"SELECT holdfast.audit_proof('log', id$arguments, organization_id => organization_id) FROM log WHERE $condition LIMIT 1"));
	return "$home/$name.json";
}
my ($kept) = $head =~ /"batch": (\d+)/;
append_to_file("$home/kept.head", $head);
append_to_file("$home/last.head", value($new, 'restored', q{SELECT holdfast.audit_head('log')}));
my $first = q{new_values ->> 'name' = 'in its subtransaction'};
my $own = q{cluster <> (SELECT cluster FROM log_seals WHERE batch = 1)};
my $to_last = proof('to_last', $first, '');
my $to_kept = proof('to_kept', $first, ", $kept");
my $in_kept = proof('in_kept', qq{transaction_id >= (SELECT from_transaction FROM log_seals WHERE batch = $kept) AND NOT $own}, ", $kept");
my $recent = proof('recent', $own, '');
command_like([ 'node', $verifier, $to_last, "$home/last.head" ], qr/^PROVED by the head/m, 'an old row, by the last head');
command_like([ 'node', $verifier, $to_kept, "$home/kept.head" ], qr/^PROVED by the head/m, 'by the head that was kept');
command_like([ 'node', $verifier, $in_kept, "$home/kept.head" ], qr/^PROVED by the head/m, 'a row of the batch whose head was kept');
command_like([ 'node', $verifier, $recent, "$home/last.head" ], qr/^PROVED by the head/m, 'a row of the new cluster');
command_checks_all([ 'node', $verifier, $to_last, "$home/kept.head" ], 1, [qr/^NOT PROVED: .* ask for one with head_batch => $kept$/m], [], 'not by another head');
append_to_file("$home/forged", slurp_file($to_last) =~ s/in its subtransaction/in its subtransactioN/r);
command_checks_all([ 'node', $verifier, "$home/forged", "$home/last.head" ], 1, [qr/^NOT PROVED: the values/m], [], 'not another value');

($status, $out, $error) = $new->psql('restored', 'DELETE FROM log_seals');
like($error, qr/cannot be changed/, 'the guards came along');
$new->safe_psql('restored', q{ALTER TABLE log DISABLE TRIGGER USER; DELETE FROM log WHERE ctid IN (SELECT ctid FROM log WHERE new_values ->> 'name' = 'prepared');
	ALTER TABLE log ENABLE TRIGGER USER});
is(problems($new, 'restored', $head), 'row_missing|1', 'what is deleted there shows, and where');

# The same cluster, another database: the copy has the same transaction ids.
$node->safe_psql('postgres', 'CREATE DATABASE copy');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$home/dump.sql", 'copy' ], 'the dump is restored beside the original');
add($node, 'copy', 4);
is(seal_all($node, 'copy'), 9, 'and sealed further');
is(problems($node, 'copy', $head), '', 'and sound');

done_testing();
