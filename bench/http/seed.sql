-- The platform, one organization, and for each run and worker a specialist and a client of their own.
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT holdfast.install();

CREATE FUNCTION pg_temp.id(kind int, run int, worker int) RETURNS uuid
LANGUAGE sql AS $$ SELECT format('0%s000000-0000-4000-8000-%s', to_hex(kind), lpad(to_hex(run * 256 + worker), 12, '0'))::uuid $$;

INSERT INTO public.organizations (id, name, time_zone) VALUES (pg_temp.id(10, 0, 0), 'Bench', 'UTC');
CREATE TEMPORARY TABLE pair AS
SELECT pg_temp.id(10, 0, 0) AS organization_id, pg_temp.id(11, run, worker) AS specialist_id,
       pg_temp.id(12, run, worker) AS client_id, pg_temp.id(13, run, worker) AS user_id, run || '-' || worker AS name
FROM generate_series(0, 31) run, generate_series(0, 3) worker;
INSERT INTO public.user_roles (organization_id, user_id, role, reason) SELECT organization_id, user_id, 'client', 'bench' FROM pair;
INSERT INTO public.specialists (organization_id, id, display_name, time_zone)
SELECT organization_id, specialist_id, 'Specialist ' || name, 'UTC' FROM pair;
INSERT INTO public.clients (organization_id, id, user_id, display_name)
SELECT organization_id, client_id, user_id, 'Client ' || name FROM pair;
INSERT INTO public.client_assignments (organization_id, client_id, specialist_id)
SELECT organization_id, client_id, specialist_id FROM pair;

-- The peer: what two RPCs cost that do nothing.
CREATE FUNCTION public.bench_first(specialist_id uuid, client_id uuid, start_time timestamptz, end_time timestamptz)
RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_object('hold_key', specialist_id, 'expires_at', end_time) $$;
CREATE FUNCTION public.bench_second(hold_key uuid)
RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_object('booking', hold_key) $$;
GRANT EXECUTE ON FUNCTION public.bench_first, public.bench_second TO authenticated;
