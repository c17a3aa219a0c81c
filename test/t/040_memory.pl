# The memory of one backend stays what it is, however often it is called: RPCs that work and RPCs that fail, and the kernel's
# functions, in one session. HOLDFAST_MEMORY_CALLS calls, 10^4 unless it says otherwise ("make memory": 10^6).
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Calls;
use Holdfast;

my $calls = $ENV{HOLDFAST_MEMORY_CALLS} || 10_000;
my $node = cluster('memory', root_key => root_key(),
	settings => "fsync = off\nshared_buffers = 64MB\nlog_min_messages = fatal\nautovacuum_naptime = 10s\n");
prepare_calls($node);
my $round = round_of_calls();
my $size = () = $round =~ /^SELECT .*/mg;

# What the backend has: bytes of its contexts, and its memory that is not shared, in kB.
my $sample = <<'SQL';
\o
SELECT 'sample', (SELECT sum(used_bytes) FROM pg_backend_memory_contexts WHERE name <> 'ErrorContext'), (SELECT sum(total_bytes) FROM pg_backend_memory_contexts),
	substring(status from 'RssAnon:\s*(\d+)'), substring(status from 'VmRSS:\s*(\d+)') FROM pg_read_file(format('/proc/%s/status', pg_backend_pid())) AS status;
\o /dev/null
SELECT kernel.tidy();
SQL
my $contexts = q{
\o
SELECT 'context', name, coalesce(ident, ''), sum(used_bytes) FROM pg_backend_memory_contexts GROUP BY name, ident ORDER BY sum(used_bytes) DESC LIMIT 40;
\o /dev/null
};

my $samples = 10;
my $rounds = int($calls / $size / $samples) + 1;
my $file = PostgreSQL::Test::Utils::tempdir . '/round.sql';
append_to_file($file, $round);
my $script = "\\o /dev/null\n";
for my $i (1 .. $samples)
{
	$script .= "\\i $file\n" x $rounds . $sample;
	$script .= $contexts if $i == 2 || $i == $samples;
}
my ($out, $err) = ('', '');
my ($errors, %words) = (0);
IPC::Run::run([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$script, '>', \$out, '2>', sub {
	my ($text) = @_;
	$errors += () = $text =~ /ERROR:/g;
	$words{$_}++ for $text =~ /ERROR:\s+(.*)/g;
	$err .= $text if length $err < 12000;
});

my @seen = map { [ split /\|/ ] } grep { /^sample/ } split /\n/, $out;
is(scalar @seen, $samples, 'the session went on to the end') or diag $err;
my $failing = 10;
is($errors, $failing * $rounds * $samples, 'as many calls failed as were meant to')
  or diag join "\n", map({ "$words{$_} times $_" } sort keys %words), $err;
note sprintf '%d calls: bytes in contexts %s; RssAnon kB %s; VmRSS kB %s', $size * $rounds * $samples,
	map { my $column = $_; join ' ', map { $_->[$column] } @seen } 1, 3, 4;

# The first tenths fill caches; from then on nothing may come on top, neither in contexts nor outside of them.
my $bytes = $seen[-1][1] - $seen[1][1];
my $rss = $seen[-1][3] - $seen[1][3];
cmp_ok($bytes, '<', 65_536, "bytes in memory contexts: $bytes more than after a fifth of the calls")
	or diag grep { /^context/ } map { "$_\n" } split /\n/, $out;
cmp_ok($rss, '<', 2_048, "memory of the process: $rss kB more than after a fifth of the calls");
# The server's jit is on here, as it comes; the compiler alone would be 40 MB.
cmp_ok($seen[-1][3], '<', 32_768, "memory of the process: $seen[-1][3] kB, so no statement was taken for one that is worth compiling");
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), '0', 'no advisory lock is left');
$node->stop;
done_testing();
