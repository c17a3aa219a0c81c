-- Does the matrix bite? Each policy is broken in every way that fits it, and something that is tried must go otherwise.
-- All columns are granted meanwhile, and the private schema opened, so that policies are judged alone, and not hidden
-- behind grants.
BEGIN;
SELECT no_plan();

CREATE TEMP VIEW mutants AS
WITH policies AS (
  SELECT t.name AS relation, p.polname, p.polcmd,
         format('POLICY %I ON %s', p.polname, t.name) AS policy,
         pg_get_expr(p.polqual, p.polrelid) AS qual, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
  FROM pg_policy p JOIN proof.decisions d ON d.relation::regclass = p.polrelid AND d.no_access IS NULL
  JOIN proof.tables t ON t.oid = p.polrelid),
-- The comparison with the tenant, in the forms that it has.
tenants (pattern) AS (VALUES ('\((organization_id|id) = holdfast\.org_id\(\)\)|\(organization_id = ANY \(ARRAY\[[^]]*\]\)\)'))
SELECT relation, polname, 'dropped' AS mutation, format('DROP %s', policy) AS statement FROM policies
UNION ALL
SELECT relation, polname, 'USING true', format('ALTER %s USING (true)%s', policy,
         CASE WHEN with_check IS NULL AND polcmd IN ('w', '*') THEN format(' WITH CHECK (%s)', qual) END)
FROM policies WHERE qual IS NOT NULL
UNION ALL
SELECT relation, polname, 'WITH CHECK true', format('ALTER %s WITH CHECK (true)', policy)
FROM policies WHERE polcmd IN ('a', 'w', '*')
UNION ALL
SELECT relation, polname, 'USING without its tenant', format('ALTER %s USING (%s)%s', policy,
         regexp_replace(qual, pattern, '(true)', 'g'),
         CASE WHEN with_check IS NULL AND polcmd IN ('w', '*') THEN format(' WITH CHECK (%s)', qual) END)
FROM policies, tenants WHERE qual IS NOT NULL
UNION ALL
SELECT relation, polname, 'WITH CHECK without its tenant', format('ALTER %s WITH CHECK (%s)', policy,
         regexp_replace(coalesce(with_check, qual), pattern, '(true)', 'g'))
FROM policies, tenants WHERE polcmd IN ('a', 'w', '*')
UNION ALL
-- Each condition on who is asking, taken for granted.
SELECT relation, polname, format('USING without %s', call), format('ALTER %s USING (%s)%s', policy, replace(qual, call, 'true'),
         CASE WHEN with_check IS NULL AND polcmd IN ('w', '*') THEN format(' WITH CHECK (%s)', qual) END)
FROM policies, LATERAL (SELECT DISTINCT m[1] AS call
  FROM regexp_matches(qual, '(holdfast\.has_(?:role|permission)\([^()]*\)|\(\w+ = holdfast\.(?:uid|subject_id)\([^()]*\)\)|\(holdfast\.subject_id\([^()]*\) = ANY \(\w+\)\))', 'g') m) c
UNION ALL
SELECT relation, polname, format('WITH CHECK without %s', call), format('ALTER %s WITH CHECK (%s)', policy, replace(with_check, call, 'true'))
FROM policies, LATERAL (SELECT DISTINCT m[1] AS call
  FROM regexp_matches(with_check, '(holdfast\.has_(?:role|permission)\([^()]*\))', 'g') m) c;

-- What no cell can notice, and why. The other tests say that it holds.
CREATE TEMP TABLE exceptions (relation text, mutation text, reason text);
INSERT INTO exceptions VALUES
  (proof.api() || '.clients', '%''view_clients''%', 'a specialist without the role is none to subject_id(), and the role has it unless an operator takes it away');

CREATE TEMP TABLE results (relation text, polname name, mutation text, noticed bigint);

DO $$
DECLARE
  v_relation text;
  v_mutant record;
  v_before text[];
BEGIN
  GRANT USAGE ON SCHEMA holdfast_private TO authenticated, service_role, plain_service;
  FOR v_relation IN SELECT DISTINCT relation FROM mutants LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO authenticated, service_role, plain_service', v_relation);
    v_before := ARRAY(SELECT t::text FROM proof.tries(v_relation) AS t);
    FOR v_mutant IN SELECT * FROM mutants WHERE relation = v_relation LOOP
      BEGIN
        EXECUTE v_mutant.statement;
        RAISE EXCEPTION USING ERRCODE = 'PF001',
          MESSAGE = (SELECT count(*) FROM proof.tries(v_relation) AS t WHERE t::text <> ALL (v_before));
      EXCEPTION
        WHEN SQLSTATE 'PF001' THEN
          INSERT INTO results VALUES (v_relation, v_mutant.polname, v_mutant.mutation, sqlerrm::bigint);
      END;
    END LOOP;
  END LOOP;
END
$$;

SELECT cmp_ok(count(*), '>', 0::bigint, 'there are mutants') FROM results;
SELECT ok(noticed > 0, format('%s: policy %s: %s: noticed %s times', relation, polname, mutation, noticed))
FROM results r
WHERE NOT EXISTS (SELECT FROM exceptions e WHERE e.relation = r.relation AND r.mutation LIKE e.mutation)
ORDER BY relation, polname, mutation;
SELECT is_empty($$
  SELECT e.* FROM exceptions e
  WHERE NOT EXISTS (SELECT FROM results r WHERE e.relation = r.relation AND r.mutation LIKE e.mutation AND r.noticed = 0) $$,
  'no exception outlives what it excused');

SELECT diag(format('policies: %s of %s mutants noticed', count(*) FILTER (WHERE noticed > 0), count(*))) FROM results;

SELECT * FROM finish();
ROLLBACK;
