-- Periods of a quota: local midnights, whatever the zone does; what goes over; catching up.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_periods;
SET search_path = t_periods, public;
CREATE FUNCTION k(word text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(word)::uuid $$;
SELECT holdfast.create_quota('t_periods.q') \g /dev/null
CREATE FUNCTION at(t text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', t, false) $$;
CREATE FUNCTION consume(account text, amount int, reference text) RETURNS int LANGUAGE sql AS $$ SELECT holdfast.consume('t_periods.q', k('1'), k(account), amount, k(reference)) $$;
CREATE FUNCTION refund(account text, reference text, amount int DEFAULT NULL) RETURNS int LANGUAGE sql AS $$ SELECT holdfast.refund('t_periods.q', k('1'), k(account), k(reference), amount) $$;
CREATE FUNCTION balance(account text) RETURNS int LANGUAGE sql AS $$ SELECT holdfast.balance('t_periods.q', k('1'), k(account)) $$;
CREATE FUNCTION ends_at(account text) RETURNS timestamptz LANGUAGE sql AS $$ SELECT period_ends_at FROM t_periods.q WHERE q.account = k(ends_at.account) $$;
CREATE FUNCTION carried(account text) RETURNS int[] LANGUAGE sql AS $$ SELECT carried FROM t_periods.q WHERE q.account = k(carried.account) $$;
CREATE FUNCTION due() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM t_periods.q WHERE period_ends_at <= holdfast.clock() $$;
CREATE FUNCTION faults() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM holdfast.verify_quota('t_periods.q') $$;
-- the ends of the next periods of a new account, in UTC
CREATE FUNCTION ends(zone text, kind text, start timestamptz, n int) RETURNS SETOF timestamptz LANGUAGE plpgsql AS $$
DECLARE
  v_account uuid := holdfast.uuid_v7();
BEGIN
  PERFORM set_config('holdfast.now', start::text, true);
  PERFORM holdfast.set_quota('t_periods.q', k('1'), v_account, 1, kind, zone);
  RETURN QUERY SELECT period_starts_at FROM q WHERE account = v_account;
  FOR i IN 1 .. n LOOP
    RETURN QUERY SELECT period_ends_at FROM q WHERE account = v_account;
    PERFORM set_config('holdfast.now', (SELECT period_ends_at FROM q WHERE account = v_account)::text, true);
    PERFORM holdfast.consume('t_periods.q', k('1'), v_account, 1, k('x'));
  END LOOP;
  PERFORM set_config('holdfast.now', '', true);
  DELETE FROM q WHERE account = v_account;
  DELETE FROM q_ledger WHERE account = v_account;
  DELETE FROM q_periods WHERE account = v_account;
END $$;
\set ECHO all
SET timezone = 'UTC';
-- days: 23 and 25 hours in Berlin, 23.5 and 24.5 in Lord Howe, one without a midnight in São Paulo, one with two in Havana, one that is missing in Apia
SELECT z, string_agg(to_char(e, 'MM-DD HH24:MI'), ', ' ORDER BY e) FROM (VALUES
  ('Europe/Berlin', '2027-03-27 12:00Z'), ('Europe/Berlin', '2027-10-30 12:00Z'), ('Australia/Lord_Howe', '2027-04-03 01:00Z'), ('Australia/Lord_Howe', '2027-10-02 01:00Z'),
  ('America/Sao_Paulo', '2018-11-03 12:00Z'), ('America/Sao_Paulo', '2019-02-16 12:00Z'), ('America/Havana', '2027-10-31 03:30Z'), ('America/Havana', '2027-11-06 12:00Z'), ('Pacific/Apia', '2011-12-28 12:00Z')) v (z, s),
  LATERAL ends(z, 'day', s::timestamptz, 3) e GROUP BY z, s ORDER BY s, z;
-- months: leap day, years' end, a month that begins without a midnight (Asuncion, 1 October 2017; Amman, 1 April 2022)
SELECT z, string_agg(to_char(e, 'YYYY-MM-DD HH24:MI'), ', ' ORDER BY e) FROM (VALUES
  ('UTC', '2028-01-31 23:59Z'), ('Asia/Kolkata', '2027-11-30 18:29Z'), ('Asia/Kolkata', '2027-11-30 18:30Z'), ('America/Asuncion', '2017-09-10Z'), ('Asia/Amman', '2022-03-10Z'), ('Pacific/Kiritimati', '2027-12-31 10:00Z')) v (z, s),
  LATERAL ends(z, 'month', s::timestamptz, 3) e GROUP BY z, s ORDER BY s, z;
-- weeks begin on Monday; a period that does not end
SELECT string_agg(to_char(e, 'Dy YYYY-MM-DD HH24:MI'), ', ' ORDER BY e) FROM ends('America/New_York', 'week', '2028-02-28 04:59Z', 3) e;
SELECT at('2028-02-29 12:00Z'), holdfast.set_quota('q', k('1'), k('once'), 5, 'none'), ends_at('once');
SELECT at('2128-02-29 12:00Z'), consume('once', 3, 'x'), balance('once');
SELECT * FROM holdfast.quota_status('q', k('1'), k('once'));
DO $$ BEGIN PERFORM consume('once', 3, 'x'); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', SQLERRM; END $$;

-- the last moment of a period and the first of the next
SELECT at('2027-03-31 21:59:59.999999Z'), holdfast.set_quota('q', k('1'), k('berlin'), 10, 'month', 'Europe/Berlin'), consume('berlin', 10, 'last');
SELECT at('2027-03-31 22:00:00Z'), balance('berlin') AS read_only, (SELECT balance FROM q WHERE account = k('berlin')) AS stored, consume('berlin', 1, 'first');
SELECT starts_at, ends_at, allocation, available, used, carried_over, lapsed FROM q_periods WHERE account = k('berlin');
SELECT kind, amount, period_starts_at, created_at FROM q_ledger WHERE account = k('berlin') ORDER BY id;
-- a clock that goes back, as after a failover, does not bring the old period back
SELECT at('2027-03-31 21:00:00Z'), consume('berlin', 1, 'back');
SELECT period_starts_at FROM q WHERE account = k('berlin');
SELECT created_at FROM q_ledger WHERE account = k('berlin') AND reference = k('back');
SELECT faults();

-- carried over: none, all, up to a limit, for two periods
CREATE FUNCTION year(account text, carry_limit int, carry_periods int, used int[]) RETURNS TABLE (month text, before int, after int, carried int[], lapsed int) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k(account), 10, 'month', 'UTC', carry_limit, carry_periods);
  FOR i IN 1 .. cardinality(used) LOOP
    PERFORM at((timestamptz '2028-01-15Z' + (i - 1) * interval '1 month')::text);
    month := to_char(holdfast.clock(), 'Mon');
    before := balance(account);
    after := CASE WHEN used[i] > 0 THEN consume(account, used[i], 'm' || i) ELSE before END;
    SELECT q.carried INTO carried FROM q WHERE q.account = k(year.account);
    SELECT p.lapsed INTO lapsed FROM q_periods p WHERE p.account = k(year.account) AND p.ends_at = date_trunc('month', holdfast.clock());
    RETURN NEXT;
  END LOOP;
END $$;
SELECT * FROM year('none', 0, NULL, '{4,0,10,1}');
SELECT * FROM year('all', NULL, NULL, '{4,0,26,1}');
SELECT * FROM year('limit', 3, NULL, '{4,8,13,9,1}');
SELECT * FROM year('two', NULL, 2, '{4,1,0,0,3,24}');
SELECT * FROM year('two of 8', 8, 2, '{4,1,0,0,3}');
SELECT faults();

-- away for long: the same as if somebody had come every month; the job does the same, and finds nothing to do twice
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k(a), 10, 'month', 'America/Sao_Paulo', 25, 3), consume(a, 7, 'x') FROM unnest('{lazy,busy,job}'::text[]) a;
DO $$
BEGIN
  FOR i IN 1 .. 30 LOOP
    PERFORM at((timestamptz '2028-01-15Z' + i * interval '1 month')::text), consume('busy', 1, 'b'), refund('busy', 'b');
  END LOOP;
