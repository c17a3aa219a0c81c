-- The audit log of the platform: what lands there, who sees what of it, searching, undoing, erasing, sealing.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- What was written since the last look, without what differs from run to run.
CREATE TABLE t.looked (id uuid NOT NULL);
INSERT INTO t.looked VALUES ('00000000-0000-0000-0000-000000000000');
CREATE FUNCTION t.look() RETURNS TABLE (by text, category text, action text, entity text, subject text, changed text) LANGUAGE plpgsql AS $$
DECLARE
  v_after uuid := (SELECT id FROM t.looked);
BEGIN
  UPDATE t.looked SET id = (SELECT max(l.id::text)::uuid FROM holdfast_private.audit_log l);
  RETURN QUERY
  SELECT coalesce((SELECT n.label FROM t.names n WHERE n.id = l.user_id), l.role), l.category, l.action,
         replace(l.entity_type, 'public.', '') || coalesce(' ' || t.tidy(l.entity_id), ''), t.tidy(l.subject_id::text),
         left((SELECT string_agg(k || CASE WHEN l.new_values -> k ? 'redacted' THEN '*' ELSE '' END, ' ' ORDER BY k)
          FROM jsonb_object_keys(coalesce(l.new_values, l.old_values)) AS k), 90)
  FROM holdfast_private.audit_log l WHERE l.id > v_after ORDER BY l.id;
END
$$;
CREATE FUNCTION t.latest(entity text, action text DEFAULT 'update') RETURNS text LANGUAGE sql AS $$
  SELECT l.id::text FROM holdfast_private.audit_log l WHERE l.entity_type = entity AND l.action = latest.action ORDER BY l.id DESC LIMIT 1
