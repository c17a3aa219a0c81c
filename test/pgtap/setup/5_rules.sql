-- Rules that every object of the kernel and the platform keeps: each a query that must find nothing. An exception is
-- written in the rule, with its reason. lint.sql asks them all; mutants.sql asks which of them notices what it breaks.
CREATE TABLE proof.rules (
  position int GENERATED ALWAYS AS IDENTITY,
  title text PRIMARY KEY,
  query text NOT NULL
);
CREATE FUNCTION proof.rule(query text, title text) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO proof.rules (title, query) VALUES (rule.title, rule.query);
END;

-- What an API role is; plain_service is a service without BYPASSRLS (4_cast.sql).
CREATE VIEW proof.api_roles AS SELECT oid, rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role', 'plain_service');

-- Tables that belong to no tenant, because they describe the installation.
CREATE TABLE proof.untenanted (name text PRIMARY KEY, reason text);
INSERT INTO proof.untenanted VALUES
  (proof.api() || '.organizations', 'is the tenant: its id is the organization_id of all others'),
  ('holdfast_private.modules', 'what is installed'),
  ('holdfast_private.api_roles', 'roles of the server'),
  ('holdfast_private.api_grants', 'grants of the database'),
  ('holdfast_private.jobs', 'jobs run over all tenants'),
  ('holdfast_private.keyring', 'its keys serve all tenants'),
  ('holdfast_private.sealed_columns', 'columns of the installation'),
  ('holdfast_private.job_heartbeats', 'jobs run over all tenants'),
  ('holdfast_private.scheduled_jobs', 'jobs run over all tenants'),
  ('holdfast_private.audit_log_seals', 'one chain over all tenants'),
  ('holdfast_private.audit_log_redaction', 'one key for the log'),
  ('holdfast_private.token_kinds', 'what kinds of tokens there are'),
  ('holdfast_private.message_kinds', 'what kinds of e-mail there are');

-- The columns that clients may write, and read where that is not all of them; and those that they may read although the audit
-- log may not have them, because a policy shows them to nobody but who they are of and who works with them.
CREATE TABLE proof.columns (relation text, operation text, columns text[] NOT NULL, PRIMARY KEY (relation, operation));
CREATE TABLE proof.readable (relation text PRIMARY KEY, columns text[] NOT NULL);

CREATE VIEW proof.indexes AS
SELECT i.*, t.name AS table_name, i.indexrelid::regclass AS index_name,
       ARRAY(SELECT a.attname FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE k.n <= i.indnkeyatts ORDER BY k.n) AS columns
FROM pg_index i JOIN proof.tables t ON t.oid = i.indrelid;

CREATE VIEW proof.policies AS
SELECT p.*, t.name AS table_name, pg_get_expr(p.polqual, p.polrelid) AS qual,
       pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
       p.polroles <> ARRAY(SELECT oid FROM pg_roles WHERE rolname = 'holdfast_owner') AS for_api
FROM pg_policy p JOIN proof.tables t ON t.oid = p.polrelid;

-- Views

SELECT proof.rule($$
  SELECT r.name FROM proof.relations r JOIN pg_class c ON c.oid = r.name::regclass
  WHERE c.relkind = 'v' AND c.relnamespace <> 'holdfast_private'::regnamespace AND pg_relation_is_updatable(c.oid, true) & 28 <> 28 $$,
  'a view that cannot be written to refuses a write as forbidden (PostgREST answers 500 otherwise)');

-- Tables

SELECT proof.rule($$ SELECT name FROM proof.tables WHERE NOT relrowsecurity $$,
  'row security is on for every table');
SELECT proof.rule($$
  SELECT t.name FROM proof.tables t
  WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid) $$,
  'every table has a policy, also where nobody has access: for the day when a grant is made by mistake');
SELECT proof.rule($$
  SELECT t.name FROM proof.tables t WHERE NOT EXISTS (SELECT FROM proof.indexes i WHERE i.indrelid = t.oid AND i.indisprimary) $$,
  'every table has a primary key');
SELECT proof.rule($$
  SELECT t.name FROM proof.tables t
  WHERE t.name NOT IN (SELECT name FROM proof.untenanted)
    AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'organization_id' AND a.attnotnull) $$,
  'every table has an organization_id that is never null');
