# 64 clients at once on one account of a quota: what is there is used exactly once, whoever asks, gives back, gives up or
# is killed; and whoever looks at any moment finds the ledger and the balance in agreement.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Holdfast;

my $node = cluster('quota', preload => 'holdfast', roles => 0,
	settings => "max_connections = 200\nfsync = off\nlog_min_error_statement = panic\n");
$node->safe_psql('postgres', q{
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	SELECT holdfast.create_quota('public.quota');
	CREATE TABLE won (client int, reference uuid DEFAULT gen_random_uuid());
	CREATE TABLE answers (state text, word text);
	-- 40001, 40P01 and whatever else nobody expects would end up here, and fail the test
	CREATE FUNCTION use(account text, amount int, reference uuid) RETURNS boolean LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM holdfast.consume('public.quota', md5('o')::uuid, md5(account)::uuid, amount, reference);
		RETURN true;
	EXCEPTION WHEN SQLSTATE 'PT409' THEN
		INSERT INTO answers VALUES (SQLSTATE, SQLERRM);
		RETURN false;
	END $$;
	CREATE FUNCTION give_back(account text, reference uuid) RETURNS int LANGUAGE plpgsql AS $$
	BEGIN
		RETURN holdfast.refund('public.quota', md5('o')::uuid, md5(account)::uuid, reference);
	EXCEPTION WHEN SQLSTATE 'PT409' THEN
		INSERT INTO answers VALUES (SQLSTATE, SQLERRM);
		RETURN NULL;
	END $$;
});
sub open_account { $node->safe_psql('postgres', "SELECT holdfast.set_quota('public.quota', md5('o')::uuid, md5('$_[0]')::uuid, $_[1], 'none')"); return; }
sub answer { return $node->safe_psql('postgres', $_[0]); }

# pgbench runs a script with 64 clients, while a watcher proves the quota over and over.
sub pgbench
{
	my ($transactions, $script, $during) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir . '/script.sql';
	append_to_file($file, $script);
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(
		[ 'pgbench', '-n', '-c', 64, '-j', 4, '-t', $transactions, '-f', $file, $node->connstr('postgres') ],
		'>', \$out, '2>', \$err);
	my ($looks, $faults) = (0, 0);
	while ($run->pumpable)
	{
		$run->pump_nb;
		$faults += answer(q{SELECT count(*) FROM holdfast.verify_quota('public.quota')});
		$looks++;
		$during->() if $during;
		sleep 0.05;
	}
	$run->finish;
	is($faults, 0, "the ledger and the balance agree whenever somebody looks ($looks times)");
	return $err;
}

# n units, 64 clients who ask for one each until 1280 have asked
open_account('last', 700);
my $err = pgbench(20, q{
INSERT INTO won (client) SELECT :client_id WHERE use('last', 1, md5(:client_id::text)::uuid);
});
is(answer('SELECT count(*) FROM won'), 700, 'exactly as many succeed as there are units');
is(answer(q{SELECT balance FROM quota WHERE account = md5('last')::uuid}), 0, 'none is left');
is(answer(q{SELECT string_agg(DISTINCT word, ' ') || ' ' || count(*) FROM answers}), 'quota_exhausted 580', 'all others are told that it is exhausted');
is(answer(q{SELECT string_agg(threshold::text, ' ' ORDER BY threshold) FROM quota_alerts}), '50 80 100', 'each threshold once');
unlike($err, qr/ERROR/, 'no other error');

# in every isolation level, with and without the executor, giving back, giving up
open_account('mixed', 40);
$err = pgbench(30, q{
\set level random(1, 3)
\set end random(1, 4)
\set amount random(1, 3)
\set other random(0, 63)
\set direct random(0, 1)
SET holdfast.direct_insert = :direct;
BEGIN;
\if :level = 1
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
\elif :level = 2
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
\endif
SELECT count(*) FROM won;
SELECT use('mixed', :amount, md5(:client_id::text)::uuid);
SELECT give_back('mixed', md5(:other::text)::uuid);
\if :end = 1
ROLLBACK;
\else
COMMIT;
\endif
});
is(answer(q{SELECT count(*) FROM answers WHERE word NOT IN ('quota_exhausted', 'request_in_progress')}), 0, 'every refusal has its word');
unlike($err, qr/ERROR/, 'no other error, of serialization neither');
cmp_ok(answer(q{SELECT count(*) FROM quota_ledger WHERE account = md5('mixed')::uuid AND kind = 'refund'}), '>', 100, 'there was something to refund');

# killed at any moment
open_account('killed', 100000);
pgbench(60, q{
SELECT use('killed', 1, md5(:client_id::text)::uuid);
}, sub { answer(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbench' ORDER BY random() LIMIT 2}); });
is(answer(q{SELECT balance + (SELECT count(*) FROM quota_ledger l WHERE l.account = q.account AND kind = 'consume') FROM quota q WHERE account = md5('killed')::uuid}),
	100000, 'what the killed did is done wholly or not at all');
is(answer(q{SELECT count(*) FROM holdfast.verify_quota('public.quota')}), 0, 'and nothing is wrong at the end');
$node->stop;
done_testing();
