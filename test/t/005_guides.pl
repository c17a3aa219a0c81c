# The guides tell the truth: every block of SQL in them runs as it stands, in its order, on a fresh server.
use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

# follow runs the blocks of a page; the words in the last argument are replaced first, as a reader would.
sub follow
{
	my ($node, $database, $page, %replace) = @_;
	my @blocks = slurp_file("$FindBin::Bin/docs/$page") =~ /^```sql\n(.*?)^```/msg;
	cmp_ok(scalar(@blocks), '>=', 3, "$page has blocks of SQL");
	my $number = 0;
	for my $block (@blocks)
	{
		$block =~ s/\Q$_\E/$replace{$_}/g for keys %replace;
		my ($status, $out, $error) = $node->psql($database, $block, on_error_stop => 1);
		is($status, 0, "$page: block " . ++$number) or diag("$block\n$error");
	}
	return;
}

my $node = cluster('guides', roles => 0);
follow($node, 'postgres', 'quickstart-dba.md', 'SELECT holdfast.unschedule_jobs' => '-- ', 'DROP ' => '-- DROP ');
follow($node, 'postgres', 'operations.md');
is($node->safe_psql('postgres', q{SELECT string_agg(job, ' ') FROM holdfast_private.job_heartbeats WHERE last_success IS NOT NULL}),
	'job_sweep_holds', 'the job was run by hand');

$node->safe_psql('postgres', 'CREATE DATABASE adoption');
follow($node, 'adoption', 'adoption.md');

$node->safe_psql('postgres', 'CREATE DATABASE guards');
$node->safe_psql('guards', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
follow($node, 'guards', 'guards.md');

$node->safe_psql('postgres', 'CREATE DATABASE audit');
$node->safe_psql('audit', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
follow($node, 'audit', 'audit.md');

# What the page on adoption promises: of the table,
my $insert = sub { sprintf q{INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at) VALUES
  ('11111111-1111-1111-1111-111111111111', 'cccccccc-0000-0000-0000-000000000003', '2027-03-01 %s', '2027-03-01 %s')}, @_ };
$node->safe_psql('adoption', $insert->('11:00Z', '11:50Z'));
like(($node->psql('adoption', $insert->('11:55Z', '13:00Z')))[2], qr/slot_conflict/, 'the buffer counts');
$node->safe_psql('adoption', 'UPDATE room_bookings SET cancelled = true');
is(($node->psql('adoption', $insert->('11:55Z', '13:00Z')))[0], 0, 'a cancelled row does not');

my $as = sub { sprintf q{SET ROLE authenticated; SET request.jwt.claims = '{"role": "authenticated",
  "sub": "22222222-2222-2222-2222-222222222222", "organization_id": "%s"}'; %s}, @_ };
my ($mine, $theirs) = ('11111111-1111-1111-1111-111111111111', '33333333-3333-3333-3333-333333333333');
is($node->safe_psql('adoption', $as->($mine, 'SELECT count(*) FROM room_bookings')), 2, 'the organization sees its rows');
is($node->safe_psql('adoption', $as->($theirs, 'SELECT count(*) FROM room_bookings')), 0, 'another organization does not');

# of the RPC,
my $book = sub { $as->($mine, sprintf q{SELECT book_room('cccccccc-0000-0000-0000-000000000003', '2027-03-02 %s', '2027-03-02 10:50Z', 'key')}, @_) };
my $first = $node->safe_psql('adoption', $book->('10:00Z'));
like($first, qr/^\{"id": "[0-9a-f-]{36}"\}$/, 'a room can be booked');
is($node->safe_psql('adoption', $book->('10:00Z')), $first, 'the same request gets the same answer');
like(($node->psql('adoption', $book->('09:00Z')))[2], qr/idempotency_mismatch/, 'another one under its key does not');
is($node->safe_psql('adoption', q{SELECT count(*) FROM room_bookings WHERE starts_at >= '2027-03-02'}), 1, 'one row was made');
like(($node->psql('adoption', $as->($mine, q{SELECT private.book_room(NULL, NULL, NULL, NULL, NULL)})))[2],
	qr/permission denied for schema private/, 'nobody can name the body');

# and of the calendar.
my $key = $node->safe_psql('adoption', 'SELECT DISTINCT hold_key FROM appointments_calendar');
is($node->safe_psql('adoption', 'SELECT count(*) FROM appointments_calendar'), 3, 'three resources are held');
for my $call ('extend(%s, \'5 minutes\')', 'confirm(%s)', 'release(%s)')
{
	my $statement = sprintf "SELECT count(*) FROM holdfast.$call", "'appointments_calendar', '$mine', '$key'";
	my ($status, $out, $error) = $node->psql('adoption', $statement);
	$call =~ /^release/
	  ? like($error, qr/hold_not_found|invalid_transition/, 'what is confirmed is no hold any more')
	  : is($status, 0, $statement);
}

# Last, the way out that the quick start names.
$node->safe_psql('postgres', $_) for slurp_file("$FindBin::Bin/docs/quickstart-dba.md") =~ /^(SELECT holdfast\.unschedule_jobs.*?)^```/msg;
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace}), 0, 'the platform is gone');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_roles WHERE rolname ~ '^holdfast'}), 0, 'and so are its roles');

done_testing();