SELECT proof.rule($$
  SELECT index_name, columns FROM proof.indexes
  WHERE (indisunique OR indisexclusion) AND columns[1] IS DISTINCT FROM 'organization_id'
    AND table_name NOT IN (SELECT name FROM proof.untenanted) $$,
  'organization_id comes first in every primary key, unique and exclusion constraint');
SELECT proof.rule($$
  SELECT c.conname, pg_get_constraintdef(c.oid)
  FROM pg_constraint c JOIN proof.tables t ON t.oid = c.conrelid
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
  WHERE c.contype = 'f' AND t.name NOT IN (SELECT name FROM proof.untenanted)
    AND (a.attname <> 'organization_id'
         OR f.attname <> CASE WHEN c.confrelid = (proof.api() || '.organizations')::regclass THEN 'id' ELSE 'organization_id' END) $$,
  'every foreign key goes from organization_id to organization_id: a row cannot point into another tenant');
SELECT proof.rule($$
  SELECT c.conrelid::regclass, c.conname
  FROM pg_constraint c JOIN proof.tables t ON t.oid = c.conrelid
  WHERE c.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index i
    WHERE i.indrelid = c.conrelid AND i.indisvalid AND i.indpred IS NULL
      AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey) $$,
  'every foreign key has a covering index');
SELECT proof.rule($$ SELECT conrelid::regclass, conname FROM pg_constraint JOIN proof.tables t ON t.oid = conrelid WHERE NOT convalidated $$,
  'every constraint is validated');
SELECT proof.rule($$
  SELECT a.index_name, b.index_name FROM proof.indexes a JOIN proof.indexes b ON a.indrelid = b.indrelid AND a.indexrelid < b.indexrelid
  WHERE (a.indkey::text, a.indclass::text, a.indoption::text, pg_get_expr(a.indpred, a.indrelid), pg_get_expr(a.indexprs, a.indrelid))
    IS NOT DISTINCT FROM
        (b.indkey::text, b.indclass::text, b.indoption::text, pg_get_expr(b.indpred, b.indrelid), pg_get_expr(b.indexprs, b.indrelid))
    AND (a.indisexclusion = b.indisexclusion) $$,
  'no two indexes are the same');
SELECT proof.rule($$
  SELECT t.name, a.attname, format_type(a.atttypid, a.atttypmod)
  FROM proof.tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE a.atttypid IN ('timestamp'::regtype, 'timetz'::regtype, 'char'::regtype, 'bpchar'::regtype, 'money'::regtype,
                       'float4'::regtype, 'float8'::regtype, 'json'::regtype, 'xml'::regtype,
                       'regproc'::regtype, 'regprocedure'::regtype, 'regoper'::regtype, 'regoperator'::regtype,
                       'regconfig'::regtype, 'regdictionary'::regtype, 'regcollation'::regtype, 'regnamespace'::regtype)
    -- A wall-clock time, with its zone beside it.
    AND NOT (a.atttypid = 'timestamp'::regtype AND a.attname LIKE '%\_local' AND EXISTS (
      SELECT FROM pg_attribute z WHERE z.attrelid = t.oid AND z.attname = 'time_zone' AND z.attnotnull)) $$,
  'no column has a type that is inexact, without zone, padded, or in the way of pg_upgrade');
SELECT proof.rule($$
  SELECT t.name, a.attname FROM proof.tables t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.atttypid = 'text'::regtype
    AND a.attname IN ('status', 'kind', 'state', 'role', 'strategy', 'scope', 'source', 'party', 'frequency', 'severity', 'period')
  WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype IN ('c', 'f') AND a.attnum = ANY (c.conkey))
    AND (t.name, a.attname) NOT IN (
      (proof.api() || '.bookings', 'status'),  -- guard_booking() checks it: a CHECK is parsed anew for each statement
      (proof.api() || '.bookings', 'source'), (proof.api() || '.account_tokens', 'kind'),  -- other modules add theirs
      ('holdfast_private.assignment_pools', 'strategy'), ('holdfast_private.assignment_turns', 'strategy'),  -- as fair_order() has them
      ('holdfast_private.waitlist_freed', 'source'),  -- a queue that one trigger writes
      -- what the kernel's functions alone write, and verify_quota() proves: a CHECK is a sixth of what consume() costs
      ('holdfast_private.company_quota', 'period'), ('holdfast_private.company_quota_ledger', 'kind'),
      ('holdfast_private.employee_quota', 'period'), ('holdfast_private.employee_quota_ledger', 'kind'),
      ('holdfast_private.audit_log', 'role'), ('holdfast_private.audit_log', 'status')) $$,
  'every column that names a state has a check or a reference that says which there are');
