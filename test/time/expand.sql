-- expand_rrule against rrule.js: the cases of generate.mjs, in the file named by :cases; one line per check, "ok" or "not ok".
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_time;

CREATE TABLE t_time.wanted (
    id int PRIMARY KEY, rule text, starts timestamp, zone text, duration interval, max_count int, until timestamptz,
    exdates timestamp[], start_times bigint[], end_times bigint[], on_change bool);
\copy t_time.wanted FROM pstdin

-- A rule that cannot match is refused; rrule.js gives nothing for it.
CREATE FUNCTION t_time.expand(wanted t_time.wanted, OUT start_times bigint[], OUT end_times bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
BEGIN
    SELECT array_agg(extract(epoch FROM lower(o)) ORDER BY n), array_agg(extract(epoch FROM upper(o)) ORDER BY n)
    INTO start_times, end_times
    FROM holdfast.expand_rrule(wanted.rule, wanted.starts, wanted.zone, wanted.duration, wanted.max_count, wanted.until,
                               wanted.exdates) WITH ORDINALITY o(o, n);
    start_times := coalesce(start_times, '{}');
    end_times := coalesce(end_times, '{}');
EXCEPTION WHEN SQLSTATE 'PT400' THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    IF v_detail::jsonb ->> 'reason' = 'never matches' THEN
        start_times := '{}';
        end_times := '{}';
    END IF;
END
$$;
CREATE TABLE t_time.found AS
SELECT w.id, f.*, (w.start_times, w.end_times) IS NOT DISTINCT FROM (f.start_times, f.end_times) AS same
FROM t_time.wanted w, t_time.expand(w) f;

SELECT CASE WHEN bool_and(same) THEN 'ok ' ELSE 'not ok ' END || zone || ': ' || count(*) || ' rules, '
       || sum(cardinality(w.start_times)) || ' occurrences, ' || count(*) FILTER (WHERE on_change) || ' rules with one on a change of the clock'
       || coalesce(', ' || nullif(count(*) FILTER (WHERE NOT same), 0) || ' different', '')
FROM t_time.wanted w JOIN t_time.found USING (id) GROUP BY zone ORDER BY zone;
SELECT CASE WHEN count(*) >= 20000 THEN 'ok ' ELSE 'not ok ' END || count(*) || ' rules' FROM t_time.wanted;
SELECT CASE WHEN count(*) >= 1000 THEN 'ok ' ELSE 'not ok ' END || count(*) || ' with an occurrence on a change of the clock'
FROM t_time.wanted WHERE on_change;
SELECT CASE WHEN count(*) <= 0.3 * (SELECT count(*) FROM t_time.wanted) THEN 'ok ' ELSE 'not ok ' END || count(*) || ' without any occurrence'
FROM t_time.wanted WHERE start_times = '{}';

SELECT format(E'\n%s from %s %s for %s, %s at most, until %s, without %s\n    wanted %s\n    got    %s', rule, starts, zone, duration,
              max_count, w.until, exdates,
              (SELECT string_agg(to_char(to_timestamp(t) AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI:SS'), ', ' ORDER BY n)
               FROM unnest(w.start_times[:12]) WITH ORDINALITY u(t, n)),
              (SELECT string_agg(to_char(to_timestamp(t) AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI:SS'), ', ' ORDER BY n)
               FROM unnest(f.start_times[:12]) WITH ORDINALITY u(t, n)))
FROM t_time.wanted w JOIN t_time.found f USING (id) WHERE NOT same ORDER BY length(rule) LIMIT 10;

-- Weeks where years meet, which rrule.js gets wrong: every day of 110 years against the ISO weeks of PostgreSQL.
WITH day AS (
    SELECT day::timestamp, extract(week FROM day) AS week,
           extract(week FROM make_date(extract(isoyear FROM day)::int, 12, 28)) AS weeks
    FROM generate_series(timestamp '1990-01-01', '2099-12-31', '1 day') day),
wanted AS (SELECT n, day AT TIME ZONE 'UTC' AS starts FROM day, unnest(ARRAY[week, week - weeks - 1]) n),
found AS (
    SELECT n, lower(o) AS starts
    FROM (SELECT n FROM generate_series(-53, 53) n WHERE n <> 0) n,
         holdfast.expand_rrule('FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYWEEKNO=' || n, '1990-01-01', 'UTC', '1 hour', 10000, '2099-12-31') o)
SELECT CASE WHEN count(*) = 0 THEN 'ok ' ELSE 'not ok ' END || 'week numbers are those of ISO 8601'
       || coalesce(': ' || nullif(count(*), 0) || ' days, e.g. ' || min(starts), '')
FROM ((TABLE wanted EXCEPT TABLE found) UNION ALL (TABLE found EXCEPT TABLE wanted)) different;
DROP SCHEMA t_time CASCADE;
