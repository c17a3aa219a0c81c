-- Sourced by the tests of the booking module: the platform in a database of its own, two clinics in it, and rpc(), which
-- calls as PostgREST does. finish_booking.sql drops it.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_booking;
CREATE DATABASE regress_booking;
\c regress_booking
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY '{anon,authenticated,service_role}'::text[] LOOP
        IF to_regrole(v_role) IS NULL THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        END IF;
    END LOOP;
    PERFORM holdfast.install();
END
$$;
CREATE SCHEMA t;
SET holdfast.now = '2030-01-07 08:00:00+00';  -- a Monday

-- Everything with an id has a label; ids that nobody named yet get the next one when they are shown.
CREATE TABLE t.names (label text PRIMARY KEY, id uuid NOT NULL UNIQUE);
INSERT INTO t.names
SELECT label, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid
FROM unnest('{clinic,other,u_ana,u_ben,u_cleo,u_maria,u_noah,u_olga,u_pete,u_adam,u_hugo,u_sue,u_xena,u_yuri,u_zoe,u_nobody,
    ana,ben,cleo,maria,noah,olga,pete,xena,yuri,acme,globex,talk,retired,nothing}'::text[]) WITH ORDINALITY AS l (label, n);

CREATE FUNCTION t.id(label text) RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT n.id FROM t.names n WHERE n.label = id.label $$;

CREATE FUNCTION t.tidy(content text, prefix text DEFAULT 'id') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid;
    v_name text;
BEGIN
    FOR v_id IN SELECT m[1]::uuid
                FROM regexp_matches(content, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') WITH ORDINALITY AS r (m, n)
                ORDER BY n
    LOOP
        SELECT n.label INTO v_name FROM t.names n WHERE n.id = v_id;
        IF NOT FOUND THEN
            v_name := prefix || 1 + (SELECT count(*) FROM t.names n WHERE n.label ~ ('^' || prefix || '[0-9]+$'));
            INSERT INTO t.names VALUES (v_name, v_id);
        END IF;
        content := replace(content, v_id::text, v_name);
    END LOOP;
    RETURN content;
END
$$;

-- Who calls: a person, service, or '' for claims without a user.
CREATE FUNCTION t.become(who text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_organization text := CASE WHEN who IN ('xena', 'yuri', 'zoe') THEN t.id('other') ELSE t.id('clinic') END;
BEGIN
    PERFORM set_config('request.jwt.claims', CASE
            WHEN who = '' THEN '{"role": "anon"}'
            WHEN who = 'service' THEN '{"role": "service_role"}'
            WHEN who = 'sue' THEN format('{"role": "authenticated", "sub": "%s"}', t.id('u_sue'))
            ELSE format('{"role": "authenticated", "sub": "%s", "organization_id": "%s"}', t.id('u_' || who), v_organization)
        END, true),
        set_config('request.headers', CASE
            WHEN who IN ('service', 'sue')
            THEN jsonb_set(coalesce(nullif(current_setting('t.headers', true), ''), '{}')::jsonb,
                '{x-organization-id}', to_jsonb(v_organization))::text
            ELSE coalesce(current_setting('t.headers', true), '')
        END, true),
        set_config('role', CASE WHEN who = 'service' THEN 'service_role' ELSE 'authenticated' END, true);
END
$$;

-- Calls an RPC with named arguments from JSON; labels stand for ids, both ways. An error is shown as its SQLSTATE, its
-- word and its details.
CREATE FUNCTION t.rpc(who text, name text, arguments text DEFAULT '{}', prefix text DEFAULT 'id') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_label text;
    v_id text;
    v_arguments jsonb;
    v_function pg_proc;
    v_call text;
    v_answer jsonb;
    v_detail text;
BEGIN
    FOR v_label, v_id IN SELECT format('"%s"', n.label), format('"%s"', n.id) FROM t.names n LOOP
        arguments := replace(arguments, v_label, v_id);
    END LOOP;
    SELECT p.* INTO STRICT v_function FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = rpc.name;
    IF v_function.proargtypes::text = 'json'::regtype::oid::text THEN
        v_call := format('SELECT public.%I(%L::json)', rpc.name, arguments);
    ELSE
        v_arguments := arguments::jsonb;
        SELECT format('SELECT public.%I(%s)', rpc.name, string_agg(format('%I => %L::%s', a.key,
                CASE WHEN y.type = 'jsonb'::regtype THEN (v_arguments -> a.key)::text ELSE v_arguments ->> a.key END,
                y.type::regtype), ', '))
        INTO v_call
        FROM jsonb_object_keys(v_arguments) AS a (key)
        JOIN unnest(v_function.proargnames, v_function.proargtypes::oid[]) AS y (argument, type) ON y.argument = a.key;
    END IF;
    BEGIN
        PERFORM t.become(who);
        EXECUTE v_call INTO v_answer;
        PERFORM set_config('role', 'none', true);
        SET CONSTRAINTS ALL IMMEDIATE;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
        PERFORM set_config('role', 'none', true);
        RETURN t.tidy(concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, '')), prefix);
    END;
    RETURN t.tidy(jsonb_strip_nulls(v_answer)::text, prefix);