SELECT proof.rule($$
  SELECT t.name, a.attname FROM proof.tables t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype
  WHERE t.schema = proof.api() AND a.attname LIKE '%\_id' AND a.attname <> 'organization_id' AND a.attname !~ '(^|_)user_id$'
    -- one that holds whatever else is null
    AND NOT EXISTS (
      SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f' AND a.attnum = ANY (c.conkey) AND NOT EXISTS (
        SELECT FROM pg_attribute o WHERE o.attrelid = t.oid AND o.attnum = ANY (c.conkey) AND o.attnum <> a.attnum AND NOT o.attnotnull))
    AND a.attname NOT IN ('active_id', 'active_company_id')  -- generated from columns that have one
    AND (t.relname, a.attname) <> ('clients', 'employee_id')  -- goes with company_id, says a check
    AND (t.relname, a.attname) NOT IN (
      -- repeats the booking or the entry that the row belongs to, so that a policy needs no join
      ('booking_cancellations', 'specialist_id'), ('booking_cancellations', 'client_id'), ('booking_status_history', 'specialist_id'),
      ('booking_status_history', 'client_id'), ('booking_reminders', 'specialist_id'), ('booking_reminders', 'client_id'),
      ('rescheduling_history', 'client_id'), ('rescheduling_history', 'old_specialist_id'), ('rescheduling_history', 'new_specialist_id'),
      ('waitlist_offers', 'specialist_id'), ('waitlist_offers', 'client_id'), ('package_uses', 'specialist_id'),
      -- a history that a plan may go from
      ('company_subscription_history', 'old_plan_id'), ('company_subscription_history', 'new_plan_id'), ('company_subscription_history', 'next_plan_id')) $$,
  'every column that names a row has a foreign key');
SELECT proof.rule($$
  SELECT t.name FROM proof.tables t
  WHERE t.schema = proof.api() AND t.name NOT IN (SELECT name FROM proof.untenanted) AND NOT EXISTS (
    SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f' AND NOT EXISTS (
      SELECT FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k WHERE NOT a.attnotnull)) $$,
  'every row proves by a foreign key that its organization exists');
SELECT proof.rule($$
  SELECT v.child, v.columns, v.parent FROM (VALUES
    ('holdfast_private.passwords', '{organization_id,user_id}', proof.api() || '.profiles'),
    ('holdfast_private.two_factor_secrets', '{organization_id,id}', proof.api() || '.two_factor_auth'),
    ('holdfast_private.user_backup_codes', '{organization_id,factor_id}', proof.api() || '.two_factor_auth'),
    ('holdfast_private.job_heartbeats', '{job}', 'holdfast_private.jobs'),
    ('holdfast_private.scheduled_jobs', '{job_type}', 'holdfast_private.jobs'),
    (proof.api() || '.clients', '{organization_id,company_id,employee_id}', proof.api() || '.company_employees'),
    (proof.api() || '.account_tokens', '{organization_id,user_id}', proof.api() || '.profiles'),
    (proof.api() || '.ip_allowlist', '{organization_id,user_id}', proof.api() || '.profiles'),
    (proof.api() || '.ip_blocklist', '{organization_id,user_id}', proof.api() || '.profiles')) v (child, columns, parent)
  WHERE NOT EXISTS (
    SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = v.child::regclass AND c.confrelid = v.parent::regclass AND v.columns::name[] = ARRAY(
      SELECT a.attname FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.n)) $$,
  'the foreign keys that no rule about names asks for: what is somebody''s secret goes with them');
