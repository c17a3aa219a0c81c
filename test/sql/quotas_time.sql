-- Months in the company's zone: they begin with local midnight where the clock changes on that very day, where midnight does not
-- exist and where it occurs twice; leap days; jobs that were off; plans that change in mid-month, on time and late.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/quotas.sql
CREATE TABLE t.zones (zone text, month_start timestamptz, n serial);
INSERT INTO t.zones VALUES
  ('America/New_York', '2026-11-01 04:00Z'),   -- the clock goes back on that day, after midnight
  ('Europe/Lisbon', '2026-03-31 23:00Z'),      -- it went forward three days before
  ('America/Havana', '2026-11-01 04:00Z'),     -- midnight occurs twice: the first
  ('America/Asuncion', '2023-10-01 04:00Z'),   -- midnight does not exist: 1 o'clock
  ('America/Sao_Paulo', '1952-12-01 03:00Z'),  -- the same
  ('America/Sao_Paulo', '2018-11-01 03:00Z'),  -- three days before it
  ('Pacific/Apia', '2018-03-31 10:00Z'),       -- it goes back at 4 on that day
  ('Pacific/Apia', '2011-12-31 10:00Z'), -- a day less in the month before
  ('Pacific/Kiritimati', '2024-02-29 10:00Z'), -- a leap day before it
  ('UTC', '2024-02-01 00:00Z');
CREATE FUNCTION t.zone(n int, what text) RETURNS uuid LANGUAGE sql AS $$ SELECT md5(what || n)::uuid $$;
INSERT INTO public.companies (organization_id, id, name, time_zone) SELECT t.id('clinic'), t.zone(n, 'company'), 'Zone ' || n, zone FROM t.zones;
INSERT INTO public.company_employees (organization_id, id, company_id, display_name, monthly_limit) SELECT t.id('clinic'), t.zone(n, 'employee'), t.zone(n, 'company'), 'E', 1 FROM t.zones;
INSERT INTO public.clients (organization_id, id, display_name, company_id, employee_id) SELECT t.id('clinic'), t.zone(n, 'client'), 'C', t.zone(n, 'company'), t.zone(n, 'employee') FROM t.zones;
CREATE FUNCTION t.try(n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_hold uuid;
BEGIN
  v_hold := holdfast_private.request_hold(t.id('clinic'), t.id('olga'), t.zone(n, 'client'), holdfast.clock() + interval '1 day', holdfast.clock() + interval '25 hours') ->> 'hold_key';
  PERFORM holdfast_private.confirm_booking(t.id('clinic'), v_hold);
  RETURN 'booked';
EXCEPTION WHEN SQLSTATE 'PT409' THEN
  RETURN SQLERRM;
END $$;
-- A subscription of last month; one session that month, one second before the next one, and one with it.
CREATE FUNCTION t.month(z t.zones) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text[]; s record;
BEGIN
  PERFORM t.at((z.month_start - interval '20 days')::text);
  INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date) VALUES (t.id('clinic'), t.zone(z.n, 'company'), t.id('basic'), 'active', holdfast_private.company_today(t.id('clinic'), t.zone(z.n, 'company')));
  v := ARRAY[t.try(z.n), t.try(z.n)];
  PERFORM t.at((z.month_start - interval '1 second')::text);
  v := v || t.try(z.n);
  PERFORM t.at(z.month_start::text);
  v := v || t.try(z.n) || t.try(z.n);
  SELECT * INTO s FROM holdfast.quota_status('holdfast_private.company_quota', t.id('clinic'), t.zone(z.n, 'company'));
  RETURN concat_ws(' ', array_to_string(v, ','), s.period_starts_at = z.month_start, s.balance || '/' || s.available, s.period_ends_at AT TIME ZONE z.zone);
END $$;
SET timezone = 'UTC';
\set ECHO all
SELECT zone, t.month(z) FROM t.zones z ORDER BY n;
SELECT zone, month_year, sessions_used FROM public.company_session_quota_history h JOIN t.zones z ON h.company_id = t.zone(z.n, 'company') ORDER BY n, month_year;
SELECT * FROM t.faults;
-- the zone of whoever asks does not matter
SET timezone = 'Pacific/Kiritimati';
SELECT t.at('2029-12-31 23:59:59Z'), t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "globex", "plan_id": "basic"}'), 'subscription', 'start_date'), t.book('k1', 'eve', 'eve', '01-05 09');
SET timezone = 'America/Los_Angeles';
SELECT t.at('2030-01-01 00:00:00Z'), t.rpc('eve', 'session_balance', '{"client_id": "eve"}');
SET timezone = 'UTC';
-- a company that moves has its months there from the next one on, none of them short
UPDATE public.companies SET time_zone = 'Pacific/Kiritimati' WHERE id = t.id('globex');
SELECT s.period_starts_at, s.period_ends_at, s.balance FROM holdfast.quota_status('holdfast_private.company_quota', t.id('clinic'), t.id('globex')) s;
SELECT t.at('2030-02-15 00:00Z');
SELECT s.period_starts_at, s.period_ends_at, s.balance FROM holdfast.quota_status('holdfast_private.company_quota', t.id('clinic'), t.id('globex')) s;
SELECT t.at('2030-03-15 00:00Z');
SELECT s.period_starts_at, s.period_ends_at, s.balance FROM holdfast.quota_status('holdfast_private.company_quota', t.id('clinic'), t.id('globex')) s;
-- all jobs off for months: whoever books finds the month that it is, with what went over; the job makes up for the rest
SELECT t.at('2030-06-10 00:00Z'), holdfast_private.run_job('job_roll_quotas'), holdfast_private.run_job('job_roll_quotas');
SELECT month_year, quota_allocated, sessions_used FROM public.company_session_quota_history WHERE company_id = t.id('globex') ORDER BY month_year;
-- a plan that was to follow on 10 July: its month is August, also when nobody noticed until 5 September
SELECT t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'start_date'), t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "pro", "effective": "period_end"}'), 'subscription', 'next_plan_date');
BEGIN;
SELECT t.at(d || ' 12:00Z'), t.rpc('ben', 'session_balance', '{"client_id": "ben"}') FROM unnest('{2030-07-09,2030-07-10,2030-07-31}'::text[]) d;
ROLLBACK;
BEGIN;
SELECT t.at('2030-08-01 00:00Z'), t.rpc('ben', 'session_balance', '{"client_id": "ben"}');
ROLLBACK;
BEGIN;
SELECT t.at('2030-07-10 12:00Z'), holdfast_private.run_job('job_settle_subscriptions');
SELECT t.at('2030-08-01 12:00Z');
SELECT holdfast.balance('holdfast_private.company_quota', t.id('clinic'), t.id('acme'));
ROLLBACK;
SELECT t.at('2030-09-05 12:00Z'), t.book('late', 'ben', 'ben', '09-20 09'), t.rpc('ben', 'session_balance', '{"client_id": "ben"}');
SELECT * FROM t.faults;
\i :srcdir/lib/finish_booking.sql