$$;
CREATE FUNCTION t.see(who text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM t.become(who);
  RETURN QUERY EXECUTE query;
  PERFORM set_config('role', 'none', true);
END
$$;
\set ECHO all
SELECT count(*) > 0 AS something_was_written FROM t.look();

-- A booking: the client's, with all it changes, contact data and clinical content left out; and who read it.
\set hold '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T10:50:00Z", "session_type_id": "talk"}'
SELECT t.rpc('ana', 'request_hold', :'hold', 'h') \gset
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "h1", "session": {"notes": "planted-notes", "cpt": {"code": "planted-cpt"}, "mood": "planted-mood"}}', 'b') LIKE '{"booking"%' AS booked;
SELECT * FROM t.look();
SELECT t.rpc('maria', 'get_booking', '{"booking_id": "h1"}') LIKE '%"booking"%' AS read, t.rpc('olga', 'get_booking', '{"booking_id": "h1"}');
SELECT t.rpc('ana', 'cancel_booking', '{"booking_id": "h1", "reason": "planted-reason"}') LIKE '{"booking"%' AS cancelled;
SELECT * FROM t.look();
UPDATE public.clients SET email = 'planted@example.org', phone = '+351 planted', date_of_birth = '1977-07-07' WHERE id = t.id('ana');
SELECT t.rpc('ana', 'create_calendar_feed', '{"scope": "client"}') LIKE '{%' AS feed;
SELECT * FROM t.look();
SELECT count(*) AS planted FROM holdfast_private.audit_log l WHERE l::text ~* 'planted|1977-07-07'
  OR l::text LIKE '%' || encode((SELECT token_hash FROM holdfast_private.calendar_feeds LIMIT 1), 'hex') || '%';

-- Who sees what. Values only where the data is one's own, or to who may read the log.
SELECT who, (SELECT string_agg(s, ', ') FROM t.see(who, 'SELECT count(*)::text FROM public.' || v) AS s) AS rows, v
FROM unnest('{ana,ben,maria,hugo,adam,xena}'::text[]) AS who, unnest('{audit_logs,user_activity_logs,admin_logs,company_activity_logs}'::text[]) AS v
WHERE NOT (who = 'adam' AND v <> 'company_activity_logs');
SELECT t.tidy(s) FROM t.see('ana', $$SELECT concat_ws(' | ', action, entity_type, entity_id, changes -> 'status') FROM public.audit_logs ORDER BY id$$) AS s;
SELECT t.tidy(s) FROM t.see('maria', $$SELECT concat_ws(' | ', action, entity_type, entity_id, changes, 'subject', subject_id) FROM public.audit_logs ORDER BY id$$) AS s;
SELECT count(*) > 10 AS many, bool_and(s::boolean) AS ours FROM t.see('adam', format('SELECT (organization_id = %L)::text FROM public.audit_logs', t.id('clinic'))) AS s;
SELECT s::int = (SELECT count(*) FROM holdfast_private.audit_log WHERE organization_id = t.id('clinic')) AS all_of_the_clinic FROM t.see('sue', 'SELECT count(*)::text FROM public.audit_logs') AS s;
SELECT * FROM t.see('adam', $$INSERT INTO public.audit_logs (action) VALUES ('x') RETURNING 'done'$$);
SELECT * FROM t.see('adam', $$UPDATE public.security_logs SET status = 'x' RETURNING 'done'$$);
SELECT * FROM t.see('adam', $$DELETE FROM public.admin_logs RETURNING 'done'$$);
DO $$ BEGIN PERFORM set_config('role', 'none', false); END $$;
SELECT t.tidy(s) FROM t.see('adam', $$SELECT concat_ws(' ', target_type, details -> 'role' ->> 'new') FROM public.admin_logs WHERE target_type = 'user_roles' ORDER BY id LIMIT 1$$) AS s;
-- What is no business of the organization's own: everything else that is audited is in admin_logs.
SELECT string_agg(c.relname, ' ' ORDER BY c.relname) AS not_in_admin_logs
FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgfoid = 'holdfast.audit'::regproc AND g.tgname LIKE '%insert'
WHERE c.relnamespace = 'public'::regnamespace AND pg_get_viewdef('public.admin_logs'::regclass) NOT LIKE format('%%%L%%', c.relname);

-- While impersonating, both are told; and the real person finds it under their own name.
SELECT set_config('t.headers', '{"user-agent": "test", "x-request-id": "r-7", "x-forwarded-for": "192.0.2.9"}', false) IS NOT NULL AS headers;
BEGIN;
SELECT set_config('request.jwt.claims', format('{"role": "authenticated", "sub": "%s", "organization_id": "%s", "act": {"sub": "%s"}}', t.id('u_ana'), t.id('clinic'), t.id('u_maria')), true) IS NOT NULL AS claims,
  set_config('request.headers', current_setting('t.headers'), true) IS NOT NULL AS headers;
UPDATE public.profiles SET display_name = 'Ana M.' WHERE user_id = t.id('u_ana') AND organization_id = t.id('clinic');
INSERT INTO public.profiles (display_name) SELECT 'Ana M.' WHERE NOT EXISTS (SELECT FROM public.profiles WHERE user_id = t.id('u_ana') AND organization_id = t.id('clinic'));
COMMIT;
SELECT t.tidy(s) FROM t.see('maria', $$SELECT concat_ws(' | ', user_id, acting_user_id, entity_type, ip_address, user_agent, request_id, changes) FROM public.audit_logs WHERE user_id <> acting_user_id$$) AS s;
SELECT * FROM t.look();

-- Searching: filters, pages, and that it was searched.
SELECT t.rpc('adam', 'search_audit_logs', '{"entity_type": "bookings", "action": "update"}') ~ '^\{"logs": \[\{.*"entity_type": "bookings"' AS found;
SELECT who, t.rpc(who, 'search_audit_logs', '{"max_count": 1}') ~ '"before": ' AS more FROM unnest('{adam,sue,service}'::text[]) AS who;
SELECT who, t.rpc(who, 'search_audit_logs') FROM unnest('{ana,maria,hugo,xena,"",nobody}'::text[]) AS who WHERE who <> 'xena';
SELECT t.rpc('adam', 'search_audit_logs', a) FROM unnest(ARRAY['{"max_count": 0}', '{"max_count": 201}', '{"from_time": "2030-01-02T00:00:00Z", "to_time": "2030-01-02T00:00:00Z"}',
  '{"entity_type": "nothing"}', '{"user_id": "nothing"}']) AS a;
WITH RECURSIVE pages AS (
  SELECT 1 AS n, t.rpc('adam', 'search_audit_logs', '{"subject_id": "ana", "max_count": 2}')::jsonb AS page
  UNION ALL
  SELECT n + 1, t.rpc('adam', 'search_audit_logs', format('{"subject_id": "ana", "max_count": 2, "before": "%s"}', page ->> 'before'))::jsonb FROM pages WHERE page ? 'before' AND n < 20)
SELECT sum(jsonb_array_length(page -> 'logs')) = (SELECT count(*) FROM holdfast_private.audit_log WHERE subject_id = t.id('ana') AND category <> 'read' OR subject_id = t.id('ana') AND entity_type = 'public.bookings') AS all_pages FROM pages;
SELECT DISTINCT category, action, entity FROM t.look() WHERE category = 'read';

-- Undoing.
UPDATE public.specialists SET bio = 'new bio', languages = '{pt}' WHERE id = t.id('maria');
SELECT regexp_replace(t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.specialists'))), 'id[0-9]+', 'id', 'g');
SELECT bio, languages FROM public.specialists WHERE id = t.id('maria');
SELECT by, category, action, entity, changed FROM t.look();
-- … the undoing, too.
SELECT regexp_replace(t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.specialists'))), 'id[0-9]+', 'id', 'g');
SELECT bio, languages FROM public.specialists WHERE id = t.id('maria');
-- Something else was changed meanwhile: fine. The same: not any more.
UPDATE public.companies SET industry = 'mining' WHERE id = t.id('acme');
SELECT t.latest('public.companies') AS mining \gset
UPDATE public.companies SET status = 'suspended' WHERE id = t.id('acme');
SELECT regexp_replace(t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', :'mining')), 'id[0-9]+', 'id', 'g');
SELECT industry, status FROM public.companies WHERE id = t.id('acme');
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', :'mining'));
-- So where the values are not known: phone is redacted, and was not there at first.
UPDATE public.clients SET phone = '+351 911111111' WHERE id = t.id('ben');
SELECT t.latest('public.clients') AS first \gset
UPDATE public.clients SET phone = '+351 922222222' WHERE id = t.id('ben');
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', :'first'));
-- A row that was made, and one that was deleted.
INSERT INTO public.pillars (organization_id, code, name) VALUES (t.id('clinic'), 'mind', 'Mind');
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.pillars', 'insert'))) LIKE '%"action": "insert"%' AS undone;
SELECT count(*) FROM public.pillars WHERE code = 'mind';
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.pillars', 'delete'))) LIKE '%"action": "delete"%' AS undone;
SELECT count(*) FROM public.pillars WHERE code = 'mind';
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.pillars', 'delete')));
-- A company that people work for by now cannot be unmade; what it refers to is not told.
INSERT INTO public.companies (organization_id, id, name, time_zone) VALUES (t.id('clinic'), t.id('nothing'), 'Short-lived', 'UTC');
SELECT t.latest('public.companies', 'insert') AS made \gset
INSERT INTO public.company_employees (organization_id, company_id, display_name) VALUES (t.id('clinic'), t.id('nothing'), 'Somebody');
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', :'made'));
-- What the log does not know cannot be put back; and what has its own ways is left to them.
UPDATE public.clients SET email = 'ana@example.org' WHERE id = t.id('ana');
UPDATE public.clients SET email = 'other@example.org', time_zone = 'UTC' WHERE id = t.id('ana');
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.clients')));
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.bookings')));
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', (SELECT l.id FROM holdfast_private.audit_log l WHERE l.entity_type = 'public.user_roles' AND l.organization_id = t.id('clinic') LIMIT 1)));
SELECT t.rpc('adam', 'undo_change', format('{"audit_id": "%s"}', t.latest('public.specialists', 'undo')));
SELECT who, t.rpc(who, 'undo_change', format('{"audit_id": "%s"}', :'mining')) FROM unnest('{maria,hugo,zoe}'::text[]) AS who;
SELECT t.rpc('adam', 'undo_change', '{"audit_id": "nothing"}'), t.rpc('adam', 'undo_change', '{}');

-- Events of other modules, and requests that failed.
SELECT holdfast_private.record_security_event(t.id('clinic'), t.id('u_ana'), 'sign_in', '{"email": "planted@example.org", "method": "password"}', 'failure');
SELECT category, action, t.tidy(user_id::text) AS "user", t.tidy(subject_id::text) AS subject, details, status FROM holdfast_private.audit_log WHERE action = 'sign_in';
SELECT t.tidy(s) FROM t.see('adam', $$SELECT concat_ws(' | ', event_type, status, details) FROM public.security_logs WHERE event_type = 'sign_in'$$) AS s;
SELECT count(*) FROM holdfast.take_failures();
BEGIN;
SELECT set_config('request.method', 'POST', true) IS NOT NULL AS method, set_config('request.path', '/rpc/undo_change', true) IS NOT NULL AS path;
SELECT t.rpc('maria', 'undo_change', '{"audit_id": "nothing"}');
ROLLBACK;
SELECT holdfast_private.run_job('job_record_failures');
SELECT category, action, entity_type, status, error_message, t.tidy(user_id::text) AS "user", role FROM holdfast_private.audit_log WHERE action = 'refused';

-- Erasing a client leaves nothing of what the log said of them, and every seal valid.
SELECT holdfast_private.run_job('job_seal_audit') > 0 AS sealed;
SELECT t.rpc('adam', 'export_chain_head') LIKE '{"head": {%' AS head, t.rpc('ana', 'export_chain_head');
SELECT t.rpc('adam', 'prove_audit_log', format('{"audit_id": "%s"}', :'mining')) LIKE '{%"leaf"%' AS proof, t.rpc('adam', 'prove_audit_log', '{"audit_id": "nothing"}'),
  t.rpc('ana', 'prove_audit_log', format('{"audit_id": "%s"}', :'mining'));
SELECT holdfast_private.erase_audit_of(t.id('clinic'), t.id('ana')) > 5 AS erased;
SELECT count(*) FROM holdfast_private.audit_log WHERE subject_id IN (t.id('ana'), t.id('u_ana')) AND (old_values, new_values, salt) IS DISTINCT FROM (NULL, NULL, NULL) AND action <> 'erase';
SELECT count(*) FROM holdfast.verify_audit('holdfast_private.audit_log');
SELECT holdfast_private.run_job('job_verify_audit');
ALTER TABLE holdfast_private.audit_log DISABLE TRIGGER ALL;
UPDATE holdfast_private.audit_log SET user_id = t.id('u_ben') WHERE id = :'mining';
ALTER TABLE holdfast_private.audit_log ENABLE ALWAYS TRIGGER keep_rows;
SET client_min_messages = error;
SELECT regexp_replace(holdfast_private.run_job('job_verify_audit')::text, '.*', 'x') IS NULL AS failed;
SELECT regexp_replace(last_error, 'line \d+', 'line N') AS told FROM holdfast_private.job_heartbeats WHERE job = 'job_verify_audit';

-- Tables of a module that comes later are audited as it comes; what an operator has undone is made again then.
SELECT holdfast.disable_audit('public.pillars');
UPDATE holdfast_private.modules SET version = version WHERE module = 'core';
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'public.pillars'::regclass AND tgname LIKE 'zz_audit%';
SELECT holdfast.enable_audit('public.pillars', 'holdfast_private.audit_log', '{name}');
SELECT holdfast_private.audit_tables(), holdfast_private.audit_tables();
\i :srcdir/lib/finish_booking.sql