SELECT proof.rule($$
  SELECT c.conrelid::regclass, c.conname FROM pg_constraint c JOIN proof.tables t ON t.oid = c.conrelid
  WHERE c.contype = 'f' AND c.confrelid NOT IN (SELECT oid FROM proof.tables) $$,
  'no foreign key leaves the platform');
SELECT proof.rule($$
  SELECT c.conrelid::regclass, c.conname, a.attname FROM pg_constraint c JOIN proof.tables t ON t.oid = c.conrelid
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.contype = 'f' AND NOT a.attnotnull $$,
  'the organization of a foreign key is never null: where it were, the key would not be checked');
SELECT proof.rule($$ SELECT index_name FROM proof.indexes WHERE NOT (indisvalid AND indisready AND indislive) $$, 'every index is valid');
SELECT proof.rule($$ SELECT name, relkind FROM proof.relations WHERE relkind IN ('m', 'f') AND schema = proof.api() $$,
  'the API schema has no materialized view and no foreign table: row security does not apply to them');
SELECT proof.rule($$
  SELECT name FROM proof.relations WHERE relkind = 'v' AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}' $$,
  'every view is a security invoker');

-- Policies

SELECT proof.rule($$ SELECT table_name, polname FROM proof.policies WHERE 0 = ANY (polroles) $$,
  'every policy names its roles');
SELECT proof.rule($$
  SELECT table_name, polname FROM proof.policies
  WHERE for_api AND (coalesce(qual, with_check, 'true') IN ('true', '(1 = 1)') OR with_check IN ('true', '(1 = 1)')) $$,
  'no policy for an API role is always true');
SELECT proof.rule($$ SELECT table_name, polname FROM proof.policies WHERE concat(qual, with_check) ILIKE '%select%' $$,
  'no policy has a subquery: each is an index condition, and may be distributed');
SELECT proof.rule($$
  SELECT table_name, polname FROM proof.policies
  WHERE for_api AND table_name NOT IN (SELECT name FROM proof.untenanted)
    AND (qual !~ '\morganization_id = ' OR with_check !~ '\morganization_id = ') $$,
  'every policy for an API role compares organization_id');
SELECT proof.rule($$
  SELECT p.table_name, r.rolname, c.command, array_agg(p.polname)
  FROM proof.policies p
  JOIN proof.api_roles r ON p.polroles && ARRAY[r.oid, 0]
  JOIN unnest('{r,a,w,d}'::"char"[]) c (command) ON p.polcmd IN (c.command, '*')
  WHERE p.polpermissive
  GROUP BY 1, 2, 3 HAVING count(*) > 1 $$,
  'one role has at most one permissive policy for one command');
SELECT proof.rule($$ SELECT table_name, polname FROM proof.policies WHERE concat(qual, with_check) ~ 'user_metadata' $$,
  'no policy reads a claim that users can edit');

SELECT proof.rule($$
  SELECT p.table_name, p.polname, f.name FROM proof.policies p
  JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
  JOIN proof.functions f ON f.oid = d.refobjid WHERE f.provolatile = 'v' $$,
  'no policy calls a volatile function: it would be called for each row, and be no index condition');
SELECT proof.rule($$
  SELECT table_name, polname FROM proof.policies WHERE NOT polpermissive $$,
  'no policy is restrictive: each of ours says the whole of what it lets through');
SELECT proof.rule($$
  SELECT DISTINCT p.table_name, p.polname, r::regrole FROM proof.policies p, unnest(p.polroles) r
  WHERE p.for_api AND NOT EXISTS (
    SELECT FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = p.polrelid AND a.grantee = r
    UNION ALL SELECT FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = p.polrelid AND a.grantee = r) $$,
  'every policy is for roles that have a privilege on its table');

-- Functions

SELECT proof.rule($$ SELECT name FROM proof.functions WHERE prosecdef AND schema IN (proof.api(), 'holdfast') $$,
  'neither the API schema nor the kernel has a SECURITY DEFINER function');
