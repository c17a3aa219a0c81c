-- What HR, admins and people themselves are told of the use of sessions; and what HR cannot find out.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/quotas.sql
INSERT INTO t.names SELECT l, md5(l)::uuid FROM unnest('{mind,body,money}'::text[]) l;
INSERT INTO public.pillars (organization_id, id, code, name) VALUES (t.id('clinic'), t.id('mind'), 'mind', 'Mind'), (t.id('clinic'), t.id('body'), 'body', 'Body'), (t.id('clinic'), t.id('money'), 'money', 'Money');
UPDATE public.specialists SET pillar_id = t.id('mind') WHERE id = t.id('olga');
UPDATE public.specialists SET pillar_id = t.id('body') WHERE id = t.id('maria');
UPDATE public.session_types SET pillar_id = t.id('money') WHERE id = t.id('talk');
UPDATE public.specialists SET concurrent_session_limit = 100;
INSERT INTO public.company_subscription_plans (organization_id, id, name, sessions_per_month, max_employees, carry_limit) VALUES (t.id('clinic'), t.id('last'), 'Forty', 40, 50, 5);
-- eleven more employees of Acme, p1 to p11
INSERT INTO t.names SELECT x || n, md5(x || n)::uuid FROM generate_series(1, 11) n, unnest('{p,ep}'::text[]) x;
INSERT INTO public.company_employees (organization_id, id, company_id, display_name, department) SELECT t.id('clinic'), t.id('ep' || n), t.id('acme'), 'P' || to_char(n, 'FM00'), 'D' || n % 2 FROM generate_series(1, 11) n;
INSERT INTO public.clients (organization_id, id, display_name, company_id, employee_id) SELECT t.id('clinic'), t.id('p' || n), 'P' || n, t.id('acme'), t.id('ep' || n) FROM generate_series(1, 11) n;
CREATE FUNCTION t.report(who text, path text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text := t.rpc(who, 'company_quota_report', '{"company_id": "acme"}');
BEGIN RETURN CASE WHEN v LIKE '{%' THEN jsonb_path_query_array(v::jsonb, path::jsonpath)::text ELSE v END; END $$;
\set ECHO all
SELECT t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "last"}'), 'subscription', 'status');
-- in January: seven have Mind, three Body, one Money; and one twice
SELECT string_agg(DISTINCT t.book('x' || n, 'adam', 'p' || n, '01-2' || n % 10 || ' 1' || n % 8, CASE WHEN n <= 7 THEN 'olga' WHEN n <= 10 THEN 'maria' ELSE 'olga' END, CASE n WHEN 11 THEN ', "session_type_id": "talk"' ELSE '' END), ' ') FROM generate_series(1, 11) n;
SELECT t.book('y1', 'adam', 'p1', '01-28 09'), t.book('y2', 'adam', 'p2', '01-28 10'), t.cancel('y2', 'adam');
SELECT t.report('hugo', '$.month'), t.report('hugo', '$.forecast');
SELECT t.report('hugo', '$.people[*] ? (@.used > 0).display_name'), t.report('hugo', '$.people[*].used');
SELECT t.report('hugo', '$.months');
SELECT t.report(who, '$.month.used') FROM unnest('{ben,maria,zoe,adam,sue,ana}'::text[]) who;
SELECT t.rpc('hugo', 'company_quota_report', '{"company_id": "globex"}'), t.rpc('adam', 'company_quota_report', '{"company_id": "globex"}'), t.rpc('hugo', 'company_quota_report', '{"company_id": "acme", "months": 25}');
-- the month is over: HR learns of groups, the small ones together or not at all; admins of all
SELECT t.at('2030-02-03 00:00Z'), holdfast_private.run_job('job_roll_quotas'), holdfast_private.run_job('job_roll_quotas');
SELECT t.report('hugo', '$.months[*]');
SELECT t.report('adam', '$.months[*].pillars[*]');
INSERT INTO public.quota_settings (organization_id, minimum_group) VALUES (t.id('clinic'), 4);
SELECT t.report('hugo', '$.months[*].pillars[*]') AS two_small_ones_together;
UPDATE public.quota_settings SET minimum_group = 3;
SELECT t.report('hugo', '$.months[*].pillars[*]') AS one_alone_takes_the_next_with_it;
UPDATE public.quota_settings SET minimum_group = 12;
SELECT t.report('hugo', '$.months[*].pillars[*]') AS none;
UPDATE public.quota_settings SET show_people = false;
SELECT t.report('hugo', '$.people'), t.report('adam', '$.people[*].used') <> '[]';
-- what is cancelled in a later month does not change the one that is over
SELECT t.cancel('x1', 'adam') AS begun, t.cancel('y1', 'adam'), t.report('adam', '$.months[*].used'), t.left();
-- the forecast: sessions last, or do not, and when they end
SELECT t.at('2030-02-05 00:00Z'), string_agg(t.book('z' || n, 'adam', 'p' || n, '02-20 1' || n % 8), ' ') FROM generate_series(1, 4) n;
SELECT t.report('hugo', '$.month'), t.report('hugo', '$.forecast');
SELECT t.rpc('adam', 'adjust_company_quota', '{"company_id": "acme", "sessions": -38, "reason": "a mistake"}'), t.report('hugo', '$.forecast');
-- month by month, and as a table; HR their own, admins all
SELECT t.of(t.rpc('hugo', 'request_quota_increase', '{"company_id": "acme", "sessions": 5}', 'more'), 'request', 'status'), t.rpc('adam', 'review_quota_increase', '{"request_id": "more1", "decision": "approved", "comment": "a hard month"}') LIKE '%approved%';
SELECT month_year, quota_allocated, sessions_used, sessions_remaining, carried_over, t.tidy(adjusted_by::text), adjustment_reason FROM public.company_session_quota_history ORDER BY month_year;
SELECT count(DISTINCT id) = count(*) AS each_has_an_id FROM public.company_session_quota_history;
SELECT month_year, quota_allocated, sessions_used, sessions_remaining FROM public.company_sessions_quota;
SELECT sessions, reason, t.tidy(adjusted_by::text) FROM public.quota_audit_log ORDER BY id;
CREATE FUNCTION t.sees(who text, view text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v bigint;
BEGIN
  PERFORM t.become(who);
  EXECUTE format('SELECT count(*) FROM public.%I', view) INTO v;
  PERFORM set_config('role', 'none', true);
  RETURN v;
END $$;
SELECT who, t.sees(who, 'company_sessions_quota'), t.sees(who, 'company_session_quota_history'), t.sees(who, 'quota_increase_requests') FROM unnest('{hugo,adam,ben,maria,ana,zoe,sue,service}'::text[]) who;
-- companies at a glance
SELECT t.rpc('hugo', 'company_overview', '{"company_id": "acme"}');
SELECT jsonb_path_query_array(t.rpc('adam', 'company_overview', '{"company_id": null}')::jsonb, '$.companies[*].name'), jsonb_path_query_array(t.rpc('hugo', 'company_overview', '{"company_id": "acme"}')::jsonb, '$.companies[*].name');
SELECT t.rpc('hugo', 'company_overview', '{"company_id": "globex"}'), t.rpc('ben', 'company_overview', '{"company_id": "acme"}'), t.rpc('adam', 'company_overview', '{"company_id": "nothing"}'), t.rpc('zoe', 'company_overview', '{"company_id": "acme"}');
\i :srcdir/lib/finish_booking.sql
