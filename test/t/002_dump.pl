# What pg_dump writes is the whole platform, with what its owner added to it: into a fresh server, every catalog entry
# and every row come back the same, and the platform goes on working.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $old = cluster('old', root_key => root_key());
busy($old);
clinic($old);
book($old, '2031-05-05 10:00Z');
$old->safe_psql('postgres', hold_request('2031-05-05 12:00Z'));
is($old->safe_psql('postgres', q{
	SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class AS c
	WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'holdfast_private'::regnamespace)
	  AND query_to_xml(format('SELECT FROM %s LIMIT 1', c.oid::regclass), true, true, '')::text NOT LIKE '%<row%'}), '',
	'every table has rows to lose (busy.sql makes them)');

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
	SELECT holdfast.create_quota('mine.credits');
	SELECT holdfast.set_quota('mine.credits', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 5);
	SELECT holdfast.consume('mine.credits', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 2, gen_random_uuid());
	SELECT holdfast.create_outbox('mine.letters');
	SELECT holdfast.enqueue('mine.letters', 'welcome', '{"to": "nobody"}', organization_id => '00000000-0000-0000-0000-0000000000a1');
	SELECT holdfast.create_keyring('mine.keys');
	SELECT holdfast.create_roles('mine.staff');
	INSERT INTO mine.staff (organization_id, user_id, role) VALUES (gen_random_uuid(), gen_random_uuid(), 'janitor');
	CREATE DOMAIN mine.colour AS text CHECK (VALUE IN ('red', 'green'));
	CREATE TYPE mine.mood AS ENUM ('low', 'high');
	CREATE TABLE mine.rooms_more (id int GENERATED ALWAYS AS IDENTITY (START 7) PRIMARY KEY, colour mine.colour DEFAULT 'red',
	  mood mine.mood, shade text GENERATED ALWAYS AS (upper(mood_text)) STORED, mood_text text COLLATE "C");
	INSERT INTO mine.rooms_more (mood, mood_text) VALUES ('low', 'dim'), ('high', 'bright');
	CREATE VIEW mine.bright WITH (security_invoker = true) AS SELECT id FROM mine.rooms_more WHERE mood = 'high';
	CREATE STATISTICS mine.rooms_statistics ON colour, mood FROM mine.rooms_more;
	CREATE RULE no_delete AS ON DELETE TO mine.rooms_more DO INSTEAD NOTHING;
	ALTER TABLE public.bookings DISABLE TRIGGER note_invoice;
	ALTER TABLE public.clients ADD CONSTRAINT clients_named CHECK (display_name <> '') NOT VALID;
	ALTER TABLE public.clients REPLICA IDENTITY FULL;
	CREATE PUBLICATION ours FOR TABLE public.pillars;
	ALTER DEFAULT PRIVILEGES IN SCHEMA mine GRANT SELECT ON TABLES TO auditor;
	INSERT INTO mine.lessons VALUES
	  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000001', '2031-01-01 10:00Z', '2031-01-01 11:00Z');
	SELECT FROM holdfast.hold('mine.rooms', '00000000-0000-0000-0000-0000000000a1',
	  '{00000000-0000-0000-0000-000000000001}', ARRAY[tstzrange('2031-01-01 10:00Z', '2031-01-01 11:00Z')],
	  '00000000-0000-0000-0000-0000000000c1', '10 minutes');
});
my $before = describe($old);

# Roles are the server's, not the database's.
my $new = cluster('new', roles => 0, root_key => $old->safe_psql('postgres', 'SHOW holdfast.root_key_file'));
my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
my $from = $old->connstr('postgres');
command_ok([ 'pg_dumpall', '--roles-only', '-f', "$home/roles.sql", '-d', $from ], 'roles are dumped');
$new->command_ok([ 'psql', '-Xq', '-f', "$home/roles.sql", 'postgres' ], 'roles are restored');

