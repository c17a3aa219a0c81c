# What was answered is there after a crash: holders run, the server is stopped at once, or a backend is killed, and after
# recovery every hold and confirmation that a client was told of is in the calendar, and nothing overlaps.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Holdfast;

my $clients = 4;
my $node = cluster('restart', settings => "restart_after_crash = on\n");
platform($node);
clinic($node);
$node->safe_psql('postgres', q{SELECT holdfast.create_calendar('public.restart_calendar')});

# script holds one slot after another on two resources that all clients share, from a year on, confirms every second
# one, and prints what was answered: only what is committed is printed.
sub script
{
	my ($client, $year) = @_;
	my $organization = "'00000000-0000-0000-0000-0000000000a1'";
	my $script = '';
	for my $i (1 .. 10000)
	{
		my $hour = ($i * 7919 + $client * 101) % 40009;    # now and then next to another client's
		$script .= qq{
SELECT conflict IS NULL AS got, hold_key AS key FROM
  (SELECT timestamptz '$year-01-01Z' + $hour * interval '1 hour' AS t) AS slot,
  holdfast.try_hold('public.restart_calendar', $organization,
    '{00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002}',
    ARRAY[tstzrange(t, t + '100 minutes')], '00000000-0000-0000-0000-0000000000c$client', '1 hour') \\gset
\\if :got
\\echo held :key
};
		$script .= qq{SELECT FROM holdfast.confirm('public.restart_calendar', $organization, :'key');
\\echo confirmed :key
} if $i % 2;
		$script .= "\\endif\n";
	}
	my $file = PostgreSQL::Test::Utils::tempdir . "/client$client.sql";
	append_to_file($file, $script);
	return $file;
}

# crash runs the clients, lets something happen to the server in the middle, and checks the calendar against what
# the clients were told.
sub crash
{
	my ($name, $year, $happen, $recover) = @_;
	my (@runs, @out);
	for my $client (0 .. $clients - 1)
	{
		$out[$client] = '';
		push @runs,
		  IPC::Run::start(
			[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', script($client, $year) ],
			'>', \$out[$client], '2>', \my $ignored);
	}
	my $wait = 200;
	while ($wait-- > 0 && grep { ($_ =~ tr/\n//) < 50 } @out)
	{
		$_->pump_nb for @runs;
		sleep 0.05;
	}
	$happen->();
	eval { $_->finish } for @runs;
	$recover->();

	my @told = map { split /\n/ } @out;
	cmp_ok(scalar(@told), '>=', 50 * $clients, "$name: the clients were busy");
	my (%held, %confirmed);
	/^held (.*)/ ? $held{$1}++ : /^confirmed (.*)/ ? $confirmed{$1}++ : fail("unexpected: $_") for @told;
	my $there = sub {
		my ($keys, $condition) = @_;
		return $node->safe_psql('postgres',
			"SELECT count(DISTINCT hold_key) FROM public.restart_calendar WHERE $condition AND hold_key IN ('" . join("','", keys %$keys) . "')");
	};
	is($there->(\%held, 'true'), scalar(keys %held), "$name: every hold that was answered is there");
	is($there->(\%confirmed, "kind = 'busy'"), scalar(keys %confirmed), "$name: every confirmation that was answered is there");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM public.restart_calendar WHERE hold_key IN (
		SELECT hold_key FROM public.restart_calendar GROUP BY 1 HAVING count(*) <> 2)}), 0, "$name: no hold is there by half");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM holdfast.verify_calendar('public.restart_calendar')}), 0, "$name: nothing overlaps");
	return;
}

crash('immediate stop', 2031, sub { $node->stop('immediate') }, sub { $node->start });
crash('backend killed', 2041, sub {
		my $pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE query LIKE '%try_hold%' AND pid <> pg_backend_pid() LIMIT 1});
		kill 'KILL', $pid;
		sleep 0.05 while kill 0, $pid;    # until the postmaster knows, it goes on answering
	}, sub { $node->poll_query_until('postgres', 'SELECT true') });

# The platform too: a hold, a booking and a key that were answered before the crash are known after it.
my $hold = $node->safe_psql('postgres', hold_request('2031-05-05 10:00Z', idempotency_key => "'before the crash'"));
my $booking = book($node, '2031-05-05 12:00Z');
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', hold_request('2031-05-05 10:00Z', idempotency_key => "'before the crash'")), $hold,
	'the request repeated after the crash gets the answer of before');
my ($status, $out, $error) = $node->psql('postgres', hold_request('2031-05-05 12:00Z'));
like($error, qr/slot_conflict/, 'the booking stands');
is($node->safe_psql('postgres', q{SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar')}), 0, 'nothing overlaps');

done_testing();
