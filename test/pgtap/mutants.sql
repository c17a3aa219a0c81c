-- What is weakened is noticed: each grant that is not there is given, each key loses its tenant, each check of a body is
-- taken for passed, row security, search paths and owners are changed; one at a time, and taken back. A rule, a cell of the
-- matrix, or a call must go otherwise. What policies say is mutation.sql's.
-- One in twenty, or all of them with HOLDFAST_FULL=1 ("make mutants").
\getenv full HOLDFAST_FULL
\if :{?full}
\else
\set full ''
\endif
BEGIN;
SELECT no_plan();
SELECT set_config('proof.full', :'full', true) \g /dev/null

CREATE TEMP TABLE mutants (
  kind text,
  target text,
  statement text,
  relation text,  -- whose matrix is tried
  function oid  -- whose callers are called
);

-- Tables and views

INSERT INTO mutants
SELECT 'row security off', name, format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', name), name FROM proof.tables
UNION ALL
SELECT 'policy for PUBLIC', format('%s %I', t.name, p.polname), format('ALTER POLICY %I ON %s TO PUBLIC', p.polname, t.name), t.name
FROM pg_policy p JOIN proof.tables t ON t.oid = p.polrelid
UNION ALL
SELECT 'policy made restrictive', format('%s %I', tablename, policyname),
       format('DROP POLICY %I ON %I.%I; CREATE POLICY %1$I ON %2$I.%3$I AS RESTRICTIVE FOR %4$s TO %5$s %6$s %7$s', policyname, schemaname, tablename,
              cmd, array_to_string(roles, ', '), 'USING (' || qual || ')', 'WITH CHECK (' || with_check || ')'), format('%I.%I', schemaname, tablename)
FROM pg_policies WHERE schemaname IN (proof.api(), 'holdfast_private')
UNION ALL
SELECT 'policy dropped', format('%s %I', t.name, p.polname), format('DROP POLICY %I ON %s', p.polname, t.name), t.name
FROM pg_policy p JOIN proof.tables t ON t.oid = p.polrelid JOIN proof.decisions d ON d.relation = t.name AND d.no_access IS NOT NULL
UNION ALL
SELECT 'view that asks as its owner', name, format('ALTER VIEW %s SET (security_invoker = false)', name), name FROM proof.relations WHERE relkind = 'v'
UNION ALL
SELECT 'another owner', name, format('ALTER TABLE %s OWNER TO postgres', name), NULL FROM proof.relations WHERE relkind IN ('r', 'v')
UNION ALL
SELECT 'privilege of a table', format('%s on %s to %s', p, r.name, g.rolname), format('GRANT %s ON %s TO %s', p, r.name, g.rolname), r.name
FROM proof.relations r, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p, proof.api_roles g
WHERE r.relkind IN ('r', 'v') AND NOT has_table_privilege(g.rolname, r.oid, p)
UNION ALL
SELECT 'privilege of a column', format('%s (%I) on %s to %s', p, a.attname, r.name, g.rolname), format('GRANT %s (%I) ON %s TO %s', p, a.attname, r.name, g.rolname), r.name
FROM proof.relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped, unnest('{SELECT,INSERT,UPDATE}'::text[]) p, proof.api_roles g
WHERE r.relkind IN ('r', 'v') AND g.rolname IN ('anon', 'authenticated') AND NOT has_column_privilege(g.rolname, r.oid, a.attnum, p)
UNION ALL
SELECT 'privilege of a sequence', format('%s to %s', r.name, g.rolname), format('GRANT USAGE ON SEQUENCE %s TO %s', r.name, g.rolname), NULL
FROM proof.relations r, proof.api_roles g WHERE r.relkind = 'S'
UNION ALL
SELECT 'privilege for PUBLIC', format('%s on %s', p, r.name), format('GRANT %s ON %s TO PUBLIC', p, r.name), NULL
FROM proof.relations r, unnest('{SELECT,UPDATE}'::text[]) p WHERE r.relkind IN ('r', 'v')
UNION ALL
SELECT 'privilege of a schema', format('%s on %s to %s', p, n, g), format('GRANT %s ON SCHEMA %s TO %s', p, n, g), NULL
FROM unnest(ARRAY['holdfast', 'holdfast_private', proof.api()]) n, unnest('{USAGE,CREATE}'::text[]) p, unnest('{anon,authenticated,service_role,PUBLIC}'::text[]) g
WHERE NOT (p = 'USAGE' AND n = proof.api())
UNION ALL
SELECT 'trigger disabled', format('%s %I', t.name, g.tgname), format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname), NULL
FROM pg_trigger g JOIN proof.tables t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal;

