# request_hold_any under 32 clients at once: bookings are spread within one of even, and nobody is refused while anybody is free.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my ($specialists, $clients, $each) = (8, 32, 10);

my $node = cluster('fair', preload => 'holdfast', settings => "max_connections = 100\nfsync = off\n");
platform($node);
$node->safe_psql('postgres', qq{
	CREATE FUNCTION public.u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS \$\$ SELECT lpad(n::text, 32, '0')::uuid \$\$;
	INSERT INTO public.organizations (id, name) VALUES (u(9000), 'Fair');
	INSERT INTO public.specialists (organization_id, id, display_name, time_zone)
	  SELECT u(9000), u(n), 'S' || n, 'UTC' FROM generate_series(1, $specialists) n;
	INSERT INTO public.clients (organization_id, id, display_name) SELECT u(9000), u(100 + n), 'C' || n FROM generate_series(0, @{[$clients - 1]}) n;
	CREATE SEQUENCE public.asked MINVALUE 0 START WITH 0;
	CREATE TABLE public.answer (specialist_id uuid, word text);
	-- asks for an hour of its own, or for one that as many clients ask for as there are specialists
	CREATE FUNCTION public.ask(strategy text, together int) RETURNS void LANGUAGE plpgsql AS \$\$
	DECLARE
		v_n int := nextval('asked');
		v_start timestamptz := timestamptz '2031-03-03 00:00Z' + v_n / together * interval '1 hour';
	BEGIN
		INSERT INTO answer SELECT (holdfast_private.request_hold_any(u(9000), u(100 + v_n % $clients), v_start, v_start + interval '1 hour',
			strategy => strategy) ->> 'specialist_id')::uuid;
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO answer VALUES (NULL, SQLERRM);
	END \$\$;
});
my $script = $node->basedir . '/ask.pgbench';

for my $round (['round_robin', 1], ['round_robin', $specialists], ['least_loaded', 1], ['weighted', $specialists])
{
	my ($strategy, $together) = @$round;
	$node->safe_psql('postgres', 'TRUNCATE answer, holdfast_private.calendar, holdfast_private.assignment_turns, holdfast_private.assignment_pools; '
		. "DELETE FROM holdfast_private.booking_holds; SELECT setval('asked', 0, false)");
	open my $file, '>', $script or die;
	print $file "SELECT public.ask('$strategy', $together);\n";
	close $file;
	$node->command_ok(['pgbench', '-n', '-c', $clients, '-j', 2, '-t', $each, '-f', $script, '-h', $node->host, '-p', $node->port, 'postgres'],
		"$clients clients ask by $strategy, $together for each hour");
	is($node->safe_psql('postgres', q{SELECT string_agg(DISTINCT word, ' ') FROM answer WHERE word IS NOT NULL}), '', 'nobody is refused');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM answer'), $clients * $each, 'all are answered');
	cmp_ok($node->safe_psql('postgres', "SELECT max(n) - min(n) FROM (SELECT count(answer.specialist_id) AS n
		FROM generate_series(1, $specialists) s LEFT JOIN answer ON specialist_id = u(s) GROUP BY s) x"), '<=', 1, 'they are spread within one of even');
	is($node->safe_psql('postgres', "SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar')"), 0, 'nothing overlaps');
}
done_testing();
