# The memory of one backend stays what it is, however often it is called: RPCs that work and RPCs that fail, and the kernel's
# functions, in one session. HOLDFAST_MEMORY_CALLS calls, 10^4 unless it says otherwise ("make memory": 10^6).
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $calls = $ENV{HOLDFAST_MEMORY_CALLS} || 10_000;
my $key_file = root_key();
my $node = cluster('memory', root_key => $key_file,
	settings => "fsync = off\nshared_buffers = 64MB\nlog_min_messages = fatal\nautovacuum_naptime = 10s\n");
platform($node);
clinic($node);
$node->safe_psql('postgres', q{
	INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
	SELECT organization_id, id, day, '08:00', '18:00', 'Europe/Berlin' FROM public.specialists, generate_series(0, 6) AS day;
	CREATE SCHEMA kernel;
	SELECT holdfast.create_quota('kernel.quota'), holdfast.create_outbox('kernel.outbox'), holdfast.create_keyring('kernel.keys'),
	       holdfast.create_calendar('kernel.calendar'), holdfast.create_idempotency('kernel.requests');
	SELECT holdfast.set_quota('kernel.quota', md5('o')::uuid, md5('a')::uuid, 1000, 'none');
	-- What has grown is not what the backend has.
	CREATE FUNCTION kernel.tidy() RETURNS void LANGUAGE sql AS $$
		DELETE FROM kernel.outbox; DELETE FROM kernel.requests;
	$$;
});

# One round. The client's token is another one each time; so is the slot.
my $round = <<'SQL';
SELECT set_config('request.jwt.claims', format('{"role": "authenticated", "sub": "00000000-0000-0000-0000-0000000000d1",
	"organization_id": "00000000-0000-0000-0000-0000000000a1", "jti": "%s"}', gen_random_uuid()), false);
SELECT date_trunc('day', now()) + '1 day' + floor(random() * 170) * interval '1 day' + interval '8 hours' + floor(random() * 8) * interval '1 hour' AS slot \gset
SET ROLE authenticated;
SELECT public.request_hold('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000c1', :'slot', :'slot'::timestamptz + '50 min', idempotency_key => gen_random_uuid()::text) ->> 'hold_key' AS key \gset
SELECT public.request_hold('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000c1', :'slot', :'slot'::timestamptz + '50 min');
SELECT public.confirm_booking(:'key') -> 'booking' ->> 'id' AS booking \gset
SELECT public.confirm_booking(:'key');
SELECT public.available_slots('00000000-0000-0000-0000-0000000000b1', from_date => :'slot'::date, to_date => :'slot'::date + 7, duration_minutes => 50);
SELECT count(*) FROM public.bookings WHERE start_time >= :'slot' AND start_time < :'slot'::timestamptz + interval '1 day';
SELECT public.cancel_booking(:'booking', 'a reason');
SELECT public.request_hold('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000c1', :'slot', :'slot');
SELECT public.confirm_booking('00000000-0000-0000-0000-000000000001');
SELECT public.update_specialist('00000000-0000-0000-0000-0000000000b1');
RESET ROLE;
SELECT hold_key AS held FROM holdfast.hold('kernel.calendar', md5('o')::uuid, ARRAY[md5('r')::uuid], ARRAY[tstzrange(:'slot', :'slot'::timestamptz + '1 hour')], md5('h')::uuid, '10 min') \gset
SELECT holdfast.hold('kernel.calendar', md5('o')::uuid, ARRAY[md5('r')::uuid], ARRAY[tstzrange(:'slot', :'slot'::timestamptz + '1 hour')], md5('h')::uuid, '10 min');
SELECT holdfast.extend('kernel.calendar', md5('o')::uuid, :'held', '20 min');
SELECT holdfast.release('kernel.calendar', md5('o')::uuid, :'held');
SELECT holdfast.consume('kernel.quota', md5('o')::uuid, md5('a')::uuid, 3, :'held');
SELECT holdfast.consume('kernel.quota', md5('o')::uuid, md5('a')::uuid, 3000, gen_random_uuid());
SELECT holdfast.refund('kernel.quota', md5('o')::uuid, md5('a')::uuid, :'held');
SELECT holdfast.token_matches(t, holdfast.token_hash(t)) FROM (SELECT holdfast.token('hf') AS t OFFSET 0) AS made;
SELECT holdfast.token_hash('hf_wrong');
SELECT holdfast.unseal('kernel.keys', holdfast.seal('kernel.keys', 'a secret', :'held'), :'held');
SELECT holdfast.unseal('kernel.keys', holdfast.seal('kernel.keys', 'a secret', :'held'), 'another');
SELECT holdfast.begin_request('kernel.requests', md5('o')::uuid, md5('u')::uuid, 'op', :'held', '{"a": 1}'), holdfast.finish_request('kernel.requests', md5('o')::uuid, md5('u')::uuid, 'op', :'held', '{"b": 2}');
SELECT holdfast.enqueue('kernel.outbox', md5('o')::uuid, 'topic', '{"a": 1}');
SELECT count(*) FROM holdfast.lease('kernel.outbox', 'topic', 'worker');
SELECT count(*) FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=MO,WE;COUNT=20', :'slot'::timestamp, 'Europe/Berlin', '50 min');
SELECT count(*) FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=XX', :'slot'::timestamp, 'Europe/Berlin', '50 min');
SELECT holdfast.jwt_verify(holdfast.jwt_sign('{"sub": "x"}', sha256('k')), sha256('k'));
SELECT holdfast.jwt_verify('a.b.c', sha256('k'));
SELECT holdfast.rate_limit('memory', :'held', 10, '1 min'), holdfast.record_failure('memory', :'held', 3, '1 min');
SELECT length(holdfast.ics(jsonb_build_array(jsonb_build_object('uid', 'x', 'starts_at', :'slot', 'ends_at', :'slot'::timestamptz + '1 hour', 'summary', 'A title'))));
SELECT score FROM holdfast.password_strength('correct horse battery', '{horse}');
SQL
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
SELECT 'context', name, coalesce(ident, ''), parent, sum(used_bytes) FROM pg_backend_memory_contexts GROUP BY name, ident, parent ORDER BY sum(used_bytes) DESC LIMIT 40;
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
my $errors = 0;
IPC::Run::run([ 'psql', '-XqAt', '-d', $node->connstr('postgres') ], '<', \$script, '>', \$out, '2>', sub {
	my ($text) = @_;
	$errors += () = $text =~ /ERROR:/g;
	$err .= $text if length $err < 12000;
});

my @seen = map { [ split /\|/ ] } grep { /^sample/ } split /\n/, $out;
is(scalar @seen, $samples, 'the session went on to the end') or diag $err;
my $failing = 10;
is($errors, $failing * $rounds * $samples, 'as many calls failed as were meant to') or diag $err;
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
