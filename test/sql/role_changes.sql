-- Roles: nobody makes themselves more than they are, and every change is kept with who, when and why.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
SELECT set_config('t.nil', '00000000-0000-0000-0000-000000000000', false) AS nil \gset
-- Runs statements as somebody until one fails; answers with the error, or the number of rows of the last. Undone.
CREATE FUNCTION t.try(who text, VARIADIC statements text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_statement text;
    v_rows bigint;
BEGIN
    PERFORM t.become(who);
    FOREACH v_statement IN ARRAY statements LOOP
        EXECUTE v_statement;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'TT000', MESSAGE = v_rows || ' rows';
EXCEPTION
    WHEN SQLSTATE 'TT000' THEN
        RETURN sqlerrm;
    WHEN OTHERS THEN
        RETURN sqlstate || ' ' || regexp_replace(sqlerrm, '(table|relation) "\w+"', '\1');
END
$$;
CREATE VIEW t.history AS
SELECT coalesce(o.label, 'everywhere') AS organization, t.tidy(h.user_id::text) AS who, h.old_role, h.new_role, t.tidy(h.changed_by::text) AS changed_by,
    t.tidy(h.acting_user_id::text) AS acting, h.reason, to_char(h.changed_at, 'HH24:MI') AS at
FROM public.user_roles_history h LEFT JOIN t.names o ON o.id = h.organization_id;
-- Ways of writing a row that makes an admin more than they are.
CREATE TABLE t.ways (n serial, way text, statement text);
INSERT INTO t.ways (way, statement) SELECT replace(way, 'ORG', o), replace(replace(replace(statement, 'ORG', format('%L', CASE o WHEN 'nil' THEN :'nil' ELSE t.id(o)::text END)), 'ME', format('%L', t.id('u_adam'))), 'CLINIC', format('%L', t.id('clinic')))
FROM unnest('{nil,clinic}'::text[]) o, (VALUES
    ('role in ORG', 'INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (ORG, ME, ''super_admin'')'),
    ('role in ORG, on conflict', 'INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (CLINIC, ME, ''admin'') ON CONFLICT ON CONSTRAINT user_roles_pkey DO UPDATE SET organization_id = ORG, role = ''super_admin'''),
    ('role changed in ORG', 'UPDATE public.user_roles SET organization_id = ORG, role = ''super_admin'' WHERE user_id = ME'),
    ('hierarchy in ORG', 'INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES (ORG, ''admin'', ''super_admin'')'),
    ('hierarchy moved to ORG', 'UPDATE public.user_roles_hierarchy SET organization_id = ORG, role = ''admin'', inherits = ''super_admin'' WHERE role = ''intern'''),
    ('permission in ORG', 'INSERT INTO public.user_roles_permissions (organization_id, role, permission) VALUES (ORG, ''admin'', ''manage_platform'')'),
    ('permission moved to ORG', 'UPDATE public.user_roles_permissions SET organization_id = ORG, role = ''admin'', permission = ''manage_platform'' WHERE permission = ''make_tea''')) AS w (way, statement)
ORDER BY 1;
INSERT INTO public.roles (organization_id, role) VALUES (t.id('clinic'), 'intern');
INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES (t.id('clinic'), 'intern', 'client');
INSERT INTO public.user_roles_permissions (organization_id, role, permission) VALUES (t.id('clinic'), 'intern', 'make_tea');
TRUNCATE public.user_roles_history;
\set ECHO all

-- An admin has no right to write any of these tables.
SELECT way, t.try('adam', statement) FROM t.ways ORDER BY n;
SELECT t, o, t.try('adam', format(o, t)) FROM unnest('{user_roles,user_roles_hierarchy,user_roles_permissions,roles,permissions,user_roles_history}'::text[]) t,
    unnest('{DELETE FROM public.%I,TRUNCATE public.%I,MERGE INTO public.%I x USING (SELECT 1) y ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES}'::text[]) o;
BEGIN;
SELECT t.become('adam');
\copy public.user_roles FROM '/dev/null'
ROLLBACK;
-- Granted by mistake, they are refused by row security, which has no policy for writing.
BEGIN;
GRANT ALL ON ALL TABLES IN SCHEMA public TO authenticated;
SELECT way, t.try('adam', statement) FROM t.ways ORDER BY n;
SELECT t, t.try('adam', format('DELETE FROM public.%I', t)) FROM unnest('{user_roles,user_roles_hierarchy,user_roles_permissions,user_roles_history}'::text[]) t;
SELECT t.become('adam');
\copy public.user_roles FROM '/dev/null'
ROLLBACK;
-- With a policy of the tenant's own as well, a row of the nil organization is refused by it, and one of the tenant makes nobody super admin.
BEGIN;
GRANT ALL ON ALL TABLES IN SCHEMA public TO authenticated;
SELECT format('CREATE POLICY mistake ON public.%I USING (organization_id = holdfast.org_id())', t) FROM unnest('{user_roles,user_roles_hierarchy,user_roles_permissions}'::text[]) t
\gexec
SELECT way, t.try('adam', statement) FROM t.ways ORDER BY n;
ROLLBACK;
-- A role of the tenant's own that includes admin, and is included by it, is no more than admin.
BEGIN;
INSERT INTO public.roles (organization_id, role) VALUES (t.id('clinic'), 'boss');
INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES (t.id('clinic'), 'boss', 'admin'), (t.id('clinic'), 'admin', 'boss');
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_nobody", "role": "boss"}');
SELECT t.rpc('nobody', 'create_organization', '{"name": "Mine"}');
ROLLBACK;

-- Through the RPCs
SELECT who, role, t.rpc(who, 'assign_role', jsonb_build_object('user_id', 'u_nobody', 'role', role)::text) FROM (VALUES ('ana', 'client'), ('maria', 'admin'), ('adam', 'super_admin'), ('zoe', 'super_admin')) AS c (who, role);
SELECT who, role, t.rpc(who, 'revoke_role', jsonb_build_object('user_id', u, 'role', role)::text) FROM (VALUES ('ana', 'client', 'u_ben'), ('adam', 'super_admin', 'u_sue'), ('zoe', 'super_admin', 'u_sue')) AS c (who, role, u);
-- not even where an operator took the permissions of super admins away, or hid them behind another role
BEGIN;
DELETE FROM public.user_roles_permissions WHERE role = 'super_admin';
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_nobody", "role": "super_admin"}'), t.rpc('adam', 'revoke_role', '{"user_id": "u_sue", "role": "super_admin"}');
INSERT INTO public.roles (organization_id, role) VALUES (:'nil', 'operator');
INSERT INTO public.user_roles_hierarchy (organization_id, role, inherits) VALUES (:'nil', 'operator', 'super_admin');
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_nobody", "role": "operator"}');
SELECT t.rpc('sue', 'assign_role', '{"user_id": "u_nobody", "role": "operator"}');
ROLLBACK;

-- History: by RPC, by hand, by a trigger, by every kind of statement
SELECT count(*) FROM t.history;
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_nobody", "role": "specialist", "reason": "hired"}');
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_nobody", "role": "specialist", "reason": "again"}');
SELECT t.rpc('adam', 'revoke_role', '{"user_id": "u_nobody", "role": "specialist", "reason": "left"}');
SELECT t.rpc('adam', 'revoke_role', '{"user_id": "u_nobody", "role": "specialist"}');
SELECT t.rpc('adam', 'revoke_role', jsonb_build_object('user_id', 'u_maria', 'role', 'specialist', 'reason', repeat('x', 1001))::text);
SELECT t.rpc('sue', 'assign_role', '{"user_id": "u_nobody", "role": "super_admin"}');
BEGIN;
SELECT set_config('request.jwt.claims', format('{"sub": "%s", "act": {"sub": "%s"}}', t.id('u_adam'), t.id('u_sue')), true) IS NOT NULL;
UPDATE public.user_roles SET reason = 'no change of role' WHERE user_id = t.id('u_maria');
UPDATE public.user_roles SET role = 'client' WHERE user_id = t.id('u_maria');
UPDATE public.user_roles SET user_id = t.id('u_ana') WHERE user_id = t.id('u_maria');
COMMIT;
INSERT INTO public.user_roles (organization_id, user_id, role, reason) VALUES (t.id('clinic'), t.id('u_maria'), 'specialist', 'by hand') ON CONFLICT DO NOTHING;
INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (t.id('clinic'), t.id('u_maria'), 'specialist') ON CONFLICT DO NOTHING;
DELETE FROM public.user_roles WHERE user_id = t.id('u_maria');
UPDATE public.company_employees SET department = 'Other' WHERE user_id = t.id('u_hugo');
UPDATE public.company_employees SET status = 'inactive' WHERE user_id = t.id('u_hugo');
SELECT * FROM t.history ORDER BY who, old_role NULLS FIRST, new_role, organization;
-- a role that was taken does not come back by a change that says nothing of it
UPDATE public.company_employees SET status = 'active' WHERE user_id = t.id('u_hugo');
SELECT t.rpc('adam', 'revoke_role', '{"user_id": "u_hugo", "role": "company_hr", "reason": "pause"}');
UPDATE public.company_employees SET department = 'Sales' WHERE user_id = t.id('u_hugo');
SELECT count(*) FROM public.user_roles WHERE user_id = t.id('u_hugo');
-- truncated
BEGIN;
TRUNCATE public.user_roles_history;
SELECT count(*) AS held FROM public.user_roles \gset
TRUNCATE public.user_roles;
SELECT count(*) = :held AS all_taken, count(new_role) AS given FROM public.user_roles_history;
ROLLBACK;
-- who reads it: admins what is of the organization, everybody their own, nobody writes
SELECT who, t.try(who, 'SELECT FROM public.user_roles_history'), t.try(who, format('SELECT FROM public.user_roles_history WHERE user_id <> %L', t.id('u_' || who))) FROM unnest('{adam,maria,ana,zoe,sue}'::text[]) who;
SELECT who, t.try(who, 'INSERT INTO public.user_roles_history (organization_id, user_id, new_role) VALUES (gen_random_uuid(), gen_random_uuid(), ''x'')'), t.try(who, 'UPDATE public.user_roles_history SET reason = ''x'''), t.try(who, 'DELETE FROM public.user_roles_history')
FROM unnest('{adam,service}'::text[]) who;

\set ECHO none
\i :srcdir/lib/finish_booking.sql
