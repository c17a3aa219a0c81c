# A round of calls for one session: RPCs as a client, and the kernel's functions, those that work and those that fail.
package Calls;

use strict;
use warnings;
use Exporter 'import';
use Holdfast;

our @EXPORT = qw(prepare_calls round_of_calls);

# prepare_calls makes what the calls need.
sub prepare_calls
{
	my ($node) = @_;
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
	return;
}

# round_of_calls is a script for psql. The client's token is another one each time; so is the slot.
sub round_of_calls
{
	return <<'SQL';
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
SELECT holdfast.enqueue('kernel.outbox', 'topic', '{"a": 1}', organization_id => md5('o')::uuid);
SELECT count(*) FROM holdfast.lease('kernel.outbox', 'topic', 'worker');
SELECT count(*) FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=MO,WE;COUNT=20', :'slot'::timestamp, 'Europe/Berlin', '50 min');
SELECT count(*) FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=XX', :'slot'::timestamp, 'Europe/Berlin', '50 min');
SELECT holdfast.jwt_verify(holdfast.jwt_sign('{"sub": "x"}', sha256('k')), sha256('k'));
SELECT holdfast.jwt_verify('a.b.c', sha256('k'));
SELECT holdfast.rate_limit('memory', :'held', 10, '1 min'), holdfast.record_failure('memory', :'held', 3, '1 min');
SELECT length(holdfast.ics(jsonb_build_array(jsonb_build_object('uid', 'x', 'starts_at', :'slot', 'ends_at', :'slot'::timestamptz + '1 hour', 'summary', 'A title'))));
SELECT score FROM holdfast.password_strength('correct horse battery', '{horse}');
SQL
}

1;
