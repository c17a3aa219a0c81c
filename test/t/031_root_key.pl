# The root key on real servers: missing or bad, the server starts, says so and works on; a dump holds wrapped keys only; after
# a change of the root key the keys in old dumps are worth nothing.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
my $file = "$home/root.key";
my $node = cluster('keys', preload => 'holdfast', settings => "holdfast.root_key_file = '$file'\n");

# logged waits for a line in the log from a place on.
sub logged
{
	my ($node, $from, $pattern, $name) = @_;
	for (1 .. 100)
	{
		last if slurp_file($node->logfile, $from) =~ $pattern;
		select undef, undef, undef, 0.1;
	}
	like(slurp_file($node->logfile, $from), $pattern, $name);
	return;
}

# Missing: a warning at the start; the platform installs and books; what needs a key says so, and the log why.
logged($node, 0, qr/WARNING:  holdfast\.root_key_file cannot be used\n.*DETAIL:  File "[^"]*root\.key" does not exist\./, 'missing: the log says so at the start');
platform($node);
clinic($node);
like(book($node, '2031-05-05 10:00Z'), qr/confirmed|pending/, 'missing: bookings work');
is($node->safe_psql('postgres', q{SELECT holdfast.token_matches(t, holdfast.token_hash(t)) FROM holdfast.token('ab') AS t}), 't', 'missing: tokens work');
is($node->safe_psql('postgres', 'SELECT count(*) FROM public.encryption_keys'), 0, 'missing: there are no keys to list');
my $seal = q{SELECT length(holdfast_private.seal_value('t.c', uuid_nil(), uuid_nil(), 'text'))} =~ s/uuid_nil\(\)/'00000000-0000-0000-0000-000000000000'/gr;
my ($status, $out, $err) = $node->psql('postgres', $seal);
like($err, qr/ERROR:  keys_unavailable/, 'missing: sealing says so');
unlike($err, qr/\Q$home\E/, 'missing: and does not say where the key should be');
is($node->safe_psql('postgres', q{SELECT holdfast_private.run_job(job) IS NOT NULL FROM holdfast_private.jobs WHERE job LIKE '%key%' OR job LIKE '%reseal%'}), "t\nt",
	'missing: jobs that have nothing to do run');

# Made, and open to others: the server starts, and warns; put right, a reload is enough.
$node->safe_psql('postgres', 'SELECT holdfast.generate_root_key()');
is($node->safe_psql('postgres', $seal), 61, 'made: sealing works at once');
chmod 0644, $file or die $!;
my $from = -s $node->logfile;
$node->restart;
logged($node, $from, qr/WARNING:  holdfast\.root_key_file cannot be used\n.*is open to others/, 'open to others: the log says so');
($status, $out, $err) = $node->psql('postgres', $seal);
like($err, qr/keys_unavailable/, 'open to others: sealing says so');
chmod 0600, $file or die $!;
is($node->safe_psql('postgres', $seal), 61, 'put right: sealing works');

# A reload that names a bad file: the postmaster says so then, and not at somebody's first use.
$from = -s $node->logfile;
$node->append_conf('postgresql.conf', "holdfast.root_key_file = '" . $node->data_dir . "/root.key'\n");
$node->reload;
logged($node, $from, qr/WARNING:  holdfast\.root_key_file cannot be used\n.*is in the data directory/, 'in the data directory: the log says so at the reload');
$node->append_conf('postgresql.conf', "holdfast.root_key_file = '$file'\n");
$node->reload;

# Whose file it may be: the server's own or root's, in a directory of theirs. (The suite makes these files, as root.)
SKIP:
{
	my $owners = "$ENV{TESTDIR}/owners";
	skip 'only root can give files away', 6 unless -d $owners;
	my %said = (
		root_0640 => '', root_0600 => 'could not be opened',
		root_0660 => 'is open to others; its mode must be 0600, or 0640 when it belongs to root',
		root_0644 => 'is open to others; its mode must be 0600, or 0640 when it belongs to root',
		nobody => "must belong to the server's user or to root",
		'theirs/key' => "is in a directory that belongs neither to the server's user nor to root");
	for my $name (sort keys %said)
	{
		my $problem = $node->safe_psql('postgres', "SELECT holdfast.root_key_problem('$owners/$name')");
		$problem =~ s{^file "[^"]*" }{}i;
		is($problem, $said{$name}, "a file of somebody's: $name");
	}
}

# A dump holds the keyring, wrapped; the restored keyring has the same name.
$node->safe_psql('postgres', q{
	SELECT holdfast.create_keyring('ring');
	CREATE TABLE notes (id int, body bytea);
	INSERT INTO notes VALUES (1, holdfast.seal('ring', 'the text', 'notes/1')), (2, holdfast.seal('ring', 'of a person', 'notes/2', '00000000-0000-7000-8000-00000000000a'))});
