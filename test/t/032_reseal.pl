# Rotation and resealing while others write: no change is lost, nothing is unreadable at any moment, and in the end every value is
# under the newest key. On a standby, what is sealed opens.
use strict;
use warnings;
use Cwd qw(abs_path);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
my $node = PostgreSQL::Test::Cluster->new('reseal');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'holdfast'\nholdfast.root_key_file = '$home/root.key'\n");
$node->start;
$node->safe_psql('postgres', q{
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	SELECT holdfast.generate_root_key();
	SELECT holdfast.create_keyring('ring');
	-- n in clear is what the sealed one must say
	CREATE TABLE note (id int PRIMARY KEY, person uuid, n int NOT NULL, body bytea NOT NULL);
	CREATE INDEX ON note (holdfast.sealed_key(body));
	INSERT INTO note SELECT i, p, 0, holdfast.seal('ring', '0', 'note/' || i, p)
	FROM generate_series(1, 3000) AS i, LATERAL (SELECT CASE WHEN i % 3 > 0 THEN md5((i % 50)::text)::uuid END AS p) AS whose;
});

# Four clients count rows up and read them back, and now and then keep a row locked for a while.
append_to_file("$home/count.pgbench", q{
\set id random(1, 3000)
\set pause random(1, 20)
BEGIN;
UPDATE note SET n = n + 1, body = holdfast.seal('ring', (n + 1)::text, 'note/' || id, person) WHERE id = :id;
\if :pause = 1
\sleep 20 ms
\endif
COMMIT;
SELECT 1 / (holdfast.unseal('ring', body, 'note/' || id) = n::text)::int FROM note WHERE id = :id + 0;
});
my ($out, $err) = ('', '');
my $load = IPC::Run::start([ 'pgbench', '-n', '-c', '4', '-T', '5', '-f', "$home/count.pgbench", '-h', $node->host, '-p', $node->port, 'postgres' ],
	'>', \$out, '2>', \$err);

my ($rotations, $resealed) = (0, 0);
my $until = time + 4;
while (time < $until)
{
	$node->safe_psql('postgres', q{SELECT holdfast.rotate_keys('ring')});
	$rotations++;
	for (1 .. 20)
	{
		my $done = $node->safe_psql('postgres', q{SELECT holdfast.reseal('ring', 'note', 'body', 'note', ARRAY['id']::name[], 500)});
		$resealed += $done;
		last if $done == 0;
	}
}
$load->finish;
is($load->result(0), 0, 'the load ran') or diag($err);
unlike($err, qr/ERROR/, 'and met no error');
like($out, qr/number of failed transactions: 0 /, 'and no failed transaction');
my ($transactions) = $out =~ /number of transactions actually processed: (\d+)/;
note("$transactions changes, $rotations rotations, $resealed values resealed");
cmp_ok($resealed, '>', 1000, 'values were resealed meanwhile');

1 while $node->safe_psql('postgres', q{SELECT holdfast.reseal('ring', 'note', 'body', 'note', ARRAY['id']::name[], 10000)}) > 0;
is($node->safe_psql('postgres', 'SELECT sum(n) FROM note'), $transactions, 'every change was made');
is($node->safe_psql('postgres', q{SELECT count(*) FROM note WHERE holdfast.unseal('ring', body, 'note/' || id) <> n::text}), 0, 'no change was lost');
is($node->safe_psql('postgres', q{SELECT count(DISTINCT k.key_version), bool_and(k.subject IS NOT DISTINCT FROM n.person)
	FROM note AS n JOIN ring AS k ON k.id = holdfast.sealed_key(n.body)}), '1|t', 'all are under the newest version, each under its own person');
my @versions = split /\|/, $node->safe_psql('postgres', q{SELECT max(k.key_version), (SELECT max(key_version) FROM ring)
	FROM note AS n JOIN ring AS k ON k.id = holdfast.sealed_key(n.body)});
is($versions[0], $versions[1], 'which is that of the last rotation');

# A standby opens and seals with the keys that there are; it can make none.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
my $open = q{SELECT count(*) FROM note WHERE holdfast.unseal('ring', body, 'note/' || id) = n::text};
is($standby->safe_psql('postgres', $open), 3000, 'standby: everything opens');
is($standby->safe_psql('postgres', q{SELECT length(holdfast.seal('ring', 'text', 'c'))}), 61, 'standby: sealing works');
my ($status, undef, $refused) = $standby->psql('postgres', q{SELECT holdfast.seal('ring', 'text', 'c', gen_random_uuid())});
like($refused, qr/read-only transaction|during recovery/, 'standby: no key is made');
# Shredding arrives there too, in a session that has the key.
my ($in, $heard) = ('', '');
my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $standby->connstr('postgres') ], '<', \$in, '>', \$heard, '2>&1', IPC::Run::timeout(60));
my $ask = sub {
	$heard = '';
	$in .= "SELECT holdfast.try_unseal('ring', body, 'note/' || id) IS NULL FROM note WHERE id = 1;\n\\echo done\n";
	$session->pump until $heard =~ /done\n/;
	return $heard =~ s/\n?done\n//r;
};
is($ask->(), 'f', 'standby: a session has the key of a person');
$node->safe_psql('postgres', q{SELECT holdfast.shred('ring', md5('1')::uuid)});
$node->wait_for_catchup($standby);
is($ask->(), 't', 'standby: and it is gone when the shredding has arrived');
$in .= "\\q\n";
$session->finish;

done_testing();
