-- local_span, local_spans, starts_of: shifts and breaks of the wall clock as instants
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SET TimeZone = 'UTC';
CREATE SCHEMA t_spans;

-- a day of 23 hours, a shift over midnight, one whose start the clock moves past its end, a day that was left out
SELECT holdfast.local_span(d, s, e, z) FROM (VALUES
  (date '2030-03-10', NULL::time, NULL::time, 'America/New_York'), ('2030-03-10', '22:00', '06:00', 'America/New_York'),
  ('2030-03-10', '02:30', '03:10', 'America/New_York'), ('2030-11-03', '01:00', '02:00', 'America/New_York'),
  ('2011-12-30', '09:00', '17:00', 'Pacific/Apia'), ('2030-03-10', '09:00', '09:00', 'UTC'), (NULL, '09:00', '10:00', 'UTC'),
  ('2030-03-10', '09:00', '10:00', NULL)) v (d, s, e, z);

-- weekly, daily, within effective dates, without exceptions; days that touch are one range, and their starts are no more to be seen
SELECT holdfast.local_spans('2026-03-01', '2026-03-10', 1, '09:00', '10:00', 'Europe/Madrid');
SELECT holdfast.local_spans('2026-03-27', '2026-03-31', NULL, '12:00', '13:00', 'Europe/Madrid', '2026-03-28', '2026-03-30', '{2026-03-29}');
SELECT holdfast.local_spans('2026-03-27', '2026-03-31', NULL, NULL, NULL, 'Europe/Madrid', '-infinity', 'infinity');
SELECT holdfast.local_spans('2026-03-27', '2026-03-26', 3, '12:00', '13:00', 'Europe/Madrid'), holdfast.local_spans(NULL, '2026-03-26', 3, '12:00', '13:00', 'UTC');
SELECT holdfast.starts_of(holdfast.local_spans('2026-03-01', '2026-03-10', 1, '09:00', '10:00', 'Europe/Madrid')), holdfast.starts_of('{}');

-- against local_span on every day, for 2,000 shifts and breaks
SELECT setseed(0.25);
CREATE TABLE t_spans.weekly AS
SELECT n, d AS from_day, d + (random() * 40 - 3)::int AS to_day, CASE WHEN random() < 0.7 THEN (random() * 6 + n * 0)::int END AS day_of_week,
  time '00:00' + (random() * 95)::int * interval '15 min' AS start_time, time '00:00' + (random() * 95)::int * interval '15 min' AS end_time,
  (ARRAY['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Sao_Paulo'])[1 + (random() * 4)::int] AS zone,
  CASE WHEN random() < 0.3 THEN d + (random() * 20 - 5)::int END AS effective_from, CASE WHEN random() < 0.3 THEN d + (random() * 40)::int END AS effective_to,
  ARRAY(SELECT d + (random() * 30 + n * 0)::int FROM generate_series(1, (random() * 3)::int)) AS exceptions
FROM generate_series(1, 2000) n, LATERAL (SELECT date '2010-01-01' + (random() * 6000 + n * 0)::int AS d OFFSET 0) x;
SELECT count(*) FILTER (WHERE spans <> '{}') > 1000 AS many, count(*) FILTER (WHERE spans IS DISTINCT FROM model) AS others
FROM (SELECT holdfast.local_spans(from_day, to_day, day_of_week, start_time, end_time, zone, effective_from, effective_to, exceptions) AS spans,
        coalesce((SELECT range_agg(holdfast.local_span(day, start_time, end_time, zone))
                  FROM (SELECT from_day + i AS day FROM generate_series(0, to_day - from_day) i) d
                  WHERE (day_of_week IS NULL OR day_of_week = extract(dow FROM day)) AND day >= coalesce(effective_from, day)
                    AND day <= coalesce(effective_to, day) AND day <> ALL (exceptions)), '{}') AS model
      FROM t_spans.weekly OFFSET 0) x;

CREATE FUNCTION t_spans.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  EXECUTE 'SELECT holdfast.' || call;
  RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'PT400' THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN SQLERRM || ' ' || v_detail;
END
$$;
SELECT t_spans.refused(c) FROM unnest(ARRAY[
  'local_span(''infinity'', NULL, NULL, ''UTC'')', 'local_span(''2026-01-01'', ''09:00'', NULL, ''UTC'')', 'local_span(''2026-01-01'', NULL, NULL, ''EST5EDT,M3.2.0'')',
  'local_span(''2026-01-01'', NULL, NULL, repeat(''Europe/Madrid'', 100))', 'local_spans(''-infinity'', ''2026-01-01'', 1, NULL, NULL, ''UTC'')',
  'local_spans(''2026-01-01'', ''2066-01-01'', 1, NULL, NULL, ''UTC'')', 'local_spans(''2026-01-01'', ''2026-01-02'', 7, NULL, NULL, ''UTC'')',
  'local_spans(''5874897-01-01'', ''5874897-01-02'', 1, NULL, NULL, ''UTC'')',
  'local_spans(''2026-01-01'', ''2026-01-02'', 1, NULL, NULL, ''UTC'', exception_dates => ''{NULL}'')', 'starts_of(''{(,2026-01-01)}'')']) c;
SET client_min_messages = warning;
DROP SCHEMA t_spans CASCADE;