END
$$;

-- What is in the calendar, by resource and time: t = held, b = booked.
CREATE VIEW t.calendar AS
SELECT n.label AS resource, c.lane, to_char(c.starts_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS starts,
    to_char(c.ends_at AT TIME ZONE 'UTC', 'HH24:MI') AS ends, c.kind, t.tidy(c.reference::text) AS reference
FROM holdfast_private.calendar c
JOIN t.names n ON n.id = c.resource_id
ORDER BY n.label, c.starts_at, c.lane;

INSERT INTO public.organizations (id, name, time_zone)
VALUES (t.id('clinic'), 'Clinic', 'Europe/Lisbon'), (t.id('other'), 'Other', 'UTC');
INSERT INTO public.companies (organization_id, id, name, time_zone)
VALUES (t.id('clinic'), t.id('acme'), 'Acme', 'Europe/Lisbon'), (t.id('clinic'), t.id('globex'), 'Globex', 'Europe/Lisbon');
INSERT INTO public.session_types (organization_id, id, name, default_duration_minutes, is_active)
VALUES (t.id('clinic'), t.id('talk'), 'Talk', 50, true), (t.id('clinic'), t.id('retired'), 'Retired', 30, false);
INSERT INTO public.specialists (
    organization_id, id, user_id, display_name, time_zone, auto_accept, buffer_before, buffer_after, concurrent_session_limit, status)
VALUES
    (t.id('clinic'), t.id('maria'), t.id('u_maria'), 'Maria', 'Europe/Lisbon', true, '0', '0', 1, 'active'),
    (t.id('clinic'), t.id('noah'), t.id('u_noah'), 'Noah', 'America/New_York', false, '10 minutes', '5 minutes', 1, 'active'),
    (t.id('clinic'), t.id('olga'), t.id('u_olga'), 'Olga', 'UTC', true, '0', '0', 2, 'active'),
    (t.id('clinic'), t.id('pete'), t.id('u_pete'), 'Pete', 'UTC', true, '0', '0', 1, 'inactive'),
    (t.id('other'), t.id('yuri'), t.id('u_yuri'), 'Yuri', 'UTC', true, '0', '0', 1, 'active');
INSERT INTO public.clients (organization_id, id, user_id, display_name, status, company_id)
VALUES
    (t.id('clinic'), t.id('ana'), t.id('u_ana'), 'Ana', 'active', NULL),
    (t.id('clinic'), t.id('ben'), t.id('u_ben'), 'Ben', 'active', t.id('acme')),
    (t.id('clinic'), t.id('cleo'), t.id('u_cleo'), 'Cleo', 'inactive', NULL),
    (t.id('other'), t.id('xena'), t.id('u_xena'), 'Xena', 'active', NULL);
INSERT INTO public.company_employees (organization_id, company_id, user_id, role, display_name)
VALUES (t.id('clinic'), t.id('acme'), t.id('u_hugo'), 'hr', 'Hugo');
INSERT INTO public.user_roles (organization_id, user_id, role)
VALUES
    (t.id('clinic'), t.id('u_adam'), 'admin'),
    ('00000000-0000-0000-0000-000000000000', t.id('u_sue'), 'super_admin'),
    (t.id('other'), t.id('u_zoe'), 'admin'),
    (t.id('clinic'), t.id('u_maria'), 'specialist'),
    (t.id('clinic'), t.id('u_noah'), 'specialist'),
    (t.id('clinic'), t.id('u_olga'), 'specialist'),
    (t.id('clinic'), t.id('u_pete'), 'specialist'),
    (t.id('other'), t.id('u_yuri'), 'specialist');
RESET client_min_messages;
\pset format unaligned
\pset tuples_only on
\set ON_ERROR_STOP off
