-- The platform, one organization, and for each run and worker a specialist and a client of their own.
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT holdfast.install('public', 'booking');

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

-- A clinic of 50 specialists who work from 9 to 17 in Madrid but for their lunch, and have some 40 % of the coming weeks booked.
INSERT INTO public.organizations (id, name, time_zone) VALUES (pg_temp.id(10, 1, 0), 'Clinic', 'Europe/Madrid');
CREATE TEMPORARY TABLE clinic AS
SELECT pg_temp.id(10, 1, 0) AS organization_id, pg_temp.id(11, 255, n) AS specialist_id FROM generate_series(1, 50) n;
INSERT INTO public.specialists (organization_id, id, display_name, time_zone)
SELECT organization_id, specialist_id, 'Specialist', 'Europe/Madrid' FROM clinic;
INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
SELECT organization_id, specialist_id, day, '09:00', '17:00', 'Europe/Madrid' FROM clinic, generate_series(0, 6) day;
INSERT INTO public.specialist_breaks (organization_id, specialist_id, start_time, end_time, time_zone)
SELECT organization_id, specialist_id, '13:00', '14:00', 'Europe/Madrid' FROM clinic;
INSERT INTO public.user_roles (organization_id, user_id, role, reason)
SELECT pg_temp.id(10, 1, 0), pg_temp.id(13, 255, 255), 'client', 'bench';
INSERT INTO public.clients (organization_id, id, user_id, display_name)
SELECT pg_temp.id(10, 1, 0), pg_temp.id(12, 255, 255), pg_temp.id(13, 255, 255), 'Client';
SELECT count(holdfast.block('holdfast_private.calendar', organization_id, specialist_id, tstzrange(t, t + interval '1 hour'), 'busy', holdfast.uuid_v7()))
FROM clinic, generate_series(date_trunc('day', now()), now() + interval '30 days', '1 hour') WITH ORDINALITY AS s (t, n)
WHERE extract(hour FROM t AT TIME ZONE 'Europe/Madrid') BETWEEN 9 AND 16 AND hashtext(specialist_id::text || n) % 5 IN (0, 1);

-- They were booked weeks ago, and the sweep has been since.
UPDATE holdfast_private.calendar SET hold_key = overlay(hold_key::text PLACING '019a0000' FROM 1)::uuid;
SELECT holdfast.expire('holdfast_private.calendar');

-- The peers: what RPCs cost that do nothing.
CREATE FUNCTION public.bench_first(specialist_id uuid, client_id uuid, start_time timestamptz, end_time timestamptz)
RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_object('hold_key', specialist_id, 'expires_at', end_time) $$;
CREATE FUNCTION public.bench_second(hold_key uuid)
RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_object('booking', hold_key) $$;
CREATE FUNCTION public.bench_slots(from_date date)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT jsonb_build_object('slots', to_jsonb(array_fill(1, ARRAY[50]))) $$;
-- And the page itself as it stands now: what PostgREST and the client take for so much JSON.
SELECT set_config('request.jwt.claims', json_build_object('role', 'authenticated', 'sub', pg_temp.id(13, 255, 255), 'organization_id', pg_temp.id(10, 1, 0))::text, false);
SELECT format('CREATE FUNCTION public.bench_page(from_date date) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN %L::jsonb; END $$',
    public.available_slots(from_date => (now() AT TIME ZONE 'UTC')::date + 1)) \gexec
GRANT EXECUTE ON FUNCTION public.bench_first, public.bench_second, public.bench_slots, public.bench_page TO authenticated;
