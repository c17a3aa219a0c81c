# The hot RPCs keep their plans: planning a statement anew at every call costs more than running it, and nothing but a
# look at the counters shows that it happens.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('plans', preload => 'pg_stat_statements,holdfast',
	settings => "pg_stat_statements.track = 'all'\npg_stat_statements.track_planning = on\nautovacuum = off\n");
platform($node);
clinic($node);
$node->safe_psql('postgres', 'CREATE EXTENSION pg_stat_statements');

# rounds looks for slots and books, time after time in one session, as a pooled connection of PostgREST does.
sub rounds
{
	my ($month) = @_;
	return join ';', map {
		my $hour = sprintf '2031-%02d-%02d %02d:00Z', $month, 1 + $_ / 24, $_ % 24;
		(booking_request($hour), as_client("SELECT public.available_slots(from_date => '2031-05-20', to_date => '2031-05-21')"))
	} 0 .. 399;
}
$node->safe_psql('postgres', rounds(5));
# Many blocks of few: the planner believes that it gains by knowing which time is asked for.
$node->safe_psql('postgres', q{
	SELECT holdfast.block('holdfast_private.calendar', '00000000-0000-0000-0000-0000000000a1', r,
	  tstzrange(t, t + interval '50 minutes'), 'busy', gen_random_uuid())
	FROM unnest('{00000000-0000-0000-0000-0000000000b1,00000000-0000-0000-0000-0000000000c1}'::uuid[]) r,
	  generate_series('2031-08-01'::timestamptz, '2031-11-01', '1 hour') t});
$node->safe_psql('postgres', 'VACUUM ANALYZE');
$node->safe_psql('postgres', 'SELECT pg_stat_statements_reset()');
$node->safe_psql('postgres', rounds(7));
is($node->safe_psql('postgres', q{SELECT count(*) FROM public.bookings WHERE status = 'confirmed'}), 800, 'the rounds booked');
is( $node->safe_psql('postgres', q{
	SELECT string_agg(format('%s plans, %s calls: %s', plans, calls, left(regexp_replace(query, '\s+', ' ', 'g'), 100)), E'\n')
	FROM pg_stat_statements
	WHERE calls >= 400 AND plans > calls / 10 AND query NOT LIKE 'SELECT public.%'}), '', 'nothing that an RPC runs is planned at every call');
done_testing();
