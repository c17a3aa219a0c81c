# Bookings go on while the server is killed in every way there is. After each fault, what clients were told holds, nothing
# overlaps, nothing is there by half, and no page of the storage is damaged. 5 crashes; with HOLDFAST_FULL, 100 (make crash).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use Faults;

my $faults = Faults->new(disks => [ split /:/, $ENV{HOLDFAST_SMALL_DISKS} // '' ]);
END { $faults->abandon if $faults }
my $wanted = $ENV{CRASHES} || ($ENV{HOLDFAST_FULL} ? 100 : 5);

# What is done, how it is called, and whether it is a crash: everything in memory is lost.
my @kinds = (
	[ kill_backend => 'a backend killed', 1 ],
	[ stop_immediately => 'stopped immediately', 1 ],
	[ kill_postmaster => 'the postmaster killed', 1 ],
	[ terminate_backends => 'backends terminated', 0 ],
	[ restart_bouncer => 'pgbouncer restarted', 0 ],
	[ kill_auxiliary => 'another process of the server killed', 1 ],
	[ fill_disk => 'the disk full', 0 ],
	[ move_clock => 'the clock moved', 0 ],
	[ promote_standby => 'the primary killed, its standby promoted', 1 ]);
@kinds = grep { $_->[0] ne 'fill_disk' } @kinds unless $ENV{HOLDFAST_SMALL_DISKS};
@kinds = map { @$_ } (\@kinds, [ grep { $_->[2] } @kinds[ 0 .. 5 ] ]) if $wanted > 10;

my ($crashes, %rounds, %findings, %slowest) = (0);
while ($crashes < $wanted)
{
	for my $kind (@kinds)
	{
		my ($what, $name, $crash) = @$kind;
		$faults->start_load;
		sleep 0.8;
		my $started = time;
		$faults->$what;
		$slowest{$name} = time - $started if time - $started > ($slowest{$name} // 0);
		sleep 0.5;
		my $answered = $faults->stop_load;
		my ($found) = $faults->findings;
		my $log = $faults->logged;
		my @odd = $what ne 'fill_disk' ? grep { /PANIC|TRAP|terminated by signal (?!9\b)|invalid page|could not read block/ } split /\n/, $log
		  : $log =~ /No space left on device/ ? () : 'the disk was not full';
		$crash = 1 if $what eq 'fill_disk' && $log =~ /PANIC/;
		ok($answered && !@$found && !@odd, "round " . ++$rounds{''} . ": $name") or diag(join "\n", ($answered ? () : 'no answer for clients'), @$found, @odd);
		$rounds{$name}++;
		$findings{$name} += @$found;
		$crashes += $crash;
	}
}
delete $rounds{''};
my (undef, $figures) = $faults->findings;
diag("$crashes crashes; in all " . substr($figures, 2));
diag(sprintf '%-42s %3d times, %d findings, the slowest %.1f s', $_, $rounds{$_}, $findings{$_}, $slowest{$_}) for sort keys %rounds;

# The checks bite.
my $node = $faults->{node};
my $pick = q{(SELECT id FROM public.bookings WHERE status <> 'cancelled' ORDER BY id LIMIT 1 OFFSET %d)};
$node->safe_psql('postgres', 'SET session_replication_role = replica; ' . join ';', map { sprintf $_->[0], sprintf $pick, $_->[1] } (
	[ 'DELETE FROM public.bookings WHERE id = %s', 0 ],
	[ 'DELETE FROM holdfast_private.calendar WHERE hold_key = %s AND resource_id::text LIKE \'%%b00__\'', 1 ],
	[ q{UPDATE public.bookings SET (specialist_id, start_time, end_time) = (SELECT specialist_id, start_time, end_time FROM public.bookings WHERE status <> 'cancelled' ORDER BY id DESC LIMIT 1) WHERE id = %s}, 2 ],
	[ 'DELETE FROM faults.credits_ledger WHERE reference = %s', 3 ],
	[ q{UPDATE public.bookings SET notes = (SELECT notes FROM public.bookings WHERE status <> 'cancelled' ORDER BY id DESC LIMIT 1) WHERE id = %s}, 4 ],
	[ q{DELETE FROM public.booking_status_history WHERE booking_id = %s}, 5 ],
	[ q{DELETE FROM holdfast_private.outbox WHERE payload ->> 'booking_id' = %s::text}, 6 ],
	[ q{UPDATE public.bookings SET status = 'confirmed' WHERE id = (SELECT id FROM public.bookings WHERE status = 'cancelled' AND %s IS NOT NULL LIMIT 1)}, 7 ],
	[ q{ALTER TABLE holdfast_private.audit_log DISABLE TRIGGER ALL; DELETE FROM holdfast_private.audit_log WHERE entity_type = 'public.bookings' AND action = 'insert' AND entity_id = %s::text}, 8 ]));
my $page = $node->safe_psql('postgres', q{CHECKPOINT; SELECT pg_relation_filepath('public.bookings_organization_id_start_time_idx')});
$node->stop('fast');
open my $index, '+<:raw', $node->data_dir . "/$page" or die $!;
seek $index, 8192 + 24 + 8, 0;
print $index "\xff" x 16;
close $index;
$node->start;
append_to_file("$faults->{home}/journal.planted", join '', map { "0\tplanted-$_\n" =~ s/ /\t/gr } (
	'1 hold 0 0 800000 \N 1 2 refused PT409 slot_conflict', '2 hold 0 0 900000 00000000-0000-0000-0000-000000000001 1 2 ok  ',
	'2 hold 0 0 900000 00000000-0000-0000-0000-000000000002 1 2 ok  ', '3 hold 0 0 900000 \N 1 2 unknown  ',
	'4 hold 0 0 900000 \N 1 2 failed XX000 internal'));
my ($found) = $faults->findings;
for my $title ('an acknowledged hold is not there', 'I2 a request has two answers', 'I2 a request is without an answer',
	'I4 a slot was refused that nobody had', 'an answer that is none of the contract', 'an acknowledged confirmation is not there', 'an acknowledged cancellation is not there', 'I1 two bookings of one specialist',
	'I2 a request was done twice', 'I2 a booking has not its two blocks', 'I2 blocks of no booking', 'I3 the quota does not add up',
	'I3 the quota has not counted the live bookings', 'I3 audit rows are not the committed bookings', 'I3 the history does not lead to the state',
	'I3 messages are not of the committed bookings', 'I3 the audit log is not sound', 'amcheck: an index is damaged')
{
	ok((grep { /^\Q$title/ } @$found), "planted, and found: $title");
}
$faults->finish;

done_testing();
