# DROP EXTENSION takes no data: it refuses while anything stands on the kernel, and with CASCADE takes functions,
# triggers, policies and defaults, but no table, no column and no row.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('drop', root_key => root_key());
busy($node);
clinic($node);
book($node, '2031-05-05 10:00Z');
my $before = describe($node);

# part is the lines of a description that begin like this.
sub part
{
	my ($pattern, $lines) = @_;
	return [ grep { /^$pattern/ } @$lines ];
}

for my $extension ('holdfast', 'pgcrypto', 'btree_gist')
{
	my (undef, undef, $error) = $node->psql('postgres', "DROP EXTENSION $extension");
	like($error, qr/cannot drop extension $extension because other objects depend on it/, "$extension is not dropped");
}
my (undef, undef, $error) = $node->psql('postgres', 'DROP SCHEMA holdfast');
like($error, qr/cannot drop/, 'nor is its schema');
same(describe($node), $before, 'nothing is changed by trying');

$node->safe_psql('postgres', 'BEGIN; SET client_min_messages = warning; DROP EXTENSION holdfast CASCADE; ROLLBACK');
same(describe($node), $before, 'what CASCADE took can be rolled back');

$node->safe_psql('postgres', 'SET client_min_messages = warning; DROP EXTENSION holdfast CASCADE');
my $after = describe($node);
is_deeply(part('rows of ', $after), part('rows of ', $before), 'CASCADE leaves every table and every row');
my $bare = sub { return [ map { s/^(column \S+ \S+ type \S+).*/$1/r } @{ part('column ', $_[0]) } ] };
is_deeply([ map { s/ acl .*//r } @{ part('relation \S+ kind [^v]', $after) } ], [ map { s/ acl .*//r } @{ part('relation \S+ kind [^v]', $before) } ],
	'every table, sequence and owner');
my $views = join '|', map { /^relation (\S+) kind v/ } differences($before, $after);
is_deeply([ grep { !/^column (?:$views)\./ } @{ $bare->($after) } ], [ grep { !/^column (?:$views)\./ } @{ $bare->($before) } ],
	'and every column, with its type');
my $bonds = sub { return [ grep { !/ CHECK .*holdfast\./ } @{ part('(index|constraint) ', $_[0]) } ] };
is_deeply($bonds->($after), $bonds->($before), 'every key, exclusion and foreign key, and every check that needs no kernel function');
my %gone;
for (differences($before, $after))
{
	my ($kind) = /^(\w+)/;
	$gone{$kind}++;
}
note('CASCADE takes or changes ' . join(', ', map { "$gone{$_} $_" } sort keys %gone));
is($node->safe_psql('postgres', q{SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
	WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity}), '', 'row security stays on: where its policies are gone, nobody sees a row');
($error) = ($node->psql('postgres', q{SET request.jwt.claims = '{"role": "authenticated", "sub": "00000000-0000-0000-0000-0000000000d1",
	"organization_id": "00000000-0000-0000-0000-0000000000a1"}'; SET ROLE authenticated; SELECT count(*) FROM public.bookings}))[1];
is($error, '0', 'not even their own');

done_testing();
