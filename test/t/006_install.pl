# install(): before PostgREST's roles exist, and twice at once.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('install', roles => 0);

# rights is all that anybody but the owner may do, and whom policies are for.
sub rights
{
	my ($database) = @_;
	return $node->safe_psql($database, q{
		SELECT c.oid::regclass::text, a.grantee::regrole::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
		WHERE c.relowner = 'holdfast_owner'::regrole AND a.grantee <> c.relowner
		UNION ALL
		SELECT p.oid::regprocedure::text, a.grantee::regrole::text, a.privilege_type FROM pg_proc p, aclexplode(p.proacl) a
		WHERE p.pronamespace IN ('public'::regnamespace, 'holdfast'::regnamespace, 'holdfast_private'::regnamespace)
		  AND a.grantee NOT IN (0, p.proowner, 'holdfast_owner'::regrole)
		UNION ALL
		SELECT n.nspname, a.grantee::regrole::text, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a
		WHERE n.nspname ~ '^(public|holdfast)' AND a.grantee NOT IN (0, n.nspowner, 'holdfast_owner'::regrole)
		UNION ALL
		SELECT p.tablename || ' ' || p.policyname, r, p.cmd FROM pg_policies p, unnest(p.roles) r WHERE r <> 'holdfast_owner'
		ORDER BY 1, 2, 3});
}

platform($node);
is(rights('postgres'), 'holdfast.read_stats()|pg_read_all_stats|EXECUTE', 'without roles nobody is granted anything, but those who read statistics');
my (undef, $out, $err) = $node->psql('postgres', 'SELECT * FROM holdfast.grant_api_roles()');
like($err, qr/there is no role anon, authenticated, service_role/, 'and that is told');

$node->safe_psql('postgres', 'CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS;
	SELECT * FROM holdfast.grant_api_roles()');
$node->safe_psql('postgres', 'CREATE DATABASE later');
platform($node, 'later');
my $rights = rights('later');
cmp_ok(length($rights), '>', 1000, 'with roles they are');
is(rights('postgres'), $rights, 'granting later comes to the same');
$node->safe_psql('postgres', 'SELECT * FROM holdfast.grant_api_roles()');
is(rights('postgres'), $rights, 'and may be repeated');

# Two at once: the second waits, and finds that all is done.
$node->safe_psql('postgres', 'CREATE DATABASE twice');
$node->safe_psql('twice', 'CREATE SCHEMA holdfast; CREATE EXTENSION holdfast SCHEMA holdfast CASCADE');
my ($in, $first, $second) = ('', '', '');
my $psql = IPC::Run::start(['psql', '-XAtq', '-f', '-', $node->connstr('twice')], '<', \$in, '>', \$first, IPC::Run::timeout(60));
$in = "LISTEN pgrst;\nBEGIN;\nSELECT DISTINCT action FROM holdfast.install();\n";
$psql->pump until $first =~ /installed\n/;
my $other = IPC::Run::start(['psql', '-XAtq', '-c', 'SELECT DISTINCT action FROM holdfast.install()', $node->connstr('twice')],
	'>', \$second, '2>', \my $notice, IPC::Run::timeout(60));
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'object' AND NOT granted})
  or diag('nobody waits');
$in = "COMMIT;\n\\q\n";
$psql->finish;
$other->finish;
is($second, "unchanged\n", 'of two installations at once the second finds all done');
like($notice, qr/nothing to install/, 'and says so');
like($first, qr/notification "pgrst" with payload "reload schema"/, 'PostgREST is told');

done_testing();
