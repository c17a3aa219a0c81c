-- plpgsql_check over every PL/pgSQL function, trigger functions with every table that they are on: no error, no warning, not of
-- security, performance or compatibility either.
-- Judged on one version of the checker: another sees other things, and the code is the same.
SELECT current_setting('server_version_num')::int >= 160000 AS newer \gset
\if :newer
\echo 1..0 # SKIP judged on PostgreSQL 15
\quit
\endif
BEGIN;
SELECT no_plan();

-- What is known and right as it is (name, and message with its detail, as for LIKE). Each line says why.
CREATE TEMP TABLE exceptions (name text, message text, reason text);
INSERT INTO exceptions VALUES
  ('%', 'target type % | cast "text" value to "jsonb" type', 'a literal'), ('%', 'target type % | cast "text" value to "%[]" type', 'a literal'),
  ('holdfast_private.quota_forecast', 'target type % | cast "text" value to "%" type', 'read from the JSON that it was just made'),
  ('%', 'target type % | cast "%int%" value to "%int%" type', 'an assignment cast, once a call'),
  ('%', 'target type % | cast "text" value to "name" type', 'an assignment cast, once a call'),
  ('%', 'target type % | cast "name" value to "text" type', 'an assignment cast, once a call'),
  ('%', 'target type % | cast "numeric" value to "%int%" type', 'an assignment cast, once a call'),
  ('%', 'target type % | cast "integer" value to "numeric" type', 'an assignment cast, once a call'),
  ('holdfast_private.calendar_feed', 'target type % | cast "text" value to "%."*/*"" type', 'the domain says the media type'),
  ('holdfast.enable_tenant_rls', 'text type variable is not sanitized | %', 'made of names by format(%I) and quote_ident()'),
  ('holdfast.track_subjects', 'text type variable is not sanitized | %', 'made by format(%I, %L) and of regclass'),
  ('holdfast.verify_calendar', 'OUT variable % is maybe unmodified | %', 'RETURN QUERY EXECUTE sets them'),
  ('holdfast.verify_quota', 'OUT variable % is maybe unmodified | %', 'RETURN QUERY EXECUTE sets them'),
  ('holdfast.outbox_status', 'OUT variable % is maybe unmodified | %', 'RETURN QUERY EXECUTE sets them'),
  ('holdfast_private.apply_grant', 'text type variable is not sanitized | %', 'names as regclass and regprocedure quote them'),
  ('holdfast_private.apply_grant', 'routine is marked as VOLATILE, should be STABLE | %', 'it grants'),
  ('holdfast.enable_audit', 'text type variable is not sanitized | %', 'literals by quote_literal(), names by regclass'),
  ('holdfast_private.undo_row', 'text type variable is not sanitized | %', 'names by regclass, quote_ident() and format(%I)'),
  ('holdfast_private.check_row', 'text type variable is not sanitized | %', 'made of the table''s own constraints by format(%I) and regclass'),
  ('holdfast_private.company_usage', 'name of parameter % is reserved keyword | %', 'from and to are the keys of its JSON, and always quoted');

CREATE TEMP VIEW checked AS
SELECT f.oid, f.name, coalesce(t.tgrelid, 0) AS relation, t.tgoldtable, t.tgnewtable
FROM proof.functions f
JOIN pg_language l ON l.oid = f.prolang AND l.lanname = 'plpgsql'
LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid, tgoldtable, tgnewtable FROM pg_trigger WHERE NOT tgisinternal) t ON t.tgfoid = f.oid
WHERE f.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) OR t.tgrelid IS NOT NULL;

CREATE TEMP TABLE findings AS
SELECT c.name, p.lineno, p.level, p.sqlstate, p.message, p.detail
FROM checked c
CROSS JOIN plpgsql_check_function_tb(c.oid, c.relation, fatal_errors => false, all_warnings => true,
  oldtable => c.tgoldtable, newtable => c.tgnewtable) p;

SELECT is_empty(format($$
  SELECT lineno, level, message, detail FROM findings f WHERE name = %L
    AND NOT EXISTS (SELECT FROM exceptions e WHERE f.name LIKE e.name AND concat_ws(' | ', f.message, nullif(f.detail, '')) LIKE e.message) $$, name), name)
FROM (SELECT DISTINCT name FROM checked) t ORDER BY name;
SELECT is_empty($$
  SELECT e.* FROM exceptions e WHERE NOT EXISTS (SELECT FROM findings f WHERE f.name LIKE e.name AND concat_ws(' | ', f.message, nullif(f.detail, '')) LIKE e.message) $$,
  'no exception outlives what it excused');
SELECT is_empty($$
  SELECT f.name FROM proof.functions f
  WHERE f.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AND f.schema <> 'holdfast'
    AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f.oid) $$,
  'every trigger function of the platform is used');

SELECT * FROM finish();
ROLLBACK;