# restore makes a database by a shell command, in which DB stands for its connection.
sub restore
{
	my ($database, $command) = @_;
	my $to = $new->connstr($database);
	$new->safe_psql('postgres', "CREATE DATABASE $database") unless $command =~ /--data-only/;
	command_ok([ 'bash', '-o', 'pipefail', '-ec', $command =~ s/OLD/-d "$from"/gr =~ s/NEW/-d "$to"/gr ], "$database: restored without an error");
	return;
}

my $psql = 'psql -Xqo /dev/null -v ON_ERROR_STOP=1';
restore('restored', "pg_dump OLD | $psql NEW");
same(describe($new, 'restored'), $before, 'restored: every object and every row is the same');
restore('custom', 'pg_dump -Fc OLD | pg_restore --exit-on-error NEW');
same(describe($new, 'custom'), $before, 'custom: every object and every row is the same');
# By two workers, who load tables in another order.
restore('parallel', "pg_dump -Fd -j2 -f $home/folder OLD && pg_restore -j2 --exit-on-error NEW $home/folder");
same(describe($new, 'parallel'), $before, 'parallel: every object and every row is the same');

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

# The rows alone, into a database that has the objects already.
restore('apart', "pg_dump --schema-only OLD | $psql NEW");
restore('apart', "pg_dump --data-only OLD | PGOPTIONS='-c session_replication_role=replica' $psql NEW");
same(describe($new, 'apart'), $before, 'apart: every object and every row is the same');
restore('disabled', "pg_dump --schema-only OLD | $psql NEW");
restore('disabled', "pg_dump --data-only --disable-triggers OLD | $psql NEW");
# pg_dump enables triggers again as ordinary ones, whatever they were: docs/operations.md warns of it.
my $enabled = sub { return [ map { s/(^trigger .*) enabled [AOR]/$1/r } grep { !/^trigger.* enabled D/ } @{ $_[0] } ] };
same($enabled->(describe($new, 'disabled')), [ map { s/(^trigger .*) enabled [AORD]/$1/r } @$before ],
	'disabled: every object and every row is the same, but for when triggers fire');

# The comparison notices a single change of any kind.
my $was = describe($new, 'disabled');
for my $change ('DROP POLICY only_recent ON public.bookings', 'REVOKE SELECT (status) ON public.bookings FROM auditor',
	'ALTER TABLE public.bookings DISABLE TRIGGER note_invoice', 'ALTER TABLE public.bookings ALTER invoice SET DEFAULT 0',
	'ALTER TABLE public.clients DISABLE ROW LEVEL SECURITY', 'DROP INDEX public.bookings_invoice', 'COMMENT ON COLUMN public.bookings.invoice IS NULL',
	'ALTER FUNCTION public.note_invoice() SECURITY DEFINER', 'ALTER FUNCTION public.whoami() OWNER TO postgres',
	'GRANT EXECUTE ON FUNCTION holdfast.token(text) TO auditor', 'ALTER EXTENSION holdfast DROP FUNCTION holdfast.clock()',
	'ALTER DEFAULT PRIVILEGES IN SCHEMA mine REVOKE SELECT ON TABLES FROM auditor', q{SELECT nextval('mine.rooms_more_id_seq')},
	q{UPDATE public.pillars SET name = name || ' ' WHERE id = (SELECT id FROM public.pillars LIMIT 1)},
	'SET session_replication_role = replica; DELETE FROM public.pillars WHERE id = (SELECT id FROM public.pillars LIMIT 1)')
{
	$new->safe_psql('disabled', $change);
	my $is = describe($new, 'disabled');
	ok(differences($was, $is) > 0 || differences($is, $was) > 0, "noticed: $change");
	$was = $is;
}

# It works on.
for my $database ('restored', 'custom', 'parallel', 'apart')
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
	is($new->safe_psql($database, q{
		SELECT count(*) FROM holdfast.verify_audit('holdfast_private.audit_log');
		SELECT count(*) FROM holdfast.verify_audit('mine.trail');
		SELECT count(*) FROM holdfast.verify_quota('mine.credits');
		SELECT holdfast.balance('mine.credits', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1')}),
		"0\n0\n0\n3", "$database: the audit logs and the quota are sound");
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
