-- Of each statement of each PL/pgSQL function of holdfast's in this database: the function, the number and the line of the
-- statement, whether it was run, and that line. Leaves nothing behind: tests may go on there.
SET client_min_messages = warning;
BEGIN;
CREATE SCHEMA coverage;
SET search_path = coverage;
CREATE EXTENSION plpgsql_check SCHEMA coverage;
SELECT p.pronamespace::pg_catalog.regnamespace || '.' || p.proname, s.stmtid, s.lineno, (s.exec_stmts > 0)::int,
       btrim(split_part(p.prosrc, E'\n', s.lineno), E' \t')
FROM pg_catalog.pg_proc AS p, plpgsql_profiler_function_statements_tb(p.oid) AS s
WHERE p.prolang = (SELECT oid FROM pg_catalog.pg_language WHERE lanname = 'plpgsql')
  AND p.pronamespace IN (to_regnamespace('public'), to_regnamespace('holdfast'), to_regnamespace('holdfast_private'))
  AND s.stmtname <> 'statement block';
ROLLBACK;