-- Keys: without the tenant, and foreign keys not at all.

INSERT INTO mutants
SELECT 'key without its tenant', format('%s %s', t.name, i.indexrelid::regclass),
       format('CREATE UNIQUE INDEX ON %s (%s)%s', t.name, string_agg(quote_ident(a.attname), ', ' ORDER BY k.n), ' WHERE ' || pg_get_expr(i.indpred, i.indrelid)), NULL
FROM proof.tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique AND i.indexprs IS NULL
JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n) ON k.n <= i.indnkeyatts
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND a.attname <> 'organization_id'
WHERE t.name NOT IN (SELECT name FROM proof.untenanted)
GROUP BY t.name, i.indexrelid, i.indrelid, i.indpred
UNION ALL
SELECT 'foreign key without its tenant', format('%s %I', t.name, c.conname),
       format('ALTER TABLE %s DROP CONSTRAINT %I; CREATE UNIQUE INDEX ON %s (%s); ALTER TABLE %1$s ADD FOREIGN KEY (%5$s) REFERENCES %3$s (%4$s)', t.name, c.conname,
              c.confrelid::regclass, string_agg(quote_ident(f.attname), ', ' ORDER BY k.n), string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)), NULL
FROM proof.tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f' AND cardinality(c.conkey) > 1
JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (attnum, fattnum, n) ON true
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND a.attname <> 'organization_id'
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.fattnum
GROUP BY t.name, c.conname, c.confrelid
UNION ALL
SELECT 'foreign key dropped', format('%s %I', t.name, c.conname), format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, c.conname), NULL
FROM proof.tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f';

-- Functions

INSERT INTO mutants
SELECT 'function for PUBLIC', f.oid::regprocedure::text, format('GRANT EXECUTE ON ROUTINE %s TO PUBLIC', f.oid::regprocedure) FROM proof.functions f
UNION ALL
SELECT 'function for a role', format('%s to %s', f.oid::regprocedure, g.rolname), format('GRANT EXECUTE ON ROUTINE %s TO %s', f.oid::regprocedure, g.rolname)
FROM proof.functions f, proof.api_roles g WHERE NOT has_function_privilege(g.rolname, f.oid, 'EXECUTE')
UNION ALL
SELECT 'search path not set', f.oid::regprocedure::text, format('ALTER ROUTINE %s RESET search_path', f.oid::regprocedure)
FROM proof.functions f WHERE f.proconfig::text ~ 'search_path'
UNION ALL
SELECT 'wrapper that runs as its owner', f.oid::regprocedure::text, format('ALTER FUNCTION %s SECURITY DEFINER', f.oid::regprocedure)
FROM proof.functions f WHERE f.schema IN (proof.api(), 'holdfast') AND f.prokind = 'f'
UNION ALL
SELECT 'body that runs as its caller', f.oid::regprocedure::text, format('ALTER FUNCTION %s SECURITY INVOKER', f.oid::regprocedure)
FROM proof.functions f WHERE f.prosecdef AND has_function_privilege('authenticated', f.oid, 'EXECUTE')
UNION ALL
SELECT 'leakproof', f.oid::regprocedure::text, format('ALTER FUNCTION %s LEAKPROOF', f.oid::regprocedure) FROM proof.functions f WHERE f.prokind = 'f'
UNION ALL
SELECT 'another owner', f.oid::regprocedure::text, format('ALTER ROUTINE %s OWNER TO postgres', f.oid::regprocedure) FROM proof.functions f WHERE f.schema <> 'holdfast';

