# Identity on servers that are set up differently: claims owned by the library, compared by content, or not preloaded;
# settings that were there before the library; roles that arrive by logical replication or are read on a standby.
use strict;
use warnings;
use lib '.';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $one = '11111111-1111-4111-8111-111111111111';
my $two = '22222222-2222-4222-8222-222222222222';

my $extension = q{
	SET client_min_messages = warning;
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
};

# Two hundred callers in turn, in texts of one length, whose memory the server uses again and again.
my $turns = q{
	DO $$
	DECLARE
		v_user uuid;
		v_wrong int := 0;
	BEGIN
		FOR i IN 1..200 LOOP
			v_user := md5('u' || i % 7)::uuid;
			PERFORM set_config('request.jwt.claims', format('{"sub": "%1$s", "org_id": "%1$s"}', v_user), i % 2 = 0);
			v_wrong := v_wrong + (holdfast.uid() IS DISTINCT FROM v_user)::int
				+ (holdfast.org_id() IS DISTINCT FROM v_user)::int
				+ (holdfast.claim('sub') IS DISTINCT FROM v_user::text)::int;
			PERFORM set_config('request.jwt.claims', '', i % 2 = 0);
			v_wrong := v_wrong + (holdfast.uid() IS NOT NULL)::int;
		END LOOP;
		FOR i IN 1000..1199 LOOP
			PERFORM set_config('request.headers', format('{"h": "%s"}', i), false);
			v_wrong := v_wrong + (holdfast.request_header('h') IS DISTINCT FROM i::text)::int;
			-- unread, so that the next text can come to lie where this one did
			PERFORM set_config('request.headers', '', false);
		END LOOP;
		RAISE NOTICE 'wrong: %', v_wrong;
	END $$;
};

# What each way of reading claims must do alike.
sub same_behaviour
{
	my ($node, $name) = @_;
	my ($status, $out, $err) = $node->psql('postgres', $turns);
	like($err, qr/NOTICE:  wrong: 0$/m, "$name: nobody gets another's id");

	is($node->safe_psql('postgres', qq{
		SET request.jwt.claims = '{"sub": "$one"}';
		BEGIN;
		SET LOCAL request.jwt.claims = '{"sub": "$two"}';
		SELECT holdfast.uid();
		SAVEPOINT s;
		SET LOCAL request.jwt.claims = '';
		SELECT holdfast.uid() IS NULL;
		ROLLBACK TO s;
		SELECT holdfast.uid();
		ROLLBACK;
		SELECT holdfast.uid();
		RESET request.jwt.claims;
		SELECT holdfast.uid() IS NULL;
	}), "$two\nt\n$two\n$one\nt", "$name: transactions are followed");

	is($node->safe_psql('postgres', qq{
		SET request.jwt.claims = '{"sub": "$one", "org_id": "$one", "role": "service_role"}';
		SELECT holdfast.org_id();
		SET request.headers = '{"x-organization-id": "$two"}';
		SELECT holdfast.org_id();
		SET request.headers = '';
		SELECT holdfast.org_id();
	}), "$one\n$two\n$one", "$name: headers are followed");

	# Before the first function of the library has run in a session.
	is($node->safe_psql('postgres', qq{
		SET request.jwt.claims = '{"sub": "$two"}';
		BEGIN;
		SET LOCAL request.jwt.claims = '{"sub": "$one"}';
		SELECT holdfast.uid();
		COMMIT;
		SELECT holdfast.uid();
	}), "$one\n$two", "$name: claims that were there first");

	is($node->safe_psql('postgres', q{
		CREATE TABLE many AS SELECT md5('o')::uuid AS organization_id FROM generate_series(1, 20000);
		ANALYZE many;
		SET parallel_setup_cost = 0;
		SET parallel_tuple_cost = 0;
		SET min_parallel_table_scan_size = 0;
		SET parallel_leader_participation = off;
		SELECT FROM set_config('request.jwt.claims', format('{"org_id": "%s"}', md5('o')::uuid), false);
		SELECT count(*) FROM many WHERE organization_id = holdfast.org_id();
		DROP TABLE many;
	}) =~ s/^\n//r, '20000', "$name: parallel workers");
	return;
}

# keeper is a session that keeps its connection, so that only invalidation can tell it.
sub keeper
{
	my ($node) = @_;
	my ($in, $out) = ('', '');
	my $handle = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out,
		IPC::Run::timeout(60));
	return sub {
		my ($statement) = @_;
		$out = '';
		$in .= "$statement;\n\\echo done\n";
		$handle->pump until $out =~ /done\n/;
		return $out =~ s/\n?done\n//r;
	};
}
# eventually asks until the answer is the expected one.
sub eventually
{
	my ($asker, $statement, $expected) = @_;
	my $answer;
	for (1 .. 100)
	{
		$answer = $asker->($statement);
		last if $answer eq $expected;
		select undef, undef, undef, 0.1;
	}
	return $answer;
}
my $owned = cluster('owned', preload => 'holdfast', roles => 0, settings => "wal_level = logical\nmax_wal_senders = 5\nmax_replication_slots = 5\n");
$owned->safe_psql('postgres', $extension);
same_behaviour($owned, 'owned');
is($owned->safe_psql('postgres', q{SELECT context FROM pg_settings WHERE name = 'holdfast.own_claims'}), 'postmaster',
	'whether claims are owned is decided at the start');

