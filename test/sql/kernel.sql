-- Rules that every object of the kernel keeps. Each query lists what breaks one; all have to be empty.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'holdfast';
CREATE TEMP VIEW ours AS
SELECT p.*, l.lanname FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid JOIN pg_language l ON l.oid = p.prolang;
SELECT count(*) > 20 AS there_is_something_to_check FROM ours;

-- The extension owns functions and a view of what one returns, and neither tables nor other things that a dump would lose.
SELECT DISTINCT classid::regclass AS kind FROM member LEFT JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = objid
WHERE classid <> 'pg_proc'::regclass AND (c.oid::regclass::text, c.relkind) IS DISTINCT FROM ('holdfast.stats', 'v')
  AND NOT (classid = 'pg_type'::regclass AND objid IN (SELECT reltype FROM pg_class WHERE oid = 'holdfast.stats'::regclass
    UNION SELECT t.typarray FROM pg_type t WHERE t.typname = 'stats'));
-- All of it lives in schema holdfast.
SELECT oid::regprocedure FROM ours WHERE pronamespace <> 'holdfast'::regnamespace;
-- Every function says what it does, in sentences.
SELECT oid::regprocedure, obj_description(oid, 'pg_proc') FROM ours
WHERE coalesce(obj_description(oid, 'pg_proc'), '') !~ '^\S.{20,}\.$';
-- None can be executed by PUBLIC.
SELECT oid::regprocedure FROM ours WHERE proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0);
-- No two share a name, nor does one take the name of a function that btree_gist or pgcrypto puts beside it.
SELECT proname, count(*) FROM pg_proc WHERE pronamespace = 'holdfast'::regnamespace AND proname IN (SELECT proname FROM ours)
GROUP BY 1 HAVING count(*) > 1;
-- SQL and PL/pgSQL pin their search path; C functions, where a SET clause costs more than the work, resolve by OID.
SELECT oid::regprocedure, proconfig FROM ours
WHERE lanname IN ('sql', 'plpgsql') AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)
    OR lanname = 'c' AND proconfig IS NOT NULL OR lanname NOT IN ('c', 'sql', 'plpgsql');
-- None runs with the rights of the extension's owner, a superuser.
SELECT oid::regprocedure FROM ours WHERE prosecdef;
-- C functions are called hf_verb_noun, and are in our library.
SELECT oid::regprocedure, prosrc, probin FROM ours WHERE lanname = 'c' AND (prosrc !~ '^hf_[a-z0-9_]+$' OR probin <> '$libdir/holdfast');
-- None may be run before a policy has let a row through.
SELECT oid::regprocedure FROM ours WHERE proleakproof;
-- What writes or locks is volatile and stays out of parallel workers.
SELECT oid::regprocedure, provolatile, proparallel FROM ours
WHERE proname ~ '^(create|enable|prevent|allow|begin|finish|reap|hold|try_hold|try_block|confirm|release|extend|block|unblock|expire|seal|reseal|shred|rotate|rewrap|generate|install|upgrade|expose|grant|schedule|track|set|consume|try_consume|refund|adjust|roll|enqueue|cancel|lease|ack|fail|requeue|purge)(_|$)'
    AND (provolatile <> 'v' OR proparallel <> 'u');
-- Every argument has a plain name, so that it can be given by name.
SELECT oid::regprocedure, a.name FROM ours, unnest(proargnames) a(name)
WHERE a.name = '' OR a.name !~ '^[a-z][a-z0-9_]*$'
UNION ALL
SELECT oid::regprocedure, NULL FROM ours WHERE pronargs > 0 AND proargnames IS NULL;

-- Every setting is ours by name and explained.
SELECT name FROM pg_settings WHERE name LIKE 'holdfast.%' AND coalesce(short_desc, '') !~ '\.$';
-- PUBLIC has no way into the schema.
SELECT nspacl FROM pg_namespace WHERE nspname = 'holdfast' AND EXISTS (SELECT FROM aclexplode(nspacl) a WHERE a.grantee = 0);