-- Checks in bodies and in what they call: each taken for passed.

INSERT INTO mutants
SELECT c.kind, format('%s #%s: %s', f.oid::regprocedure, n, regexp_substr(f.prosrc, c.pattern, 1, n)),
       replace(pg_get_functiondef(f.oid), f.prosrc, regexp_replace(f.prosrc, c.pattern, c.instead, 1, n)), NULL, f.oid
FROM proof.functions f
JOIN pg_language l ON l.oid = f.prolang AND l.lanname = 'plpgsql'
CROSS JOIN (VALUES
  ('caller not asked', 'PERFORM holdfast_private\.require_(?!seats|subscription|job\M)\w+\([^;]*\);', 'NULL;'),
  ('caller not asked', '\mholdfast_private\.require_(actor|permission|account)\([^;()]*\)(?=;)', 'holdfast.uid()'),
  ('permission granted', '\mholdfast_private\.(can|is_a)\([^()]*\)', 'true'),
  ('permission granted', '\mholdfast\.has_(permission|role)\([^()]*\)', 'true'),
  ('trusted', '\mholdfast_private\.is_(trusted|system)\(\)', 'true'),
  ('party to everything', '\mholdfast_private\.booking_party\([^()]*\) IS NULL', 'false'),
  ('self', '(?<=[= ])holdfast\.(uid|subject_id)\([^()]*\)(?= (THEN|OR|AND)\M)', 'ANY (SELECT NULL)')) c (kind, pattern, instead)
CROSS JOIN generate_series(1, regexp_count(f.prosrc, c.pattern)) n
WHERE f.schema = 'holdfast_private' AND f.prorettype <> 'trigger'::regtype AND c.kind <> 'self';


-- What calls what: the RPCs that a function can reach.
CREATE TEMP TABLE reached AS
WITH RECURSIVE names AS (SELECT DISTINCT f.oid, f.proname::text COLLATE "C" AS name, m[1] COLLATE "C" AS calls
  FROM proof.functions f, regexp_matches(f.prosrc, 'holdfast_private\.(\w+)', 'g') m WHERE f.schema = 'holdfast_private'),
callers (function, name) AS (
  SELECT f.oid, f.proname::text COLLATE "C" FROM proof.functions f WHERE f.oid IN (SELECT function FROM mutants)
  UNION SELECT c.function, n.name FROM callers c JOIN names n ON n.calls = c.name)
SELECT DISTINCT c.function, c.name AS operation FROM callers c WHERE EXISTS (SELECT FROM proof.calls WHERE operation = c.name);