END $$;
SELECT at('2030-07-15Z'), balance('lazy'), balance('busy');
SELECT holdfast.roll_quotas('q', 1) AS one, due();
SELECT holdfast.roll_quotas('q') AS all, due();
SELECT holdfast.roll_quotas('q') AS again;
SELECT refund('busy', 'b'), consume('lazy', 0 + 1, 'y'), refund('lazy', 'y');
SELECT count(DISTINCT (balance, available, carried, period_starts_at, period_ends_at)) AS states FROM q WHERE account IN (k('lazy'), k('busy'), k('job'));
SELECT count(*), count(DISTINCT p) AS different FROM (SELECT account, array_agg((starts_at, ends_at, allocation, available, used, carried_over, lapsed) ORDER BY starts_at)::text AS p FROM q_periods WHERE account IN (k('lazy'), k('busy'), k('job')) GROUP BY 1) s;
SELECT count(*) FROM q_periods WHERE account = k('lazy');
SELECT faults();
-- days, off for a year
SELECT at('2028-02-28 12:00Z'), holdfast.set_quota('q', k('1'), k('daily'), 3, 'day', 'Australia/Lord_Howe', 2);
SELECT at('2029-02-28 12:00Z'), holdfast.roll_quotas('q') > 0 AS rolled, balance('daily');
SELECT count(*), min(ends_at - starts_at), max(ends_at - starts_at) FROM q_periods WHERE account = k('daily');
SELECT faults();

