-- block and try_block: time off and imported bookings. What stands in the way is raised, or returned.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET holdfast.now = '2026-03-02 00:00+00';
CREATE SCHEMA t_block;
SELECT holdfast.create_calendar('t_block.calendar');
CREATE FUNCTION t_block.u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE FUNCTION t_block.at(a text, b text) RETURNS tstzrange LANGUAGE sql AS $$ SELECT tstzrange(('2026-03-02 ' || a || '+00')::timestamptz, ('2026-03-02 ' || b || '+00')::timestamptz) $$;
CREATE FUNCTION t_block.try(resource int, a text, b text, capacity int DEFAULT 1, kind text DEFAULT 'busy-unavailable') RETURNS jsonb LANGUAGE sql AS $$
  SELECT holdfast.try_block('t_block.calendar', t_block.u(9), t_block.u(resource), t_block.at(a, b), kind, t_block.u(70), capacity)
$$;
CREATE VIEW t_block.rows AS SELECT resource_id, lane, lower(during)::time AS starts, upper(during)::time AS ends, kind, reference, expires_at IS NOT NULL AS expires FROM t_block.calendar ORDER BY 1, 3, 2;
CREATE FUNCTION t_block.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  EXECUTE 'SELECT holdfast.' || call;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN concat_ws(' ', SQLSTATE, SQLERRM, v_detail);
END
$$;

-- null when it is done, in every lane
SELECT t_block.try(1, '09:00', '10:00') IS NULL, t_block.try(2, '09:00', '10:00', 2) IS NULL;
SELECT * FROM t_block.rows;
-- what stands there, when it could be blocked instead, and nothing is written
SELECT t_block.try(1, '09:30', '10:30');
SELECT t_block.refused('block(''t_block.calendar'', t_block.u(9), t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy'')');
SELECT count(*) FROM t_block.calendar;
-- a hold says when it ends; once it has, it is removed
SELECT hold_key IS NOT NULL FROM holdfast.hold('t_block.calendar', t_block.u(9), ARRAY[t_block.u(1)], ARRAY[t_block.at('11:00', '12:00')], t_block.u(5));
SELECT t_block.try(1, '11:30', '12:30');
SET holdfast.now = '2026-03-02 00:06+00';
SELECT t_block.try(1, '11:30', '12:30');
SELECT * FROM t_block.rows WHERE resource_id = t_block.u(1);
-- every lane must be free at once: 10:00 to 11:30 in one and 11 to 12 in the other leave no hour before noon
SELECT count(h) FROM holdfast.hold('t_block.calendar', t_block.u(9), ARRAY[t_block.u(3)], ARRAY[t_block.at('10:00', '11:30')], NULL, capacities => ARRAY[2]) h;
SELECT count(h) FROM holdfast.hold('t_block.calendar', t_block.u(9), ARRAY[t_block.u(3)], ARRAY[t_block.at('11:00', '12:00')], NULL, capacities => ARRAY[2]) h;
SELECT t_block.try(3, '10:00', '11:00', 2) -> 'alternatives';
SELECT t_block.try(3, '12:00', '13:00', 2) IS NULL, t_block.try(3, '10:30', '11:00', 1) IS NOT NULL;
-- input that cannot be
SELECT t_block.refused(format('try_block(%s)', a)) FROM unnest(ARRAY[
  'NULL, t_block.u(9), t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy''', '''t_block.calendar'', NULL, t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy''',
  '''t_block.calendar'', t_block.u(9), t_block.u(1), ''empty'', ''busy''', '''t_block.calendar'', t_block.u(9), t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy-tentative''',
  '''t_block.calendar'', t_block.u(9), t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy'', NULL, 0',
  '''pg_class'', t_block.u(9), t_block.u(1), t_block.at(''09:30'', ''10:30''), ''busy''']) a;
BEGIN READ ONLY;
SELECT t_block.refused('try_block(''t_block.calendar'', t_block.u(9), t_block.u(1), t_block.at(''20:00'', ''21:00''), ''busy'')');
ROLLBACK;
SELECT count(*) FROM holdfast.verify_calendar('t_block.calendar');
SET client_min_messages = warning;
DROP SCHEMA t_block CASCADE;
