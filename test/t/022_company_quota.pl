# 64 clients at once book the sessions of their companies through the platform: what there is is used exactly once, whoever books,
# cancels, moves or is away; and whoever looks at any moment finds accounts, ledgers and bookings in agreement.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Holdfast;

my $node = cluster('company_quota', preload => 'holdfast', roles => 0,
	settings => "max_connections = 200\nfsync = off\nlog_min_error_statement = panic\n");
$node->safe_psql('postgres', q{
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	SELECT holdfast.install('public', 'quotas', 'waitlist', 'leave', 'messages');
	CREATE FUNCTION id(name text, n int DEFAULT 0) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(name || n)::uuid $$;
	INSERT INTO public.organizations (id, name) VALUES (id('o'), 'O');
	INSERT INTO public.companies (organization_id, id, name, time_zone) SELECT id('o'), id('company', n), 'C' || n, 'UTC' FROM generate_series(0, 1) n;
	INSERT INTO public.company_subscription_plans (organization_id, id, name, sessions_per_month, sessions_per_employee)
	SELECT id('o'), id('plan', n), 'P' || n, CASE n WHEN 0 THEN 200 ELSE 60 END, CASE n WHEN 1 THEN 4 END FROM generate_series(0, 1) n;
	INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date)
	SELECT id('o'), id('company', n), id('plan', 0), 'active', CURRENT_DATE FROM generate_series(0, 1) n;
	INSERT INTO public.company_employees (organization_id, id, company_id, display_name) SELECT id('o'), id('employee', n), id('company', n % 2), 'E' || n FROM generate_series(0, 63) n;
	INSERT INTO public.clients (organization_id, id, display_name, company_id, employee_id) SELECT id('o'), id('client', n), 'C' || n, id('company', n % 2), id('employee', n) FROM generate_series(0, 63) n;
	INSERT INTO public.specialists (organization_id, id, display_name, time_zone) SELECT id('o'), id('specialist', n), 'S' || n, 'UTC' FROM generate_series(0, 63) n;
	CREATE SEQUENCE hours START 24;
	CREATE TABLE answers (state text, word text);
	-- 40001, 40P01 and whatever else nobody expects would end up here, and fail the test
	CREATE FUNCTION book(client int, specialist int) RETURNS boolean LANGUAGE plpgsql AS $$
	DECLARE
		v_start timestamptz := date_trunc('hour', now()) + nextval('hours') * interval '1 hour';
		v_detail text;
	BEGIN
		PERFORM holdfast_private.confirm_booking(id('o'), (holdfast_private.request_hold(id('o'), id('specialist', specialist), id('client', client), v_start, v_start + interval '50 minutes') ->> 'hold_key')::uuid);
		RETURN true;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
		-- where a lock is not had in time, a hold is told to try again after a second
		INSERT INTO answers VALUES (SQLSTATE, CASE WHEN SQLERRM = 'slot_conflict' AND v_detail LIKE '%"retry_after_seconds": 1,%' THEN 'request_in_progress' ELSE SQLERRM END);
		RETURN false;
	END $$;
	-- all that a specialist has, in no order, as when they are away
	CREATE FUNCTION away(specialist int) RETURNS int LANGUAGE plpgsql AS $$
	DECLARE
		v_booking public.bookings;
		v_count int := 0;
	BEGIN
		FOR v_booking IN SELECT b.* FROM public.bookings b WHERE b.specialist_id = id('specialist', specialist) AND b.status = 'confirmed' ORDER BY random() LOOP
			PERFORM holdfast_private.cancel_for_leave(v_booking);
			v_count := v_count + 1;
		END LOOP;
		RETURN v_count;
	END $$;
	-- what is wrong: in an account, or between bookings and what was taken for them
	CREATE VIEW faults AS
	SELECT fault FROM holdfast.verify_quota('holdfast_private.company_quota')
	UNION ALL SELECT fault FROM holdfast.verify_quota('holdfast_private.employee_quota')
	UNION ALL SELECT 'a booking has not the one session that it should' FROM public.bookings b
	LEFT JOIN (SELECT reference, -sum(amount) AS taken FROM holdfast_private.company_quota_ledger WHERE kind IN ('consume', 'refund', 'return') GROUP BY 1) l ON l.reference = b.id
	WHERE coalesce(l.taken, 0) <> (b.status <> 'cancelled')::int
	UNION ALL SELECT 'an employee has not the session that they should' FROM public.bookings b
	JOIN (SELECT reference, -sum(amount) AS taken FROM holdfast_private.employee_quota_ledger WHERE kind IN ('consume', 'refund', 'return') GROUP BY 1) l ON l.reference = b.id
	WHERE l.taken <> (b.status <> 'cancelled')::int;
});
sub answer { return $node->safe_psql('postgres', $_[0]); }

