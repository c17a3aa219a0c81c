-- Import of employees: an answer for each row, all or nothing or what is good, seats, history, undoing, and once for a key.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/accounts.sql
\o /dev/null
SET client_min_messages = warning;
CREATE FUNCTION t.import(who text, rows text, more text DEFAULT '', company text DEFAULT 'acme') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE v text := t.rpc(who, 'import_employees', format('{"company_id": "%s", "rows": %s%s}', company, rows, more), 'id'); r jsonb;
BEGIN
  IF v NOT LIKE '{%' THEN RETURN NEXT v; RETURN; END IF;
  RETURN NEXT (SELECT string_agg(format('%s=%s', k, v::jsonb -> 'import' ->> k), ' ') FROM unnest('{status,total_rows,imported_rows,refused_rows,undone_rows}'::text[]) k);
  FOR r IN SELECT * FROM jsonb_array_elements(v::jsonb -> 'rows') LOOP
    RETURN NEXT concat_ws(' ', r ->> 'index', r ->> 'status', CASE WHEN r ? 'employee_id' THEN 'employee' END, r ->> 'error', r ->> 'field', r ->> 'reason');
  END LOOP;
END $$;
CREATE FUNCTION t.undo(who text, import uuid) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN (SELECT string_agg(format('%s=%s', k, a::jsonb -> 'import' ->> k), ' ') FROM unnest('{status,imported_rows,undone_rows}'::text[]) k) ELSE a END
  FROM t.rpc(who, 'undo_import', format('{"import_id": "%s"}', import)) a $$;
CREATE FUNCTION t.people() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', display_name, email, d.status, invitation_status, department, cost_center, access_date, monthly_limit) FROM public.company_employee_directory d WHERE organization_id = t.id('clinic') AND role = 'employee' ORDER BY display_name $$;
CREATE FUNCTION t.last() RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM public.company_import_history ORDER BY id DESC LIMIT 1 $$;
INSERT INTO t.names SELECT 'u_' || w, gen_random_uuid() FROM unnest('{ann,bob}'::text[]) w;
INSERT INTO public.company_subscription_plans (organization_id, id, name, max_employees) VALUES (t.id('clinic'), md5('plan')::uuid, 'Four', 4);
INSERT INTO public.company_subscriptions (organization_id, company_id, plan_id, status, start_date) VALUES (t.id('clinic'), t.id('acme'), md5('plan')::uuid, 'active', '2026-01-01');
SET datestyle = iso;
RESET client_min_messages;
\o
\set ECHO all
-- who may; what is no import
SELECT who, (SELECT i FROM t.import(who, '[{"email": "ann@example.org", "display_name": "Ann"}]') i LIMIT 1) FROM unnest('{ben,maria,zoe,""}'::text[]) who;
SELECT t.import('hugo', '[]', company => 'globex'), t.import('adam', '[{}]', company => 'nothing');
SELECT r, m, t.import('hugo', r, m) FROM (VALUES ('[]', ''), ('{}', ''), ('null', ''), ('[{}]', ', "mode": "some"'), ('[{}]', ', "mode": null'), ('[{}]', ', "invite": null')) v (r, m);
SELECT t.import('hugo', (SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 10001))::text);
SELECT t.import('hugo', jsonb_build_array(repeat('x', 9000000))::text);
-- each row says what is wrong with it, and nothing is imported
SELECT t.import('hugo', '[
  {"email": "Ann@Example.org", "display_name": " Ann ", "department": "R&D", "cost_center": "7", "access_date": "2030-02-28", "monthly_limit": 2, "shoe_size": 43},
  {"email": "nobody", "display_name": "X"}, {"display_name": "X"}, {"email": "x@example.org"}, {"email": "x@example.org", "display_name": ""},
  {"email": 7, "display_name": "X"}, {"email": "x@example.org", "display_name": ["X"]}, {"email": "x@example.org", "display_name": "X", "role": "boss"},
  {"email": "x@example.org", "display_name": "X", "role": "hr"}, {"email": "x@example.org", "display_name": "X", "access_date": "2030-02-30"},
  {"email": "x@example.org", "display_name": "X", "access_date": "tomorrow"}, {"email": "x@example.org", "display_name": "X", "monthly_limit": -1},
  {"email": "x@example.org", "display_name": "X", "monthly_limit": "2"}, {"email": "x@example.org", "display_name": "X", "monthly_limit": 1.5},
  null, 5, {"email": "ann@example.org", "display_name": "Ann again"}, {"email": "bob@example.org", "display_name": "Bob"}]');
SELECT t.people();
-- the same rows, and those that are good come in: as many as there are seats (HR has one of four)
SELECT t.import('hugo', '[{"email": "Ann@Example.org", "display_name": " Ann ", "department": "R&D", "cost_center": "7", "access_date": "2030-02-28", "monthly_limit": 2},
  {"email": "nobody", "display_name": "X"}, {"email": "ann@example.org", "display_name": "Ann again"}, {"email": "bob@example.org", "display_name": "Bob"},
  {"email": "cid@example.org", "display_name": "Cid"}, {"email": "dan@example.org", "display_name": "Dan"}]', ', "mode": "skip_bad", "source": "people.csv"');
