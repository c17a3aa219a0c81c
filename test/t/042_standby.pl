# A hot standby: every RPC that only reads answers there as on the primary, and every other says read_only. What an RPC is, is
# its volatility: a new one is called by itself, as somebody who may (test/pgtap/expectations has a call for each).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

# Read clinical data, and write down that they did.
my %audited = map { $_ => 1 } qw(get_booking search_audit_logs prove_audit_log);
# No call of test/pgtap succeeds, or not far enough to write, for want of a password, code or state that is right; they are
# answered so before anything is written. So is whoever has not the right token. And session_balance() writes only what has
# become due. A new RPC that is here is looked at by hand.
my %unproven = map { $_ => 1 } qw(calendar_feed change_password confirm_second_factor disable_second_factor
  look_at_employee_invitation new_backup_codes peek_token request_quota_increase reseal_encrypted_columns resume_subscription
  session_balance sign_up subscribe_company);

my $primary = cluster('primary', root_key => root_key(), settings => "wal_level = replica\nmax_wal_senders = 4\nhot_standby = on\n");
busy($primary, cast => 1);
$primary->safe_psql('postgres', q{
	-- What a call answers, or the error it raises.
	CREATE FUNCTION proof.answer(identity text, statement text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
	  v_answer text;
	BEGIN
	  PERFORM proof.become(identity);
	  EXECUTE statement INTO v_answer;
	  RAISE EXCEPTION USING ERRCODE = 'PF000', MESSAGE = coalesce(v_answer, 'null');
	EXCEPTION
	  WHEN SQLSTATE 'PF000' THEN RETURN 'answer ' || sqlerrm;
	  WHEN OTHERS THEN RETURN format('error %s %s', sqlstate, sqlerrm);
	END $$;
	CREATE VIEW proof.allowed AS
	SELECT DISTINCT ON (c.operation, c.label) c.operation, c.label, c.statement, e.identity, p.provolatile = 'v' AS writes
	FROM proof.calls AS c
	JOIN proof.expected_calls AS e USING (operation, label)
	JOIN proof.identities AS i ON i.name = e.identity
	JOIN pg_proc AS p ON p.pronamespace = 'public'::regnamespace AND p.proname = c.operation
	WHERE e.want ~ '^[1-9][0-9]?$'
	   OR e.want <> '-' AND NOT EXISTS (SELECT FROM proof.expected_calls AS o WHERE o.operation = c.operation AND o.want ~ '^[1-9][0-9]?$')
	ORDER BY c.operation, c.label, e.want, i.position});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);

# every RPC, with what it is
my %rpc = map { split /\|/ } split /\n/, $primary->safe_psql('postgres', q{
	SELECT proname, provolatile FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype});
my %tried = map { $_ => 1 } split /\n/, $primary->safe_psql('postgres', 'SELECT DISTINCT operation FROM proof.allowed');
is(join(' ', grep { !$tried{$_} } sort keys %rpc), '', 'every RPC is called');
is(join(' ', grep { !$rpc{$_} } sort keys %unproven, keys %audited), '', 'there is no decision on what is no more');
is(join(' ', grep { $rpc{$_} eq 'v' && /^(get|list|search|find|show|peek|explain|export|prove|read|count|available|pending|whoami)(_|$)|_(ics|view|usage)$/
			&& !$audited{$_} } sort keys %rpc), '',
	'what sounds of reading is STABLE, or there is a decision why it is not');

# What reads answers the same on both.
my $reads = q{SELECT operation || ' ' || label, regexp_replace(replace(proof.answer(identity, statement), E'\n', ' '), 'DTSTAMP:\S+', '', 'g') FROM proof.allowed WHERE NOT writes ORDER BY 1};
my @here = split /\n/, $primary->safe_psql('postgres', $reads);
my @there = split /\n/, $standby->safe_psql('postgres', $reads);
cmp_ok(scalar(@here), '>=', 12, 'there are RPCs that read');
is($there[$_], $here[$_], 'the same on the standby: ' . ($here[$_] =~ /^([^|]*)/)[0]) for 0 .. $#here;
is(join(' ', grep { my ($name) = /^(\w+)/; /\|error/ && !$unproven{$name} } @there), '', 'and none of them is an error');

# What writes says so, before it has done anything.
my %said;
for (split /\n/, $standby->safe_psql('postgres', q{SELECT operation, replace(left(proof.answer(identity, statement), 200), E'\n', ' ') FROM proof.allowed WHERE writes ORDER BY 1}))
{
	my ($operation, $answer) = split /\|/, $_, 2;
	push @{ $said{$operation} }, $answer;
}
for my $operation (sort keys %said)
{
	ok(($unproven{$operation} || grep { /^error PT503 read_only$|"token_invalid"/ } @{ $said{$operation} }) && !(grep { /^error (?!PT)/ } @{ $said{$operation} }),
		"read_only on the standby: $operation") or diag(join "\n", @{ $said{$operation} });
}
ok($said{$_}, "$_ writes down that it read, so it is for the primary") for sort keys %audited;

# Tables show everybody on the standby what they see on the primary, and take nothing.
my $rows = q{SELECT i.name, r.oid::regclass, proof.answer(i.name, 'SELECT count(*) FROM ' || r.oid::regclass)
	FROM proof.identities AS i, pg_class AS r WHERE r.relkind IN ('r', 'v') AND r.relnamespace = 'public'::regnamespace ORDER BY 1, 2};
is($standby->safe_psql('postgres', $rows), $primary->safe_psql('postgres', $rows), 'tables and views show the same');
my $insert = q{SELECT proof.answer('admin', $$INSERT INTO public.pillars (code, name) VALUES ('a', 'A') RETURNING id$$)};
is($standby->safe_psql('postgres', $insert), 'error PT503 read_only', 'writing a table: read_only');
is($standby->safe_psql('postgres', q{SELECT proof.answer('admin', 'SELECT id FROM public.bookings FOR UPDATE')}), 'error PT503 read_only',
	'locking rows: read_only');

# The kernel for itself; statements without claims keep PostgreSQL's own error.
my $hold = q{SELECT * FROM holdfast.hold('holdfast_private.calendar', '00000000-0000-0000-0000-0000000000a1',
	'{00000000-0000-0000-0000-000000000001}', ARRAY[tstzrange('2031-01-01 10:00Z', '2031-01-01 11:00Z')], NULL, '1 minute')};
like(($standby->psql('postgres', $hold))[2], qr/read_only.*send the request to the primary/s, 'hold(): read_only, and where to go');
like(($standby->psql('postgres', q{DELETE FROM public.bookings}))[2], qr/cannot execute DELETE in a read-only transaction/, 'a DBA is told by PostgreSQL');
like(($primary->psql('postgres', "BEGIN READ ONLY; $hold"))[2], qr/cannot execute holdfast\.hold\(\) in a read-only transaction/,
	'so is a transaction that is read-only on the primary');
is($standby->safe_psql('postgres', q{SELECT remaining FROM holdfast.rate_limit('standby', 'somebody', 5, '1 minute')}), '4', 'a standby counts for itself');
is($standby->safe_psql('postgres', q{SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar');
	SELECT count(*) FROM holdfast.verify_audit('holdfast_private.audit_log')}), "0\n0", 'proofs run on a standby');

# It takes over.
$primary->stop('immediate');
$standby->promote;
is($standby->safe_psql('postgres', $insert =~ s/RETURNING id/RETURNING code/r), 'answer a', 'promoted, it writes');

done_testing();
