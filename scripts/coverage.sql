-- Of each PL/pgSQL function of holdfast's: its name, the share of its statements that were run, and how many it has.
SET client_min_messages = warning;
SET search_path = public, tap;
CREATE EXTENSION IF NOT EXISTS plpgsql_check;
SELECT p.pronamespace::regnamespace || '.' || p.proname, round(plpgsql_coverage_statements(p.oid)::numeric, 4),
       (SELECT count(*) FROM plpgsql_profiler_function_statements_tb(p.oid))
FROM pg_catalog.pg_proc AS p
WHERE p.prolang = (SELECT oid FROM pg_catalog.pg_language WHERE lanname = 'plpgsql')
  AND p.pronamespace IN ('public'::regnamespace, 'holdfast'::regnamespace, 'holdfast_private'::regnamespace)
ORDER BY 1;
