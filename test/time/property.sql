-- What is shown can be booked, and what is not is refused for a reason that can be asked for: available_slots, request_hold and
-- explain_slot against each other, around changes of the clock. Each scene is drawn at random and rolled back; :scenes per change.
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
DROP DATABASE IF EXISTS time_property;
CREATE DATABASE time_property;
\c time_property
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
DO $$ BEGIN PERFORM holdfast.install(); END $$;
CREATE SCHEMA t;

CREATE FUNCTION t.id(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION t.int(low int, high int) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT low + floor(random() * (high - low + 1))::int $$;
CREATE FUNCTION t.chance(p float) RETURNS bool LANGUAGE sql VOLATILE AS $$ SELECT random() < p $$;
-- a wall-clock time on a grid of minutes
CREATE FUNCTION t.clock(grid int) RETURNS time LANGUAGE sql VOLATILE AS $$ SELECT time '00:00' + t.int(0, 1439 / grid) * grid * interval '1 minute' $$;

INSERT INTO public.organizations (id, name, time_zone) VALUES (t.id(1), 'Clinic', 'UTC');
INSERT INTO public.clients (organization_id, id, user_id, display_name, status)
VALUES (t.id(1), t.id(11), t.id(21), 'Ana', 'active'), (t.id(1), t.id(12), t.id(22), 'Ben', 'active');

CREATE TABLE t.change (zone text, day date);
INSERT INTO t.change VALUES
    ('America/New_York', '2026-03-08'), ('America/New_York', '2026-11-01'), ('Europe/London', '2026-03-29'), ('Europe/London', '2026-10-25'),
    ('America/Sao_Paulo', '2018-11-04'), ('America/Sao_Paulo', '2018-02-18'), ('Europe/Lisbon', '2026-03-29'), ('Europe/Lisbon', '2026-10-25'),
    ('Australia/Lord_Howe', '2026-10-04'), ('Australia/Lord_Howe', '2026-04-05'), ('Asia/Kathmandu', '2026-05-10'),
    ('Pacific/Apia', '2011-12-30'), ('Pacific/Apia', '2021-04-04');
CREATE TABLE t.finding (zone text, scene text, starts timestamptz, ends timestamptz, offered bool, outcome text, wrong text);

-- A specialist of the zone with hours (some over midnight), breaks, exceptions, leave, another calendar, rules, and some bookings.
CREATE FUNCTION t.scene(zone text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_grid int := (ARRAY[5, 15, 30])[t.int(1, 3)];
    v_round_the_clock bool := t.chance(0.15);
    v_at timestamptz;
BEGIN
    INSERT INTO public.specialists (organization_id, id, display_name, time_zone, auto_accept, buffer_before, buffer_after, concurrent_session_limit, status)
    VALUES (t.id(1), t.id(31), 'Maria', zone, true, t.int(0, 2) * interval '10 min', t.int(0, 2) * interval '5 min', t.int(1, 2), 'active');
    IF t.chance(0.9) THEN
        INSERT INTO public.specialist_working_hours (organization_id, specialist_id, day_of_week, start_time, end_time, working_hours_timezone)
        SELECT t.id(1), t.id(31), n % 7, s, s + CASE WHEN v_round_the_clock THEN interval '0' ELSE t.int(2, 24) * interval '20 min' END,
            CASE WHEN t.chance(0.9) THEN zone ELSE 'Europe/London' END
        FROM generate_series(0, t.int(7, 16)) n, LATERAL (SELECT CASE WHEN v_round_the_clock THEN '00:00' ELSE t.clock(v_grid + n * 0) END AS s OFFSET 0) c
        ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO public.specialist_breaks (organization_id, specialist_id, day_of_week, start_time, end_time, time_zone)
    SELECT t.id(1), t.id(31), CASE WHEN t.chance(0.5) THEN t.int(0, 6) END, s, s + t.int(1, 5) * interval '15 min', zone
    FROM generate_series(1, t.int(0, 2)) n, LATERAL (SELECT t.clock(v_grid + n * 0) AS s) c;
    INSERT INTO public.specialist_availability_exceptions (organization_id, specialist_id, exception_date, start_time, end_time, is_available, time_zone)
    SELECT t.id(1), t.id(31), day + t.int(-1, 2), CASE WHEN w THEN NULL ELSE t.clock(v_grid) END, CASE WHEN w THEN NULL ELSE t.clock(v_grid) END, t.chance(0.6), zone
    FROM generate_series(1, t.int(0, 2)) n, LATERAL (SELECT t.chance(0.3 + n * 0) AS w) c;
    v_at := holdfast.local_instant(day + t.clock(5), zone) - interval '1 day' * t.int(0, 1);
    INSERT INTO public.specialist_vacation (organization_id, specialist_id, starts_at, ends_at, time_zone, status)
    SELECT t.id(1), t.id(31), v_at, v_at + t.int(1, 12) * interval '1 hour', zone, 'approved' WHERE t.chance(0.4);
    v_at := v_at + t.int(1, 40) * interval '1 hour';
    INSERT INTO public.external_busy_times (organization_id, specialist_id, source, external_id, starts_at, ends_at, is_blocked, imported_at)
    SELECT t.id(1), t.id(31), 'other', 'x', v_at, v_at + t.int(1, 6) * interval '17 min', false, holdfast.clock() WHERE t.chance(0.4);
    PERFORM holdfast.try_hold('holdfast_private.calendar', t.id(1), ARRAY[t.id(31), t.id(11 + t.int(0, 1))],
        ARRAY[tstzrange(s, s + t.int(2, 8) * interval '15 min')], NULL, interval '5 min', ARRAY[2, 1])
    FROM generate_series(1, t.int(4, 14)) n, LATERAL (SELECT holdfast.local_instant(day + t.int(-1, 1) + t.clock(15 + n * 0), zone) AS s OFFSET 0) c;
    INSERT INTO public.booking_rules (organization_id, specialist_id, minimum_notice, booking_window, slot_step, require_slot_grid, specialist_daily_limit, client_daily_limit)
    VALUES (t.id(1), t.id(31), t.int(0, 8) * interval '1 hour', CASE WHEN t.chance(0.5) THEN t.int(40, 120) * interval '1 hour' END,
        CASE WHEN t.chance(0.7) THEN (ARRAY[15, 30, 45, 60, 35, 50, 70])[t.int(1, 7)] * interval '1 min' END, true,
        CASE WHEN t.chance(0.3) THEN t.int(1, 4) END, CASE WHEN t.chance(0.2) THEN t.int(1, 3) END);
END
$$;

CREATE FUNCTION t.offered(from_day date, to_day date, zone text, minutes int) RETURNS SETOF tstzrange LANGUAGE plpgsql AS $$
DECLARE
    v_page jsonb := '{}';
BEGIN
    LOOP
        v_page := holdfast_private.available_slots(t.id(1), t.id(31), client_id => t.id(11), from_date => from_day, to_date => to_day,
            time_zone => zone, duration_minutes => minutes, page_size => 150, cursor => v_page ->> 'next_cursor');
        RETURN QUERY SELECT tstzrange((s ->> 'start_time')::timestamptz, (s ->> 'end_time')::timestamptz) FROM jsonb_array_elements(v_page -> 'slots') s;
        EXIT WHEN v_page ->> 'next_cursor' IS NULL;
    END LOOP;
END
$$;

-- Tries to hold and undoes it: 'held', or the word and its details.
CREATE FUNCTION t.try(slot tstzrange, OUT outcome text, OUT details jsonb) LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
BEGIN
    PERFORM holdfast_private.request_hold(t.id(1), t.id(31), t.id(11), lower(slot), upper(slot));
    RAISE EXCEPTION 'held' USING ERRCODE = 'HF000';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    outcome := SQLERRM;
    IF SQLSTATE LIKE 'PT%' THEN
        details := v_detail;
    ELSIF SQLSTATE = 'PGRST' THEN
        details := SQLERRM::jsonb ->> 'details';
        outcome := SQLERRM::jsonb ->> 'message';
    END IF;
END
$$;

-- What is wrong about one slot, null when nothing is.
CREATE FUNCTION t.judge(slot tstzrange, is_offered bool, OUT outcome text, OUT wrong text) LANGUAGE plpgsql AS $$
DECLARE
    v_explained jsonb := holdfast_private.explain_slot(t.id(1), t.id(31), lower(slot), upper(slot), t.id(11));
    v_words text[] := ARRAY(SELECT r ->> 'reason' FROM jsonb_array_elements(v_explained -> 'reasons') r);
    v_details jsonb;
    v_first jsonb;
BEGIN
    SELECT t.outcome, t.details INTO outcome, v_details FROM t.try(slot) t;
    IF is_offered THEN
        wrong := CASE WHEN outcome <> 'held' THEN 'offered, and refused: ' || v_details::text
                      WHEN NOT (v_explained ->> 'available')::bool THEN 'offered, and explained away: ' || v_explained::text END;
    ELSIF outcome = 'held' THEN
        wrong := 'not offered, and held; explained: ' || v_explained::text;
    ELSIF (v_explained ->> 'available')::bool OR v_words = '{}' THEN
        wrong := 'refused, and explained as available: ' || v_details::text;
    ELSIF outcome = 'outside_availability' THEN
        IF EXISTS (SELECT FROM jsonb_array_elements(v_details -> 'reasons') r WHERE r ->> 'reason' <> ALL (v_words)) THEN
            wrong := format('refused for %s, explained by %s', v_details, v_words);
        END IF;
        outcome := v_details #>> '{reasons,0,reason}';
    ELSIF outcome = 'slot_conflict' THEN
        v_first := v_details #> '{alternatives,0}';
        IF NOT v_words && '{booked,held,buffer,client_busy}' THEN
            wrong := format('slot_conflict, explained by %s', v_words);
        ELSIF v_first IS NOT NULL AND t.chance(0.2) AND
            (t.try(tstzrange((v_first ->> 'start_time')::timestamptz, (v_first ->> 'end_time')::timestamptz))).outcome <> 'held' THEN
            wrong := 'an alternative that cannot be held: ' || v_first::text;
        END IF;
    ELSE
        wrong := 'refused by another word';
    END IF;
EXCEPTION WHEN OTHERS THEN
    wrong := SQLERRM;
END
$$;

CREATE PROCEDURE t.play(zone text, day date, seed float) LANGUAGE plpgsql AS $$
DECLARE
    v_minutes int;
    v_viewer text;
    v_from date;
    v_findings t.finding[];
BEGIN
    PERFORM setseed(hashtext(zone || day || seed) / 2147483648.0);
    PERFORM set_config('request.jwt.claims', '', true);
    PERFORM set_config('holdfast.now', (holdfast.local_instant(day + t.clock(1), zone) - t.int(20, 44) * interval '1 hour')::text, true);
    PERFORM t.scene(zone, day);
    v_minutes := (ARRAY[25, 30, 50, 60, 90])[t.int(1, 5)];
    v_viewer := (SELECT c.zone FROM t.change c ORDER BY random() LIMIT 1);
    v_from := day - 1;
    -- every other scene as the client, who is told less
    IF t.chance(0.5) THEN
        PERFORM set_config('request.jwt.claims', format('{"role": "authenticated", "sub": "%s", "organization_id": "%s"}', t.id(21), t.id(1)), true);
    END IF;
    WITH offered AS MATERIALIZED (SELECT o AS slot FROM t.offered(v_from, v_from + 2, v_viewer, v_minutes) o),
    grid AS (
        SELECT tstzrange(s, s + v_minutes * interval '1 min') AS slot
        FROM generate_series(holdfast.local_instant(v_from, v_viewer), holdfast.local_instant(v_from + 3, v_viewer) - interval '1 min', '15 min') s
        WHERE s > holdfast.clock()),
    drawn AS (
        (SELECT slot, true AS is_offered FROM offered ORDER BY random() LIMIT 30)
        UNION ALL
        (SELECT slot, false FROM grid WHERE slot NOT IN (TABLE offered) ORDER BY random() LIMIT 40))
    SELECT array_agg((play.zone, format('%s seed %s seen from %s', play.day, play.seed, v_viewer), lower(slot), upper(slot), is_offered, j.outcome, j.wrong)::t.finding)
    INTO v_findings
    FROM drawn, t.judge(slot, is_offered) j;
    -- only what was found stays of the scene
    ROLLBACK;
    INSERT INTO t.finding SELECT * FROM unnest(v_findings);
    COMMIT;
END
$$;
SELECT format('CALL t.play(%L, %L, %s)', zone, day, n / 1000.0) FROM t.change, generate_series(1, :scenes) n \gexec

SELECT CASE WHEN bool_and(wrong IS NULL) AND count(*) FILTER (WHERE offered) > 0 AND count(*) FILTER (WHERE NOT offered) > 0 THEN 'ok ' ELSE 'not ok ' END
    || zone || ': ' || count(*) FILTER (WHERE offered) || ' offered slots held, ' || count(*) FILTER (WHERE NOT offered) || ' others refused'
    || coalesce(', wrong: ' || nullif(count(wrong), 0), '')
FROM t.finding GROUP BY zone ORDER BY zone;
SELECT '   ' || string_agg(outcome || ' ' || n, ', ' ORDER BY n DESC) FROM (SELECT outcome, count(*) AS n FROM t.finding GROUP BY 1) o;
SELECT DISTINCT ON (zone, left(wrong, 30)) format('   %s %s: %s to %s %s: %s', zone, scene, starts, ends, outcome, wrong) FROM t.finding WHERE wrong IS NOT NULL;