# pgbench runs a script with 64 clients, while a watcher looks over and over.
sub pgbench
{
	my ($transactions, $script) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir . '/script.sql';
	append_to_file($file, $script);
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(
		[ 'pgbench', '-n', '-c', 64, '-j', 4, '-t', $transactions, '-f', $file, $node->connstr('postgres') ],
		'>', \$out, '2>', \$err);
	my ($looks, $faults) = (0, '');
	while ($run->pumpable)
	{
		$run->pump_nb;
		$faults .= answer(q{SELECT string_agg(DISTINCT fault, ', ') FROM faults});
		$looks++;
		sleep 0.1;
	}
	$run->finish;
	is($faults, '', "bookings, accounts and ledgers agree whenever somebody looks ($looks times)");
	return $err;
}

# 200 sessions each, 64 clients who try 7 times: 448 attempts, all for one company as far as an account is concerned
answer(q{UPDATE public.clients SET company_id = id('company', 0), employee_id = NULL});
my $err = pgbench(7, 'SELECT book(:client_id, :client_id);');
is(answer(q{SELECT count(*) FROM public.bookings WHERE status = 'confirmed'}), 200, 'exactly as many are booked as there are sessions');
is(answer(q{SELECT balance FROM holdfast_private.company_quota WHERE account = id('company', 0)}), 0, 'none is left');
is(answer(q{SELECT string_agg(DISTINCT word, ' ') || ' ' || count(*) FROM answers}), 'quota_exhausted 248', 'all others are told that they are used up');
is(answer(q{SELECT string_agg(threshold::text, ' ' ORDER BY threshold) FROM holdfast_private.company_quota_alerts}), '50 80 100', 'each threshold once');
unlike($err, qr/ERROR/, 'no other error');

# two companies, own limits, booking, cancelling, moving, and specialists who are away: many accounts in one transaction
answer(q{
	UPDATE public.clients c SET company_id = id('company', n % 2), employee_id = id('employee', n) FROM generate_series(0, 63) n WHERE c.id = id('client', n);
	SELECT holdfast_private.change_plan(id('o'), id('company', n), id('plan', 1)) FROM generate_series(0, 1) n;
	TRUNCATE answers});
$err = pgbench(12, q{
\set what random(1, 10)
\set other random(0, 63)
\if :what <= 6
SELECT book(:client_id, :other);
\elif :what <= 8
SELECT holdfast_private.cancel_booking(id('o'), b.id, 'x') IS NOT NULL FROM (SELECT id FROM public.bookings WHERE client_id = id('client', :client_id) AND status = 'confirmed' AND specialist_id = id('specialist', :client_id) LIMIT 1) b;
\else
SELECT away(:client_id);
\endif
});
is(answer(q{SELECT coalesce(string_agg(DISTINCT word, ' '), '') FROM answers WHERE word NOT IN ('quota_exhausted', 'request_in_progress')}), '', 'every refusal has its word');
# Who gives back may be told to try again too, where the machine is busy.
unlike($err =~ s/ERROR:  request_in_progress//gr, qr/ERROR/, 'no other error: no deadlock, whatever the order in which bookings give back');
cmp_ok(answer(q{SELECT count(*) FROM holdfast_private.company_quota_ledger WHERE kind = 'refund'}), '>', 50, 'there was something to give back');
is(answer(q{SELECT count(*) FROM (SELECT FROM holdfast_private.company_quota_ledger WHERE kind <> 'lapse' AND reference IS NOT NULL GROUP BY account, reference HAVING sum(amount) > 0) x}), 0, 'never more than was taken');
is(answer('SELECT count(*) FROM faults'), 0, 'and nothing is wrong at the end');
$node->stop;
done_testing();
