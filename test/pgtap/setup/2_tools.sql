-- The tools of the proof, in schemas of their own: pgTAP and plpgsql_check in tap, ours in proof. And pg_cron, so that
-- plpgsql_check finds what schedule_jobs() calls.
CREATE SCHEMA tap;
CREATE EXTENSION pgtap SCHEMA tap;
CREATE EXTENSION plpgsql_check SCHEMA tap;
CREATE EXTENSION pg_cron;
CREATE SCHEMA proof;

-- The API schema of the installed platform.
CREATE FUNCTION proof.api() RETURNS name
LANGUAGE sql IMMUTABLE RETURN 'public'::name;

-- What belongs to holdfast: functions of the kernel (extension members), and everything in the two platform schemas.
CREATE VIEW proof.functions AS
SELECT p.*, p.pronamespace::regnamespace::text AS schema,
       format('%s.%I', p.pronamespace::regnamespace, p.proname) AS name
FROM pg_proc p
WHERE p.pronamespace IN (proof.api()::regnamespace, 'holdfast_private'::regnamespace)
   OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
              WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'holdfast');

CREATE VIEW proof.relations AS
SELECT c.*, c.relnamespace::regnamespace::text AS schema,
       format('%s.%I', c.relnamespace::regnamespace, c.relname) AS name
FROM pg_class c
WHERE c.relnamespace IN (proof.api()::regnamespace, 'holdfast_private'::regnamespace)
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');

CREATE VIEW proof.tables AS SELECT * FROM proof.relations WHERE relkind IN ('r', 'p');
