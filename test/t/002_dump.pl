# What pg_dump writes is the whole platform, with what its owner added to it: into a fresh server, every catalog entry
# and every row come back the same, and the platform goes on working.
use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

# lines describes a database.
sub lines
{
	my ($node, $database) = @_;
	return [ split /^/m,
		$node->safe_psql($database, slurp_file("$FindBin::Bin/catalog.sql")) ];
}

# same compares two descriptions and shows where they differ.
sub same
{
	my ($got, $want, $name) = @_;
	my %got = map { $_ => 1 } @$got;
	my %want = map { $_ => 1 } @$want;
	my @lost = grep { !$got{$_} } @$want;
	my @new = grep { !$want{$_} } @$got;
	ok(@$want > 100 && !@lost && !@new, $name)
	  or diag("lost:\n@lost\nnew:\n@new\nof " . scalar(@$want));
	return;
}

my $old = cluster('old');
platform($old);
clinic($old);
book($old, '2031-05-05 10:00Z');
$old->safe_psql('postgres', hold_request('2031-05-05 12:00Z'));

# What a user adds: a column, an index, a trigger, policies, a setting of a table, a table of their own with a
# calendar and overlap protection.
$old->safe_psql('postgres', q{
	ALTER TABLE public.bookings ADD COLUMN invoice text DEFAULT 'none';
	COMMENT ON COLUMN public.bookings.invoice IS 'Ours.';
	CREATE INDEX bookings_invoice ON public.bookings (organization_id, invoice) WHERE invoice <> 'none';
	CREATE FUNCTION public.note_invoice() RETURNS trigger LANGUAGE plpgsql
	  AS 'BEGIN RETURN NEW; END';
	CREATE TRIGGER note_invoice BEFORE UPDATE ON public.bookings
	  FOR EACH ROW EXECUTE FUNCTION public.note_invoice();
	ALTER TABLE public.bookings ENABLE ALWAYS TRIGGER note_invoice;
	CREATE POLICY only_recent ON public.bookings AS RESTRICTIVE FOR SELECT TO authenticated
	  USING (start_time > '2020-01-01');
	ALTER TABLE public.bookings SET (autovacuum_vacuum_scale_factor = 0.01);
	ALTER TABLE public.pillars FORCE ROW LEVEL SECURITY;
	CREATE ROLE auditor NOLOGIN;
	GRANT SELECT (id, status) ON public.bookings TO auditor;

	CREATE SCHEMA mine;
	SELECT holdfast.create_calendar('mine.rooms');
	SELECT holdfast.create_idempotency('mine.requests');
	CREATE TABLE mine.lessons (organization_id uuid, room uuid, starts_at timestamptz, ends_at timestamptz);
	SELECT holdfast.prevent_overlap('mine.lessons', '{organization_id,room}', 'starts_at', 'ends_at', buffer => '5 minutes');
	SELECT holdfast.enable_tenant_rls('mine.lessons');
	SELECT holdfast.create_audit_log('mine.trail');
	SELECT holdfast.enable_audit('mine.lessons', 'mine.trail', '{room}');
	INSERT INTO mine.lessons VALUES
	  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000001', '2031-01-01 10:00Z', '2031-01-01 11:00Z');
	SELECT FROM holdfast.hold('mine.rooms', '00000000-0000-0000-0000-0000000000a1',
	  '{00000000-0000-0000-0000-000000000001}', ARRAY[tstzrange('2031-01-01 10:00Z', '2031-01-01 11:00Z')],
	  '00000000-0000-0000-0000-0000000000c1', '10 minutes');
});
my $before = lines($old, 'postgres');

# Roles are the server's, not the database's.
my $new = cluster('new', roles => 0);
my $home = PostgreSQL::Test::Utils::tempdir;
command_ok([ 'pg_dumpall', '--roles-only', '-f', "$home/roles.sql", '-d', $old->connstr('postgres') ], 'roles are dumped');
command_ok([ 'pg_dump', '-f', "$home/dump.sql", '-d', $old->connstr('postgres') ], 'the database is dumped');
$new->safe_psql('postgres', 'CREATE DATABASE restored');
$new->command_ok([ 'psql', '-Xq', '-f', "$home/roles.sql", 'postgres' ], 'roles are restored');
$new->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$home/dump.sql", 'restored' ], 'the dump is restored without an error');
same(lines($new, 'restored'), $before, 'every object and every row is the same');

