# A database as Supabase sets it up: another superuser, extensions in a schema of their own that everybody may use, and
# default privileges that open whatever is made in public. The platform is as closed there as elsewhere.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('supabase');
$node->safe_psql('postgres', q{
	CREATE ROLE supabase_admin SUPERUSER LOGIN;
	CREATE SCHEMA extensions AUTHORIZATION supabase_admin;
	GRANT USAGE ON SCHEMA extensions TO PUBLIC;
	CREATE EXTENSION pgcrypto SCHEMA extensions;
	GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
	ALTER DATABASE postgres SET search_path = "$user", public, extensions;
});
for my $maker ('supabase_admin', 'CURRENT_USER')
{
	$node->safe_psql('postgres', qq{
		ALTER DEFAULT PRIVILEGES FOR ROLE $maker IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
		ALTER DEFAULT PRIVILEGES FOR ROLE $maker IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
		ALTER DEFAULT PRIVILEGES FOR ROLE $maker IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;});
}

my $install = q{
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	SELECT * FROM holdfast.install();};
my ($status, $out, $error) = $node->psql('postgres', $install, extra_params => [ '-U', 'supabase_admin' ], on_error_stop => 1);
is($status, 0, 'installed by supabase_admin') or diag($error);
clinic($node);
like(book($node, '2031-05-05 10:00Z'), qr/"status": "confirmed"/, 'hold and confirm');
is($node->safe_psql('postgres', q{
	SELECT string_agg(DISTINCT c.relname || ' ' || p, ', ') FROM pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p
	WHERE c.relowner = 'holdfast_owner'::regrole AND c.relkind IN ('r', 'v')
	  AND (has_table_privilege('anon', c.oid, p) OR p = 'TRUNCATE' AND has_table_privilege('authenticated', c.oid, p))}), '',
	'anon has no privilege on any table, and nobody may truncate');
is($node->safe_psql('postgres', q{
	SELECT string_agg(DISTINCT p.proname, ' ') FROM pg_proc p
	WHERE (p.proowner = 'holdfast_owner'::regrole AND has_function_privilege('anon', p.oid, 'EXECUTE'))}),
	'accept_employee_invitation accept_invitation calendar_feed check_login complete_password_reset exchange_api_key'
	  . ' look_at_employee_invitation peek_token refresh_session reject_employee_invitation reject_invitation'
	  . ' request_email_verification request_password_reset sign_in sign_up unsubscribe verify_email',
	'anon may call nothing of the platform but what opens with a secret, asks for one, or is asked before each request');
is($node->safe_psql('postgres', q{
	SELECT string_agg(nspname, ', ') FROM pg_namespace WHERE nspname LIKE 'holdfast%' AND has_schema_privilege('authenticated', oid, 'USAGE')}), '',
	'nobody can name what is in holdfast and holdfast_private');

# Nor is what anybody makes with the kernel alone, in the schema that is open by default.
$node->safe_psql('postgres', q{
	SELECT holdfast.create_calendar('public.my_calendar'), holdfast.create_idempotency('public.my_requests'), holdfast.create_roles('public.my_roles')});
is($node->safe_psql('postgres', q{
	SELECT string_agg(DISTINCT c.relname || ' ' || r || ' ' || p, ', ')
	FROM pg_class c, unnest('{anon,authenticated,service_role}'::name[]) r, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
	WHERE c.relname LIKE 'my\\_%' AND c.relkind = 'r' AND has_table_privilege(r, c.oid, p)}), '',
	'calendars, requests and roles of the user\'s own are closed');

done_testing();
