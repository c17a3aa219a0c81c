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
follow($node, 'postgres', 'quickstart-dba.md', 'DROP ' => '-- DROP ');
follow($node, 'postgres', 'operations.md');
is($node->safe_psql('postgres', q{SELECT count(*) > 0 FROM holdfast_private.job_heartbeats}), 't', 'the job was run by hand');

$node->safe_psql('postgres', 'CREATE DATABASE adoption');
follow($node, 'adoption', 'adoption.md');

# What the page promises.
my $clash = q{INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at) VALUES
  ('11111111-1111-1111-1111-111111111111', 'cccccccc-0000-0000-0000-000000000003', '2027-03-01 11:55Z', '2027-03-01 13:00Z')};
$node->safe_psql('adoption', q{INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at) VALUES
  ('11111111-1111-1111-1111-111111111111', 'cccccccc-0000-0000-0000-000000000003', '2027-03-01 11:00Z', '2027-03-01 11:50Z')});
like(($node->psql('adoption', $clash))[2], qr/slot_conflict/, 'the buffer counts');
$node->safe_psql('adoption', 'UPDATE room_bookings SET cancelled = true');
is(($node->psql('adoption', $clash))[0], 0, 'a cancelled row does not');
my $claims = sub { sprintf q{SET ROLE authenticated; SET request.jwt.claims = '{"role":"authenticated","sub":"22222222-2222-2222-2222-222222222222","organization_id":"%s"}'; }, shift };
my $mine = $claims->('11111111-1111-1111-1111-111111111111');
is($node->safe_psql('adoption', "$mine SELECT count(*) FROM room_bookings"), 2, 'the organization sees its rows');
is($node->safe_psql('adoption', $claims->('33333333-3333-3333-3333-333333333333') . 'SELECT count(*) FROM room_bookings'), 0,
	'another organization does not');
my $book = "$mine SELECT book_room('cccccccc-0000-0000-0000-000000000003', '%s', '2027-03-02 10:50Z', 'key-1')";
my $first = $node->safe_psql('adoption', sprintf $book, '2027-03-02 10:00Z');
is($node->safe_psql('adoption', sprintf $book, '2027-03-02 10:00Z'), $first, 'the same request gets the same answer');
like(($node->psql('adoption', sprintf $book, '2027-03-02 09:00Z'))[2], qr/idempotency_mismatch/, 'another one does not');
is($node->safe_psql('adoption', q{SELECT count(*) FROM room_bookings WHERE starts_at >= '2027-03-02'}), 1, 'one row was made');

# Last, the way out that the quick start names.
$node->safe_psql('postgres', $_) for (slurp_file("$FindBin::Bin/docs/quickstart-dba.md") =~ /^```sql\n(DROP .*?)^```/msg);
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace}), 0, 'all of it can be removed');

done_testing();