# Loading rows is no change of them: the logs are as they were, still closed, and go on with what happens from now on.
for my $log ('mine.trail', 'holdfast_private.audit_log')
{
	my $all = "SELECT count(*), coalesce(max(id::text), '') FROM $log";
	is($new->safe_psql('restored', $all), $old->safe_psql('postgres', $all), "$log has no row more");
	is($new->safe_psql('restored', qq{SELECT count(*) FROM $log
		WHERE digest IS DISTINCT FROM holdfast.audit_content_digest(salt, old_values, new_values, details)}), '0', "$log is sound");
	my (undef, undef, $error) = $new->psql('restored', "DELETE FROM $log");
	like($error, qr/cannot be changed/, "$log cannot be changed");
}
is($new->safe_psql('restored', q{
	INSERT INTO mine.lessons SELECT organization_id, room, starts_at + interval '1 day', ends_at + interval '1 day' FROM mine.lessons;
	SELECT count(*), count(DISTINCT new_values -> 'room'), count(DISTINCT cluster) FROM mine.trail}), '2|1|2',
	'a restored table is audited, with the same key of redaction, as of another cluster');

# The same by the custom format, in parallel, which loads tables in another order.
command_ok([ 'pg_dump', '-Fc', '-f', "$home/dump.custom", '-d', $old->connstr('postgres') ], 'the custom format is dumped');
$new->safe_psql('postgres', 'CREATE DATABASE parallel');
$new->command_ok([ 'pg_restore', '-j', '2', '--exit-on-error', '-d', 'parallel', "$home/dump.custom" ], 'and restored by two workers');
same(lines($new, 'parallel'), $before, 'every object and every row is the same again');

# It works on.
for my $database ('restored', 'parallel')
{
	my ($status, $out, $error) = $new->psql($database, hold_request('2031-05-05 10:00Z'));
	like($error, qr/slot_conflict/, "$database: what was booked is taken");
	like(book($new, '2031-05-05 11:00Z', $database), qr/confirmed|pending/, "$database: what is free can be booked");
	($status, $out, $error) = $new->psql($database, q{
		INSERT INTO mine.lessons VALUES
		  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000001', '2031-01-01 11:04Z', '2031-01-01 12:00Z')});
	like($error, qr/slot_conflict/, "$database: overlap protection is back, with its buffer");
	is($new->safe_psql($database, q{SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar')}), 0,
		"$database: nothing overlaps");
	is($new->safe_psql($database, q{SELECT string_agg(action, ',') FILTER (WHERE action <> 'unchanged') FROM holdfast.install()}), '',
		"$database: the platform is known to be installed");
}

# A platform in another schema: a plain dump brings along where its roles are, so super admins still choose the organization.
$old->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$old->safe_psql('elsewhere', q{
	SET client_min_messages = warning;
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	SELECT holdfast.install('my_api');
	INSERT INTO my_api.user_roles (organization_id, user_id, role)
	  VALUES ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-0000000000d9', 'super_admin')});
my $chosen = q{
	SET request.jwt.claims = '{"sub": "00000000-0000-0000-0000-0000000000d9", "role": "authenticated"}';
	SET request.headers = '{"x-organization-id": "00000000-0000-0000-0000-0000000000a1"}';
	SELECT holdfast.org_id()};
is($old->safe_psql('elsewhere', $chosen), '00000000-0000-0000-0000-0000000000a1', 'a super admin of another schema chooses');
command_ok([ 'pg_dump', '-f', "$home/elsewhere.sql", '-d', $old->connstr('elsewhere') ], 'that database is dumped');
$new->safe_psql('postgres', 'CREATE DATABASE moved');
$new->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$home/elsewhere.sql", 'moved' ], 'and restored');
is($new->safe_psql('moved', $chosen), '00000000-0000-0000-0000-0000000000a1', 'and chooses there, too');

done_testing();