-- given back in a later period: what carrying over would have left, and no more
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k('later ' || a), 10, 'month', 'UTC', l, p), consume('later ' || a, 8, 'x'), consume('later ' || a, 1, 'y')
FROM (VALUES ('none', 0, NULL::int), ('all', NULL, NULL), ('limit 3', 3, NULL), ('one', NULL, 1)) v (a, l, p);
SELECT at('2028-02-15Z'), a, balance('later ' || a), refund('later ' || a, 'x', 1) AS one, refund('later ' || a, 'x') AS rest, refund('later ' || a, 'x') AS again, holdfast.consumed('q', k('1'), k('later ' || a), k('x'))
FROM unnest('{none,all,limit 3,one}'::text[]) a;
SELECT a, kind, amount, period_starts_at FROM unnest('{none,limit 3}'::text[]) a, q_ledger WHERE account = k('later ' || a) AND reference = k('x') ORDER BY a, id;
SELECT at('2028-03-15Z'), a, balance('later ' || a), refund('later ' || a, 'y') AS two_months_later FROM unnest('{none,all,limit 3,one}'::text[]) a;
-- the same reference in two periods: what is of the running one comes back whole
SELECT at('2028-04-15Z'), consume('later none', 2, 'two');
SELECT at('2028-05-15Z'), consume('later none', 3, 'two'), refund('later none', 'two', 4) AS three_of_now, refund('later none', 'two') AS rest, refund('later none', 'two') AS again, consume('later none', 1, 'two'), refund('later none', 'two') AS one_of_now;
SELECT faults();

-- an allocation from the next period on; a reduction is forgotten with the period
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k('plan'), 10), consume('plan', 6, 'x'), holdfast.set_allocation('q', k('1'), k('plan'), 20, 'next_period');
SELECT at('2028-02-15Z'), balance('plan'), consume('plan', 15, 'x'), holdfast.set_allocation('q', k('1'), k('plan'), 10);
SELECT at('2028-03-15Z'), balance('plan'), consume('plan', 1, 'x');
SELECT shortfall FROM q WHERE account = k('plan');
-- a zone or a kind of period, changed: from the next on, and nobody gets two within hours
SELECT at('2028-01-31 09:00Z'), holdfast.set_quota('q', k('1'), k('moves'), 10, 'month', 'Pacific/Kiritimati'), ends_at('moves');
SELECT at('2028-01-31 10:00Z'), consume('moves', 10, 'x');
SELECT holdfast.set_quota('q', k('1'), k('moves'), 10, 'month', 'Pacific/Pago_Pago'), ends_at('moves');
SELECT at('2028-03-01 10:59Z'), balance('moves'), consume('moves', 1, 'x'), ends_at('moves');
SELECT holdfast.set_quota('q', k('1'), k('moves'), 10, 'month', 'Pacific/Kiritimati');
SELECT at('2028-04-01 11:00Z'), consume('moves', 1, 'x'), ends_at('moves');
SELECT holdfast.set_quota('q', k('1'), k('moves'), 10, 'day', 'UTC');
SELECT at('2028-04-30 10:00Z'), consume('moves', 1, 'x'), ends_at('moves');
SELECT holdfast.set_quota('q', k('1'), k('once'), 5, 'month', 'Asia/Kolkata'), ends_at('once');
-- how long carried units live, changed: none lives longer than it would have
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k('lots'), 10, 'month', 'UTC', NULL, 3);
SELECT at('2028-04-15Z'), consume('lots', 1, 'x'), carried('lots');
SELECT holdfast.set_quota('q', k('1'), k('lots'), 10, 'month', 'UTC', NULL, p), carried('lots') FROM unnest('{2,3}'::int[]) p;
SELECT holdfast.set_quota('q', k('1'), k('lots'), 10, 'month', 'UTC', NULL, NULL), carried('lots');
SELECT holdfast.set_quota('q', k('1'), k('lots'), 10, 'month', 'UTC', NULL, 2), carried('lots');
SELECT faults();
-- so much that it does not fit: the rest lapses
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k('huge'), 700000000, 'month', 'UTC', NULL);
SELECT at('2028-03-15Z'), balance('huge'), consume('huge', 1000000000, 'x');
SELECT faults();
-- corrected to less than what was carried over: the account goes on, and the units are gone
SELECT at('2028-01-15Z'), holdfast.set_quota('q', k('1'), k('cut'), 10, 'month', 'UTC', NULL, NULL);
SELECT at('2028-02-15Z'), holdfast.adjust('q', k('1'), k('cut'), -17, 'a mistake'), holdfast.consume('q', k('1'), k('cut'), 1, k('x'));
SELECT balance, available, carried FROM holdfast.quota_status('q', k('1'), k('cut'));
SELECT at('2028-03-15Z'), holdfast.balance('q', k('1'), k('cut'));
SELECT count(*) FROM holdfast.verify_quota('q');
\set ECHO none
RESET holdfast.now;
SET client_min_messages = warning;
DROP SCHEMA t_periods CASCADE;