-- Who notices: a rule, a cell, a call; null for nobody. The rule that noticed the one before is asked first.
CREATE FUNCTION pg_temp.noticed_by(mutant mutants, known text[], last_rule text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_rule record;
  v_noticed bool;
BEGIN
  IF mutant.function IS NULL THEN
    FOR v_rule IN SELECT title, query FROM proof.rules ORDER BY title = last_rule DESC NULLS LAST, position LOOP
      EXECUTE format('SELECT EXISTS (%s)', v_rule.query) INTO v_noticed;
      IF v_noticed THEN
        RETURN v_rule.title;
      END IF;
    END LOOP;
    IF EXISTS (SELECT FROM proof.tries(mutant.relation) AS t WHERE t::text <> ALL (known)) THEN
      RETURN 'the matrix';
    END IF;
    RETURN NULL;
  END IF;
  FOR v_rule IN
    SELECT e.identity, c.statement, e.want FROM reached AS r
    JOIN proof.calls AS c USING (operation) JOIN proof.every_call AS e USING (operation, label)
    WHERE r.function = mutant.function
    ORDER BY e.want IN ('1', '-'), e.identity NOT LIKE 'nobody%', e.operation, e.label, e.identity
  LOOP
    IF proof.attempt(v_rule.identity, v_rule.statement) IS DISTINCT FROM v_rule.want THEN
      RETURN 'the calls';
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;

-- A rule that finds something before anything is broken would notice everything.
DO $$
DECLARE
  v_rule record;
  v_noticed bool;
BEGIN
  FOR v_rule IN SELECT title, query FROM proof.rules LOOP
    EXECUTE format('SELECT EXISTS (%s)', v_rule.query) INTO v_noticed;
    IF v_noticed THEN
      RAISE EXCEPTION 'finds something already: %', v_rule.title;
    END IF;
  END LOOP;
END
$$;

CREATE TEMP TABLE results (kind text, target text, noticed_by text);
DO $$
DECLARE
  v_mutant mutants;
  v_relation text := '';
  v_known text[];
  v_last text;
BEGIN
  FOR v_mutant IN
    SELECT * FROM mutants WHERE current_setting('proof.full') <> '' OR hashtext(kind || target) % 20 = 0
    ORDER BY relation, kind, target
  LOOP
    IF v_mutant.relation <> v_relation THEN
      v_relation := v_mutant.relation;
      v_known := ARRAY(SELECT t::text FROM proof.tries(v_relation) AS t);
    END IF;
    BEGIN
      EXECUTE v_mutant.statement;
      RAISE EXCEPTION USING ERRCODE = 'PF001', MESSAGE = coalesce(pg_temp.noticed_by(v_mutant, v_known, v_last), '');
    EXCEPTION
      WHEN SQLSTATE 'PF001' THEN
        INSERT INTO results VALUES (v_mutant.kind, v_mutant.target, nullif(sqlerrm, ''));
        v_last := nullif(sqlerrm, '');
      WHEN unique_violation THEN
        -- Rows of two tenants have the same key already.
        INSERT INTO results VALUES (v_mutant.kind, v_mutant.target, 'the rows');
      WHEN OTHERS THEN
        INSERT INTO results VALUES (v_mutant.kind, v_mutant.target, 'FAILED: ' || sqlerrm);
    END;
  END LOOP;
END
$$;

-- Every kind by itself, and the score.
SELECT is((SELECT array_agg(target ORDER BY target) FROM results r WHERE r.kind = k.kind AND (noticed_by IS NULL OR noticed_by LIKE 'FAILED%')
             AND NOT EXISTS (SELECT FROM proof.equivalents e WHERE r.kind LIKE e.kind AND r.target LIKE e.target)),
          NULL, format('%s: %s of %s noticed, and %s that make no difference', k.kind, k.noticed, k.all, k.all - k.noticed))
FROM (SELECT kind, count(*) AS all, count(noticed_by) AS noticed FROM results GROUP BY kind) k ORDER BY kind;
SELECT is_empty($$
  SELECT e.kind, e.target FROM proof.equivalents e
  WHERE NOT EXISTS (SELECT FROM results r WHERE r.kind LIKE e.kind AND r.target LIKE e.target AND r.noticed_by IS NULL) $$,
  'nothing that makes a difference is among those that make none')
WHERE current_setting('proof.full') <> '';
SELECT diag(format('mutants: %s of %s noticed, %s are equivalent: score %s %%', noticed, total, equivalent, round(100.0 * noticed / (total - equivalent), 2)))
FROM (SELECT count(*) AS total, count(noticed_by) AS noticed,
             count(*) FILTER (WHERE noticed_by IS NULL AND EXISTS (SELECT FROM proof.equivalents e WHERE r.kind LIKE e.kind AND r.target LIKE e.target)) AS equivalent
      FROM results r) s;

SELECT * FROM finish();
ROLLBACK;
