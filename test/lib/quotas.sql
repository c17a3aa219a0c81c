-- Sourced by the tests of quotas, after booking.sql: employees, plans, and a booking in one call.
CREATE FUNCTION t.of(answer text, path text, VARIADIC keys text[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN answer LIKE '{%' AND NOT answer::jsonb ? 'code' THEN (SELECT string_agg(format('%s=%s', k, answer::jsonb #> string_to_array(path, '.') ->> k), ' ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY AS u (k, n)) ELSE answer END
$$;
CREATE FUNCTION t.at(moment text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', moment, false) $$;
INSERT INTO t.names SELECT l, md5(l)::uuid FROM unnest('{e_ben,e_dan,e_eve,dan,eve,u_dan,u_eve,pro,basic,endless,checked,early,last}'::text[]) l;
INSERT INTO public.company_employees (organization_id, id, company_id, user_id, role, display_name, email) VALUES
  (t.id('clinic'), t.id('e_ben'), t.id('acme'), t.id('u_ben'), 'employee', 'Ben', NULL),
  (t.id('clinic'), t.id('e_dan'), t.id('acme'), t.id('u_dan'), 'employee', 'Dan', NULL),
  (t.id('clinic'), t.id('e_eve'), t.id('globex'), t.id('u_eve'), 'employee', 'Eve', NULL);
UPDATE public.clients SET employee_id = t.id('e_ben') WHERE id = t.id('ben');
UPDATE public.company_employees SET email = 'hugo@acme.example' WHERE display_name = 'Hugo';
INSERT INTO public.clients (organization_id, id, user_id, display_name, company_id, employee_id) VALUES
  (t.id('clinic'), t.id('dan'), t.id('u_dan'), 'Dan', t.id('acme'), t.id('e_dan')),
  (t.id('clinic'), t.id('eve'), t.id('u_eve'), 'Eve', t.id('globex'), t.id('e_eve'));
INSERT INTO public.company_subscription_plans (organization_id, id, name, sessions_per_month, carry_limit) VALUES
  (t.id('clinic'), t.id('basic'), 'Basic', 4, 0), (t.id('clinic'), t.id('pro'), 'Pro', 10, 2), (t.id('clinic'), t.id('endless'), 'Endless', NULL, 0);
INSERT INTO public.session_types (organization_id, id, name, approval) VALUES
  (t.id('clinic'), t.id('checked'), 'Checked', 'each'), (t.id('clinic'), t.id('early'), 'Early', 'before');
-- Holds and confirms in one go; the booking's label is the name given to it.
CREATE FUNCTION t.book(name text, who text, client text, start text, specialist text DEFAULT 'olga', more text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_answer text := t.rpc(who, 'request_hold', format('{"specialist_id": "%s", "client_id": "%s", "start_time": "2030-%s:00Z", "end_time": "2030-%s:50Z"%s}', specialist, client, start, start, more), 'hold');
  v_hold text;
BEGIN
  IF v_answer NOT LIKE '{"holds"%' THEN RETURN v_answer; END IF;
  v_hold := v_answer::jsonb ->> 'hold_key';
  v_answer := t.rpc(who, 'confirm_booking', format('{"hold_key": "%s"}', v_hold));
  IF v_answer LIKE '{%' THEN UPDATE t.names n SET label = book.name WHERE n.label = v_hold; END IF;
  RETURN t.of(v_answer, 'booking', 'status');
END $$;
CREATE FUNCTION t.cancel(name text, who text, rpc text DEFAULT 'cancel_booking') RETURNS text LANGUAGE sql AS $$ SELECT t.of(t.rpc(who, rpc, format('{"booking_id": "%s"}', name)), 'booking', 'status') $$;
CREATE FUNCTION t.left() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s %s/%s', n.label, s.balance, s.available), ', ' ORDER BY n.label)
  FROM (SELECT account, 'holdfast_private.company_quota'::regclass AS q FROM holdfast_private.company_quota UNION ALL SELECT account, 'holdfast_private.employee_quota' FROM holdfast_private.employee_quota) a
  JOIN t.names n ON n.id = a.account, holdfast.quota_status(a.q, t.id('clinic'), a.account) s $$;
CREATE VIEW t.faults AS SELECT count(*) FROM (SELECT * FROM holdfast.verify_quota('holdfast_private.company_quota') UNION ALL SELECT * FROM holdfast.verify_quota('holdfast_private.employee_quota')) f;
