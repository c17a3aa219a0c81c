-- What the create_ functions make is closed to everybody but its owner, whatever default privileges the database has.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_create;
CREATE ROLE regress_create_maker;
CREATE ROLE "regress_create ""odd""";
RESET client_min_messages;
GRANT USAGE, CREATE ON SCHEMA t_create TO regress_create_maker;
GRANT USAGE ON SCHEMA holdfast TO regress_create_maker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_create_maker;

-- As on Supabase, and worse: for one role in the schema, for PUBLIC and another role everywhere.
ALTER DEFAULT PRIVILEGES FOR ROLE regress_create_maker IN SCHEMA t_create GRANT ALL ON TABLES TO "regress_create ""odd""";
ALTER DEFAULT PRIVILEGES FOR ROLE regress_create_maker IN SCHEMA t_create GRANT ALL ON SEQUENCES TO "regress_create ""odd""";
ALTER DEFAULT PRIVILEGES FOR ROLE regress_create_maker GRANT SELECT, TRUNCATE ON TABLES TO PUBLIC, pg_monitor;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_create_maker GRANT SELECT ON SEQUENCES TO pg_monitor WITH GRANT OPTION;
SET ROLE regress_create_maker;
CREATE TABLE t_create.by_hand ();
SELECT holdfast.create_calendar('t_create.calendar'), holdfast.create_idempotency('t_create."Requests ""%s"'), holdfast.create_roles('t_create.staff');
RESET ROLE;
SELECT relname, relkind, (SELECT string_agg(DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', ') FROM aclexplode(relacl) WHERE grantee <> relowner) AS open_to
FROM pg_class WHERE relnamespace = 't_create'::regnamespace AND relkind IN ('r', 'S') ORDER BY relname COLLATE "C";

SET client_min_messages = warning;
DROP SCHEMA t_create CASCADE;
DROP OWNED BY regress_create_maker;
DROP ROLE regress_create_maker, "regress_create ""odd""";