SELECT proof.rule($$
  SELECT f.name FROM proof.functions f JOIN pg_language l ON l.oid = f.prolang
  WHERE l.lanname <> 'c' AND NOT coalesce(f.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'
    -- A procedure that commits cannot have it, and sets it in each of its transactions.
    AND NOT (f.prokind = 'p'
             AND f.prosrc ~ '^\s*DECLARE[^;]*;[^;]*;\s*BEGIN\s*(--[^\n]*\n\s*)?COMMIT;'
             AND NOT f.prosrc ~ 'COMMIT;(?!\s+PERFORM pg_catalog\.(set_config\(''search_path'', ''pg_catalog, pg_temp'', true\)|pg_advisory_unlock\())') $$,
  'every function in SQL or PL/pgSQL has the search_path pg_catalog, pg_temp');
SELECT proof.rule($$
  SELECT f.name FROM proof.functions f JOIN pg_language l ON l.oid = f.prolang
  WHERE l.lanname = 'c' AND f.proconfig IS NOT NULL $$,
  'no C function has a SET clause: it would cost more than the call');
SELECT proof.rule($$ SELECT schema, proname, count(*) FROM proof.functions GROUP BY 1, 2 HAVING count(*) > 1 $$,
  'no two functions share a name');
SELECT proof.rule($$
  SELECT f.name FROM proof.functions f JOIN proof.api_roles r ON has_function_privilege(r.oid, f.oid, 'EXECUTE')
  WHERE f.schema = 'holdfast_private' AND NOT (f.prosecdef AND f.proowner::regrole::text = 'holdfast_owner') $$,
  'every body that is exposed is SECURITY DEFINER and belongs to holdfast_owner');
SELECT proof.rule($$
  SELECT f.name, r.rolname FROM proof.functions f JOIN proof.api_roles r ON has_function_privilege(r.oid, f.oid, 'EXECUTE')
  WHERE f.schema = 'holdfast_private' AND NOT EXISTS (
    SELECT FROM proof.functions w
    WHERE w.schema = proof.api() AND w.proname = f.proname AND has_function_privilege(r.oid, w.oid, 'EXECUTE')) $$,
  'nobody may execute a body without its wrapper');
SELECT proof.rule($$
  SELECT f.name FROM proof.functions f
  WHERE f.schema = proof.api() AND f.prorettype <> 'trigger'::regtype AND f.prosqlbody IS NULL $$,
  'every function of the API schema is a wrapper: SQL, bound to its body when made');
SELECT proof.rule($$ SELECT name FROM proof.functions WHERE provolatile = 'i' AND prosecdef $$,
  'no SECURITY DEFINER function claims to be immutable');

SELECT proof.rule($$ SELECT name FROM proof.functions WHERE proleakproof $$,
  'no function claims to be leakproof: it would be called with rows that a policy hides');
SELECT proof.rule($$
  SELECT name FROM proof.functions
  WHERE proconfig::text ~ '(role|session_authorization)=' OR prosrc ~* 'set_config\s*\(\s*''(role|session_authorization)'
     OR prosrc ~* '\mSET\s+(LOCAL\s+|SESSION\s+)?(ROLE|SESSION AUTHORIZATION)\M' $$,
  'no function changes the role');
SELECT proof.rule($$
  SELECT name FROM proof.functions WHERE provolatile <> 'v'
    AND prosrc ~ '\m(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+(AS\s+\w+\s+)?SET|FOR\s+(NO\s+KEY\s+)?UPDATE)\M' $$,
  'no function that writes claims to be stable');

-- Who is asked: the functions that find out who is calling, and those that call them.
CREATE VIEW proof.bodies AS
SELECT f.*, regexp_replace(f.prosrc, '--[^\n]*', '', 'g') AS source FROM proof.functions f WHERE f.schema = 'holdfast_private';
CREATE VIEW proof.guards AS
WITH RECURSIVE calls AS MATERIALIZED (
  SELECT DISTINCT b.proname::text COLLATE "C" AS caller, m.part[1] COLLATE "C" AS callee
  FROM proof.bodies b, regexp_matches(b.source, 'holdfast_private\.(\w+)\(', 'g') m (part)
  WHERE NOT has_function_privilege('authenticated', b.oid, 'EXECUTE')),
guards (name) AS (
  SELECT n COLLATE "C" FROM unnest('{require_actor,require_permission,is_trusted}'::text[]) n
  UNION SELECT c.caller FROM calls c JOIN guards g ON c.callee = g.name)
SELECT name FROM guards;
SELECT proof.rule($$
  SELECT name FROM (
    SELECT b.name, nullif(regexp_instr(b.source, g.pattern), 0) AS guard,
      nullif(regexp_instr(b.source, format('(FROM|JOIN|UPDATE|INTO)\s+(ONLY\s+)?"?(%s|holdfast_private)"?\.\w+(?![\w(])', proof.api())), 0) AS reach
    FROM proof.bodies b CROSS JOIN (SELECT format('holdfast_private\.(%s)\(', string_agg(name, '|')) AS pattern FROM proof.guards) g
    -- What anon may call opens with a secret instead: a token, a password, a key.
    WHERE has_function_privilege('authenticated', b.oid, 'EXECUTE') AND NOT has_function_privilege('anon', b.oid, 'EXECUTE')) t
  WHERE (guard IS NULL OR reach < guard)
    -- tells who is calling, and nothing else
    AND name <> 'holdfast_private.whoami' $$,
  'every body asks who is calling before it reads or writes anything');
SELECT proof.rule($$
  SELECT b.name FROM proof.bodies b JOIN pg_language l ON l.oid = b.prolang
  WHERE b.prosecdef AND has_function_privilege('authenticated', b.oid, 'EXECUTE') AND l.lanname <> 'plpgsql' $$,
  'every body that is exposed is in PL/pgSQL, where the check comes first because it is written first');

-- Triggers

SELECT proof.rule($$
  SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger JOIN proof.tables t ON t.oid = tgrelid
  WHERE tgenabled <> CASE
    WHEN NOT tgisinternal AND tgname LIKE '%\_replica' AND tgfoid = 'holdfast.invalidate_lookups'::regproc THEN 'R'
    WHEN tgfoid IN ('holdfast.keep_audit_log'::regproc, 'holdfast.invalidate_lookups'::regproc, 'holdfast.keep_seals'::regproc) THEN 'A'
    ELSE 'O' END::"char" $$,
  'what voids caches and guards the logs fires always, also for replicated rows; no other trigger does, and none is disabled');
SELECT proof.rule($$
  SELECT r.name, w.rulename FROM pg_rewrite w JOIN proof.relations r ON r.oid = w.ev_class WHERE r.relkind <> 'v' $$,
  'no table has a rule');
SELECT proof.rule($$
  SELECT inhrelid::regclass FROM pg_inherits JOIN proof.tables t ON t.oid IN (inhrelid, inhparent) $$,
  'no table inherits: a policy of the parent would not hold for who reads the child');

-- Privileges

SELECT proof.rule($$
  SELECT f.name FROM proof.functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a WHERE a.grantee = 0 $$,
  'PUBLIC may execute nothing');
SELECT proof.rule($$
  SELECT r.name FROM proof.relations r,
    aclexplode(coalesce(r.relacl, acldefault(CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", r.relowner))) a WHERE a.grantee = 0
  UNION ALL
  SELECT r.name FROM proof.relations r JOIN pg_attribute t ON t.attrelid = r.oid, aclexplode(t.attacl) a WHERE a.grantee = 0 $$,
  'PUBLIC may read and write nothing');
SELECT proof.rule($$
  SELECT n.nspname, a.privilege_type FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
  WHERE a.grantee = 0 AND (n.nspname IN ('holdfast', 'holdfast_private') OR n.nspname = proof.api() AND a.privilege_type = 'CREATE') $$,
  'PUBLIC may look into no schema of holdfast, and create nothing in the API schema');
SELECT proof.rule($$
  SELECT n.nspname, r.rolname FROM pg_namespace n, proof.api_roles r
  WHERE n.nspname IN ('holdfast', 'holdfast_private') AND has_schema_privilege(r.oid, n.oid, 'USAGE')
     OR n.nspname IN ('holdfast', 'holdfast_private', proof.api()) AND has_schema_privilege(r.oid, n.oid, 'CREATE') $$,
  'no API role can name what is in holdfast (where PUBLIC may execute pgcrypto) or holdfast_private, or create anything');
SELECT proof.rule($$
  SELECT t.name, r.rolname, p.privilege
  FROM (SELECT * FROM proof.relations WHERE relkind <> 'S') t, proof.api_roles r, unnest('{TRUNCATE,REFERENCES,TRIGGER}'::text[]) p (privilege)
  WHERE has_table_privilege(r.oid, t.oid, p.privilege) $$,
  'no API role may truncate a table, refer to it or put a trigger on it');
-- The decisions are those of test/pgtap/expectations: who may try at all, and which columns.
SELECT proof.rule($$
  SELECT d.relation, r.role, o.operation
  FROM proof.decisions d JOIN proof.relations t ON t.name = d.relation
  CROSS JOIN (SELECT DISTINCT role FROM proof.identities) r CROSS JOIN unnest('{select,insert,update,delete}'::text[]) o (operation)
  WHERE CASE o.operation WHEN 'delete' THEN has_table_privilege(r.role, t.oid, 'DELETE') ELSE has_any_column_privilege(r.role, t.oid, o.operation) END
    IS DISTINCT FROM EXISTS (
      SELECT FROM proof.expected e JOIN proof.identities i ON i.name = e.identity
      WHERE e.relation = d.relation AND e.operation = o.operation AND i.role = r.role AND e.want <> '-')
    -- are read through views that ask as their caller; nobody can name them
    AND NOT (o.operation = 'select' AND r.role <> 'anon' AND d.relation IN ('holdfast_private.audit_log', 'holdfast_private.company_quota',
      'holdfast_private.company_quota_ledger', 'holdfast_private.company_quota_periods')) $$,
  'privileges are those that the matrix has a use for');
SELECT proof.rule($$
  SELECT t.name, r.rolname, o.operation, a.columns
  FROM proof.relations t CROSS JOIN proof.api_roles r CROSS JOIN unnest('{select,insert,update}'::text[]) o (operation)
  CROSS JOIN LATERAL (
    SELECT array_agg(attname::text ORDER BY attname) FILTER (WHERE has_column_privilege(r.oid, t.oid, attnum, o.operation)) AS columns,
           array_agg(attname::text ORDER BY attname) AS everything
    FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped) a
  LEFT JOIN proof.columns c ON c.relation = t.name AND c.operation = o.operation
  WHERE t.relkind <> 'S' AND (r.rolname IN ('anon', 'authenticated') OR o.operation = 'select' AND c.columns IS NOT NULL) AND a.columns IS NOT NULL
    AND a.columns IS DISTINCT FROM CASE WHEN c.columns IS NOT NULL THEN ARRAY(SELECT unnest(c.columns) ORDER BY 1) WHEN o.operation = 'select' THEN a.everything END $$,
  'clients write, and read where they do not read all of them, the columns of test/pgtap/expectations/columns.sql');
SELECT proof.rule($$
  SELECT d.relation, c.name FROM holdfast_private.audit_decisions() d CROSS JOIN unnest(d.redact) c (name)
  WHERE has_column_privilege('authenticated', d.relation, c.name, 'SELECT')
    AND NOT EXISTS (SELECT FROM proof.readable r WHERE r.relation = d.relation AND c.name = ANY (r.columns)) $$,
  'what is too private for the audit log is read by clients only where test/pgtap/expectations/columns.sql says so');
SELECT proof.rule($$
  SELECT f.name, r.role FROM proof.functions f CROSS JOIN (SELECT DISTINCT role FROM proof.identities) r
  WHERE f.schema = proof.api() AND f.prorettype <> 'trigger'::regtype
    AND has_function_privilege(r.role, f.oid, 'EXECUTE') IS DISTINCT FROM EXISTS (
      SELECT FROM proof.expected_calls e JOIN proof.identities i ON i.name = e.identity
      WHERE e.operation = f.proname AND i.role = r.role AND e.want <> '-') $$,
  'who may call an RPC is who the calls have a use for it');
SELECT proof.rule($$
  SELECT f.name, r.rolname FROM proof.functions f, proof.api_roles r
  WHERE f.schema = 'holdfast' AND has_function_privilege(r.oid, f.oid, 'EXECUTE') AND f.proname NOT IN (
    'org_id', 'uid', 'jwt', 'claim', 'jwt_role', 'actor_id', 'request_ip', 'request_header', 'has_role', 'has_permission', 'subject_id',
    -- for defaults and checks of tables they may write
    'uuid_v7', 'is_email', 'is_time_zone') $$,
  'of the kernel, API roles may call the readers of the request, and what tables need that they may write');
SELECT proof.rule($$
  SELECT s.name, r.rolname FROM proof.relations s, proof.api_roles r
  WHERE s.relkind = 'S' AND has_sequence_privilege(r.oid, s.oid, 'USAGE, SELECT, UPDATE') $$,
  'no API role may use a sequence: what it counts would tell of others');
SELECT proof.rule($$
  SELECT e.extname FROM pg_extension e WHERE e.extnamespace = proof.api()::regnamespace AND e.extname IN ('holdfast', 'btree_gist', 'pgcrypto') $$,
  'no extension of ours is in the API schema');
SELECT proof.rule($$
  SELECT d.defaclobjtype, a.grantee::regrole FROM pg_default_acl d, aclexplode(d.defaclacl) a
  WHERE d.defaclrole = 'holdfast_owner'::regrole AND a.grantee <> d.defaclrole $$,
  'what the owner makes later is nobody''s by default');
SELECT proof.rule($$
  SELECT m.roleid::regrole, m.member::regrole FROM pg_auth_members m JOIN proof.api_roles r ON r.oid = m.member
  UNION ALL
  SELECT a.oid::regrole, NULL FROM proof.api_roles a JOIN pg_roles r USING (oid)
  WHERE r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolcanlogin OR r.rolbypassrls AND r.rolname <> 'service_role' $$,
  'no API role is a member of another, or may do what only administrators do');
SELECT proof.rule($$
  SELECT t.name, p.privilege
  FROM proof.tables t, unnest('{INSERT,UPDATE,DELETE}'::text[]) p (privilege)
  WHERE has_table_privilege('anon', t.oid, p.privilege)
     OR p.privilege <> 'DELETE' AND has_any_column_privilege('anon', t.oid, p.privilege) $$,
  'anon writes nothing');
SELECT proof.rule($$
  SELECT name, relowner::regrole::text FROM proof.relations WHERE relowner::regrole::text <> 'holdfast_owner'
  UNION ALL
  SELECT name, proowner::regrole::text FROM proof.functions
  WHERE schema <> 'holdfast' AND proowner::regrole::text <> 'holdfast_owner'
  UNION ALL
  SELECT nspname, nspowner::regrole::text FROM pg_namespace
  WHERE nspname = 'holdfast_private' AND nspowner::regrole::text <> 'holdfast_owner' $$,
  'everything of the platform belongs to holdfast_owner');
SELECT proof.rule($$
  SELECT rolname FROM pg_roles
  WHERE rolname = 'holdfast_owner'
    AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication)
  UNION ALL
  SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'holdfast_owner'::regrole $$,
  'holdfast_owner cannot log in, is no superuser, bypasses no policy, makes no role and is member of none');

-- Words

SELECT proof.rule($$ SELECT name, relkind FROM proof.relations WHERE relkind <> 'S' AND coalesce(obj_description(oid, 'pg_class'), '') = '' $$,
  'every table and view has a comment');
SELECT proof.rule($$
  SELECT r.name, a.attname FROM proof.relations r
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE r.relkind <> 'S' AND coalesce(col_description(r.oid, a.attnum), '') = '' $$,
  'every column has a comment');
SELECT proof.rule($$
  SELECT name FROM proof.functions
  WHERE NOT EXISTS (SELECT FROM pg_description d WHERE d.objoid = oid AND d.classoid = 'pg_proc'::regclass AND d.description <> '') $$,
  'every function has a comment');
SELECT proof.rule($$
  SELECT nspname FROM pg_namespace WHERE nspname IN ('holdfast', 'holdfast_private') AND coalesce(obj_description(oid, 'pg_namespace'), '') = '' $$,
  'every schema of holdfast has a comment');