SELECT t.people();
SELECT t.import('hugo', '[{"email": "ann@example.org", "display_name": "Ann"}, {"email": "eve@example.org", "display_name": "Eve"}]', ', "mode": "skip_bad"');
SELECT t.import('hugo', '[{"email": "eve@example.org", "display_name": "Eve"}]');
SELECT status, mode, invite, source, total_rows, imported_rows, refused_rows, t.tidy(imported_by::text) FROM public.company_import_history ORDER BY id;
-- each of them is told by mail, and accepts
SELECT count(*) FROM jsonb_array_elements(holdfast_private.lease_messages('w', 100)) m WHERE m ->> 'kind' = 'employee_invitation';
DO $$
DECLARE
  v_token text := holdfast_private.make_token(t.id('clinic'), (SELECT token_id FROM public.company_employee_invitations WHERE email = 'ann@example.org')) ->> 'token';
BEGIN
  PERFORM set_config('request.jwt.claims', jsonb_build_object('role', 'authenticated', 'sub', t.id('u_ann'), 'email', 'ann@example.org')::text, true);
  PERFORM holdfast_private.accept_employee_invitation(v_token);
END $$;
SELECT t.people();
-- taken back: who has accepted stays, the others are gone and their links void; once
SELECT who, t.undo(who, (SELECT id FROM public.company_import_history WHERE source = 'people.csv')) FROM unnest('{ben,zoe,hugo,hugo}'::text[]) who;
SELECT t.people();
SELECT row_index, status, employee_id IS NOT NULL AS employee, error FROM public.company_import_rows WHERE import_id = (SELECT id FROM public.company_import_history WHERE source = 'people.csv') ORDER BY 1;
SELECT kind, count(void_at) AS void, count(*) FROM public.account_tokens GROUP BY 1;
SELECT t.undo('hugo', t.last()), t.undo('adam', t.id('nothing'));
-- and imported again; without inviting; HR's role by an admin; once for a key
SELECT t.import('adam', '[{"email": "bob@example.org", "display_name": "Bob", "role": "hr"}, {"email": "cid@example.org", "display_name": "Cid"}]', ', "invite": false, "idempotency_key": "k"');
SELECT t.import('adam', '[{"email": "bob@example.org", "display_name": "Bob", "role": "hr"}, {"email": "cid@example.org", "display_name": "Cid"}]', ', "invite": false, "idempotency_key": "k"');
SELECT t.import('adam', '[{"email": "cid@example.org", "display_name": "Cid"}]', ', "invite": false, "idempotency_key": "k"');
SELECT display_name, role, d.status, invitation_status FROM public.company_employee_directory d WHERE company_id = t.id('acme') ORDER BY 1;
SELECT t.rpc('adam', 'update_employee', format('{"employee_id": "%s", "user_id": "u_bob"}', id)) ~ 'u_bob' AS has_an_account_by_now FROM public.company_employees WHERE display_name = 'Cid';
SELECT t.undo('hugo', t.last());
-- whoever was invited five times in an hour is not invited again by importing them
DO $$
BEGIN
  FOR n IN 1 .. 6 LOOP
    RAISE NOTICE '% %', (SELECT string_agg(i, ' ') FROM t.import('hugo', '[{"email": "dan@example.org", "display_name": "Dan"}]') i), t.undo('hugo', t.last());
  END LOOP;
END $$;
-- who sees it
GRANT USAGE ON SCHEMA t TO authenticated; GRANT SELECT ON t.names TO authenticated;
CREATE FUNCTION t.sees(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v text;
BEGIN
  PERFORM t.become(who);
  SELECT format('%s imports, %s rows', (SELECT count(*) FROM public.company_import_history), (SELECT count(*) FROM public.company_import_rows)) INTO v;
  PERFORM set_config('role', 'none', true);
  RETURN v;
END $$;
SELECT t.import('adam', '[{"email": "gil@example.org", "display_name": "Gil"}]', company => 'globex');
SELECT who, t.sees(who) FROM unnest('{adam,hugo,ben,maria,zoe}'::text[]) who;
-- ten thousand, by a session that has no plans for a handful
\c -
SET holdfast.now = '2030-01-07 08:00:00+00';
UPDATE public.company_subscription_plans SET max_employees = NULL;
SELECT i ->> 'status', i -> 'imported_rows' FROM (SELECT holdfast_private.import_employees(t.id('clinic'), t.id('acme'), (SELECT jsonb_agg(jsonb_build_object('email', 'p' || n || '@example.com', 'display_name', 'P ' || n)) FROM generate_series(1, 10000) n)) -> 'import' AS i) x;
SELECT count(*) FROM public.company_employee_invitations WHERE email LIKE '%@example.com';
SELECT u ->> 'status', u -> 'undone_rows' FROM (SELECT holdfast_private.undo_import(t.id('clinic'), t.last()) -> 'import' AS u) x;
SELECT count(*) FROM public.company_employees WHERE email LIKE '%@example.com';
\set ECHO none
\i :srcdir/lib/finish_booking.sql
