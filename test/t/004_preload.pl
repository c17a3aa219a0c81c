# Hardly anything of holdfast needs shared_preload_libraries: what is not preloaded is slower, not different. But guards
# need shared memory. Where something is missing, it says what.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('bare', preload => '');
is($node->safe_psql('postgres', 'SHOW shared_preload_libraries'), '', 'nothing is preloaded');
platform($node);
clinic($node);

# The main job.
like(book($node, '2031-05-05 10:00Z'), qr/"status": "confirmed"/, 'hold and confirm');
like(($node->psql('postgres', hold_request('2031-05-05 10:30Z')))[2], qr/slot_conflict/, 'what is booked is taken');
is($node->safe_psql('postgres', as_client('SELECT count(*) FROM public.bookings')), 1, 'the client sees the booking');
is($node->safe_psql('postgres', 'SET ROLE authenticated; SELECT count(*) FROM public.bookings'), 0, 'nobody sees none');

# Claims are read anew whenever they change, although nobody tells.
my $session = '';
my $claims = sub { $session .= sprintf qq{SET %s request.jwt.claims = '{"sub": "00000000-0000-0000-0000-00000000000%d"}';\n}, @_ };
my $show = sub { $session .= shift() . "SELECT coalesce(right(holdfast.uid()::text, 1), 'nobody');\n" };
$show->('');
$claims->('', 1);
$show->('');
$claims->('', 2);
$show->('');
$session .= "BEGIN;\n";
$claims->('LOCAL', 3);
$show->('');
$show->("ROLLBACK;\n");
$session .= "BEGIN; SAVEPOINT s;\n";
$claims->('LOCAL', 4);
$show->('');
$show->("ROLLBACK TO s;\n");
$show->("COMMIT; RESET request.jwt.claims;\n");
is($node->safe_psql('postgres', $session), join("\n", 'nobody', 1, 2, 3, 2, 4, 2, 'nobody'),
	'claims change with SET, with a transaction and with a savepoint');

# A role taken away in another session is gone at the next statement.
my $revoked = q{
	INSERT INTO public.user_roles (organization_id, user_id, role)
	  VALUES ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000d1', 'admin');
	SET request.jwt.claims = '{"sub": "00000000-0000-0000-0000-0000000000d1", "organization_id": "00000000-0000-0000-0000-0000000000a1"}';
	SELECT holdfast.has_role('public.user_roles', 'admin');
	\! psql -Xqc "DELETE FROM public.user_roles WHERE role = 'admin'"
	SELECT holdfast.has_role('public.user_roles', 'admin');};
{
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres');
	is($node->safe_psql('postgres', $revoked), "t\nf", 'a role revoked in another session is gone at the next statement');
}

# What is missing is said.
like(($node->psql('postgres', 'SELECT * FROM holdfast.schedule_jobs()'))[2],
	qr/pg_cron is not loaded.*HINT:.*shared_preload_libraries.*perform_job/s, 'schedule_jobs says what to do about pg_cron');
is($node->safe_psql('postgres', q{SELECT holdfast_private.run_job('job_sweep_holds') IS NOT NULL}), 't', 'jobs run without it');

# Signing in is locked by the table, and keys are limited by their row, where there are no guards.
my $organization = '00000000-0000-0000-0000-0000000000a1';
my $user = '00000000-0000-0000-0000-0000000000d1';
my $secret = PostgreSQL::Test::Utils::tempdir . '/jwt';
append_to_file($secret, 'x' x 32);
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "holdfast.jwt_secret_file = '$secret'");
$node->reload;
$node->safe_psql('postgres', qq{
	INSERT INTO public.profiles (organization_id, user_id, email, email_verification_status)
	  VALUES ('$organization', '$user', 'mia\@example.org', 'verified')
	  ON CONFLICT ON CONSTRAINT profiles_pkey DO UPDATE SET email = excluded.email, email_verification_status = 'verified';
	SELECT holdfast_private.set_password('$organization', '$user', 'password', 'quite long enough words');
	INSERT INTO public.api_keys (organization_id, id, user_id, name, prefix, expires_at)
	  VALUES ('$organization', '$user', '$user', 'x', '', now() + interval '1 day');
	CREATE TABLE public.test_key AS SELECT holdfast_private.new_secret('$organization', '$user', 'hfkey', now() + interval '1 day') AS key;});