# Settings of a database or a role come in before any statement of the session.
$owned->safe_psql('postgres', qq{ALTER DATABASE postgres SET request.jwt.claims = '{"sub": "$two"}'});
is($owned->safe_psql('postgres', 'SELECT holdfast.uid()'), $two, 'owned: claims set for the database');
is($owned->safe_psql('postgres', qq{SET request.jwt.claims = '{"sub": "$one"}'; RESET request.jwt.claims; SELECT holdfast.uid()}),
	$two, 'owned: RESET goes back to them');
$owned->safe_psql('postgres', 'ALTER DATABASE postgres RESET request.jwt.claims');
# In the file of the server they are there before the library.
$owned->append_conf('postgresql.conf', qq{request.headers = '{"h": "first"}'\n});
$owned->restart;
is($owned->safe_psql('postgres', q{SELECT holdfast.request_header('h')}), 'first', 'owned: a placeholder from before the library');
my $on_owned = keeper($owned);
is($on_owned->(q{SELECT holdfast.request_header('H')}), 'first', 'owned: and in a session that stays');
$owned->append_conf('postgresql.conf', qq{request.headers = '{"h": "later"}'\n});
$owned->reload;
is(eventually($on_owned, q{SELECT holdfast.request_header('h')}, 'later'), 'later', 'owned: a reload is followed');
my ($status, $out, $err) = $owned->psql('postgres', q{ALTER SYSTEM SET request.jwt.claims = '{}'});
like($err, qr/cannot be changed/, 'owned: ALTER SYSTEM cannot write what the server could not read');

# A standby: roles are read there, and a change that is replayed counts.
$owned->safe_psql('postgres', qq{
	CREATE SCHEMA app;
	SELECT holdfast.create_roles('app.staff');
	INSERT INTO app.staff (organization_id, user_id, role) VALUES ('$one', '$one', 'admin');
	CREATE PUBLICATION staff FOR TABLE app.staff;
});
my $claims = qq{SET request.jwt.claims = '{"sub": "$one", "org_id": "$one"}'};
my $has = q{SELECT holdfast.has_role('app.staff', 'admin')};

$owned->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($owned, 'base', has_streaming => 1);
$standby->start;
my $on_standby = keeper($standby);
$on_standby->($claims);
is($on_standby->($has), 't', 'standby: roles are read');

# A subscriber: the apply worker fires no triggers for statements.
my $subscriber = cluster('subscriber', preload => 'holdfast', roles => 0);
$subscriber->safe_psql('postgres', $extension);
$subscriber->safe_psql('postgres', q{
	CREATE SCHEMA app;
	SELECT holdfast.create_roles('app.staff');
});
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION staff CONNECTION '" . $owned->connstr . " dbname=postgres' PUBLICATION staff");
my $on_subscriber = keeper($subscriber);
$on_subscriber->($claims);
is(eventually($on_subscriber, $has, 't'), 't', 'subscriber: a role arrives');

$owned->safe_psql('postgres', 'DELETE FROM app.staff');
is(eventually($on_standby, $has, 'f'), 'f', 'standby: a revoked role goes');
is(eventually($on_subscriber, $has, 'f'), 'f', 'subscriber: a revoked role goes');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION staff');
$subscriber->stop;
$standby->stop;
$owned->stop;

# By content: the same, only slower. With verification, the setting cannot be talked away before the library is there.
for my $case ([ 'compared', preload => 'holdfast', settings => "holdfast.own_claims = off\n" ], [ 'bare', preload => '' ])
{
	my ($name, %options) = @$case;
	my $node = cluster($name, roles => 0, %options);
	$node->safe_psql('postgres', $extension);
	same_behaviour($node, $name);

	$node->append_conf('postgresql.conf', "holdfast.jwt_secret_file = '/nonexistent'\n");
	$node->restart;
	for my $statement ('', q{SET holdfast.jwt_secret_file = '';}, q{SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET holdfast.jwt_secret_file TO DEFAULT;})
	{
		my ($status, $out, $err) = $node->psql('postgres',
			qq{$statement SET request.jwt.claims = '{"sub": "$one"}';\nSELECT holdfast.uid();}, on_error_stop => 0);
		unlike($out, qr/$one/, "$name: claims do not count under jwt_secret_file: $statement");
	}
	$node->stop;
}

done_testing();