command_ok([ 'pg_dumpall', '-f', "$home/old.sql", '-h', $node->host, '-p', $node->port ], 'dumped');
my $open = q{SELECT string_agg(holdfast.unseal('ring', body, 'notes/' || id), ',' ORDER BY id) FROM notes};
is($node->safe_psql('postgres', $open), 'the text,of a person', 'before: it opens');

my $copy = cluster('copy', preload => 'holdfast', roles => 0);
command_ok([ 'psql', '-Xq', '-h', $copy->host, '-p', $copy->port, '-f', "$home/old.sql", 'template1' ], 'restored where there is no key');
($status, $out, $err) = $copy->psql('postgres', $open);
like($err, qr/keys_unavailable/, 'without the key it does not open');
like(book($copy, '2031-05-05 12:00Z'), qr/confirmed|pending/, 'without the key all else works');
$copy->append_conf('postgresql.conf', "holdfast.root_key_file = '$file'\n");
$copy->reload;
$copy->poll_query_until('postgres', 'SELECT holdfast.keys_available()');
is($copy->safe_psql('postgres', $open), 'the text,of a person', 'with the key it opens');

# A new root key: no moment at which nothing opens; in the end the old one opens nothing, and the old dump not with the new.
is(length $node->safe_psql('postgres', "SELECT holdfast.generate_root_key('$home/new.key')"), 16, 'a new root key');
$node->append_conf('postgresql.conf', "holdfast.root_key_file = '$home/new.key'\nholdfast.previous_root_key_file = '$file'\n");
$node->reload;
$node->poll_query_until('postgres', "SELECT current_setting('holdfast.root_key_file') LIKE '%new.key'");
is($node->safe_psql('postgres', $open), 'the text,of a person', 'meanwhile it opens with the previous one');
$node->safe_psql('postgres', "SELECT holdfast.rewrap_keys('ring'), holdfast.rewrap_keys('holdfast_private.keyring')");
is($node->safe_psql('postgres', "SELECT holdfast.rewrap_keys('ring')"), 0, 'all is rewrapped');
$node->append_conf('postgresql.conf', "holdfast.previous_root_key_file = ''\n");
$node->reload;
$node->poll_query_until('postgres', "SELECT current_setting('holdfast.previous_root_key_file') = ''");
is($node->safe_psql('postgres', $open), 'the text,of a person', 'afterwards it opens with the new one alone');
$copy->append_conf('postgresql.conf', "holdfast.root_key_file = '$home/new.key'\n");
$from = -s $copy->logfile;
$copy->reload;
$copy->poll_query_until('postgres', "SELECT current_setting('holdfast.root_key_file') LIKE '%new.key'");
($status, $out, $err) = $copy->psql('postgres', $open);
like($err, qr/keys_unavailable/, 'the keys in the old dump do not open with the new root key');
logged($copy, $from, qr/needs another root key\n.*A key is wrapped by root key [0-9a-f]{16}\./, 'and the log says which one they need');

# Shredding, seen from the disk: the wrapped key is in the table's file until vacuum.
my $wrapped = $node->safe_psql('postgres', "SELECT encode(wrapped, 'hex') FROM ring WHERE subject IS NOT NULL");
my $on_disk = sub {
	$node->safe_psql('postgres', 'CHECKPOINT');
	my $path = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('ring')");
	return index(slurp_file($path), pack 'H*', $wrapped) >= 0;
};
ok($on_disk->(), 'the wrapped key is on disk');
$node->safe_psql('postgres', "SELECT holdfast.shred('ring', '00000000-0000-7000-8000-00000000000a')");
ok($on_disk->(), 'right after shredding it still is, as a dead row');
$node->safe_psql('postgres', 'VACUUM FULL ring');
ok(!$on_disk->(), 'after VACUUM FULL it is not');
($status, $out, $err) = $node->psql('postgres', $open);
like($err, qr/key_destroyed/, 'what it sealed is gone');

# The guide: its blocks run as they stand, but for the place of the key.
my $guide = cluster('guide', preload => 'holdfast', roles => 0);
$guide->safe_psql('postgres', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
my @blocks = slurp_file("$FindBin::Bin/docs/secrets.md") =~ /^```sql\n(.*?)^```/msg;
cmp_ok(scalar(@blocks), '>=', 6, 'the guide has blocks of SQL');
for my $block (@blocks)
{
	$block =~ s{/etc/holdfast/}{$home/guide-};
	($status, $out, $err) = $guide->psql('postgres', $block, on_error_stop => 1);
	is($status, 0, 'the guide: ' . $block =~ s/\n.*//sr) or diag($err);
	$guide->poll_query_until('postgres', q{SELECT current_setting('holdfast.root_key_file') <> ''}) if $block =~ /reload/;
	like($out, qr/^PT50 0002 0123$/m, 'the guide: the value is found and opens') if $block =~ /unseal/;
}
is($guide->safe_psql('postgres', q{SELECT holdfast.try_unseal('app_keys', iban, 'account.iban/' || id) IS NULL FROM account}), 't',
	'the guide: the value of the erased person is gone');

done_testing();