my $sign_in = sub {
	return $node->safe_psql('postgres', qq{SELECT coalesce(r ->> 'message', r ->> 'token_type')
	  FROM (SELECT public.sign_in('mia\@example.org', '$_[0]', NULL, '$organization') AS r) AS x});
};
is($sign_in->('quite long enough words'), 'bearer', 'without guards one signs in');
is(join(' ', map { $sign_in->('wrong') } 1 .. 5), join(' ', ('not_authenticated') x 5), 'five failures');
is($sign_in->('quite long enough words'), 'locked', 'lock, without guards too');
my (undef, undef, $limited) = $node->psql('postgres', 'SELECT count(public.exchange_api_key(key)) FROM public.test_key, generate_series(1, 60);
	SELECT public.exchange_api_key(key) IS NULL FROM public.test_key;');
my (undef, undef, $flood) = $node->psql('postgres', qq{
	INSERT INTO public.failed_login_attempts (organization_id, ip_address, reason) SELECT '$organization', '192.0.2.1', 'credentials' FROM generate_series(1, 100);
	SET request.headers = '{"x-forwarded-for": "192.0.2.1"}';
	SELECT public.sign_in('zoe\@example.org', 'wrong', NULL, '$organization');});
like($flood, $node->pg_version < 17 ? qr/rate_limited/ : qr/^$/, 'a hundred failures from one address are enough, counted in the table');
like($limited, qr/rate_limited/, 'a key is exchanged 60 times a minute, without guards too');
$node->safe_psql('postgres', 'DROP TABLE public.test_key');
$node->append_conf('postgresql.conf', "holdfast.jwt_secret_file = ''");
$node->reload;

# Guards need shared memory: without it each says so, on a server older than 17 (which can have it all the same).
my $old = $node->pg_version < 17;
is($node->safe_psql('postgres', 'SELECT holdfast.guards_available()'), $old ? 'f' : 't', 'whether there are guards can be asked');
SKIP:
{
	skip 'this server has guards without preloading', 18 unless $old;
	my $states = '\set VERBOSITY verbose' . "\n";
	for my $call (
		q{rate_limit('b', 's', 1, '1 hour')}, q{enforce_rate_limit('b', 's', 1, '1 hour')},
		q{record_failure('b', 's', 1, '1 hour')}, q{clear_failures('b', 's')}, q{is_locked('b', 's')},
		q{enforce_unlocked('b', 's')}, q{take_failures()}, q{reset_stats()}, q{read_stats()})
	{
		my $error = ($node->psql('postgres', $states . "SELECT holdfast.$call;"))[2];
		like($error, qr/PT503: guards_unavailable/, "$call says that there are no guards");
		like($error, qr/HINT: .*shared_preload_libraries/, 'and what to do');
	}
}
is(($node->psql('postgres', "SET request.method = 'POST'; SELECT holdfast.raise_error('forbidden')"))[2] =~ /forbidden/, 1,
	'an error that nobody can note is raised all the same');

$node->append_conf('postgresql.conf', "cron.database_name = 'postgres'");
$node->restart;
like(($node->psql('postgres', 'SELECT * FROM holdfast.schedule_jobs()'))[2],
	qr/pg_cron is not loaded.*HINT:.*shared_preload_libraries/s, 'and is not misled by a setting that nothing reads');

# A setting that only counts when preloaded is no obstacle.
$node->append_conf('postgresql.conf', "holdfast.own_claims = off\nholdfast.guard_slots = 4096");
$node->restart;
like(book($node, '2031-05-06 10:00Z'), qr/"status": "confirmed"/, 'holdfast.own_claims is set, and does no harm');

# Preloaded, with the setting off and on: the same answers.
for my $value ('off', 'on')
{
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'holdfast'\nholdfast.own_claims = $value");
	$node->restart;
	is($node->safe_psql('postgres', 'SHOW holdfast.own_claims'), $value, "preloaded, own_claims = $value");
	is($node->safe_psql('postgres', 'SELECT slots_total FROM holdfast.stats'), 4096, 'with guards, as many as the setting says');
	like(book($node, $value eq 'off' ? '2031-05-07 10:00Z' : '2031-05-08 10:00Z'), qr/"status": "confirmed"/, 'hold and confirm');
}

done_testing();
