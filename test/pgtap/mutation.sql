-- Does the matrix bite? Each policy is broken in every way that fits it; some cell of its table must notice.
BEGIN;
SELECT no_plan();

CREATE TEMP VIEW mutants AS
WITH policies AS (
  SELECT t.name AS relation, p.polname, p.polcmd,
         format('POLICY %I ON %s', p.polname, t.name) AS policy,
         pg_get_expr(p.polqual, p.polrelid) AS qual, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
  FROM pg_policy p JOIN proof.tables t ON t.oid = p.polrelid)
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
         regexp_replace(qual, '\morganization_id = [a-z_.]+\(\)', 'true', 'g'),
         CASE WHEN with_check IS NULL AND polcmd IN ('w', '*') THEN format(' WITH CHECK (%s)', qual) END)
FROM policies WHERE qual ~ '\morganization_id = [a-z_.]+\(\)'
UNION ALL
SELECT relation, polname, 'WITH CHECK without its tenant', format('ALTER %s WITH CHECK (%s)', policy,
         regexp_replace(coalesce(with_check, qual), '\morganization_id = [a-z_.]+\(\)', 'true', 'g'))
FROM policies WHERE polcmd IN ('a', 'w', '*') AND coalesce(with_check, qual) ~ '\morganization_id = [a-z_.]+\(\)';

CREATE TEMP TABLE results (relation text, polname name, mutation text, noticed bigint);

DO $$
DECLARE
  v_mutant record;
  v_noticed bigint;
BEGIN
  FOR v_mutant IN SELECT * FROM mutants LOOP
    BEGIN
      EXECUTE v_mutant.statement;
      SELECT count(*) INTO v_noticed FROM proof.cells(v_mutant.relation) WHERE got <> want;
      RAISE EXCEPTION USING ERRCODE = 'PF001', MESSAGE = v_noticed;
    EXCEPTION
      WHEN SQLSTATE 'PF001' THEN
        INSERT INTO results VALUES (v_mutant.relation, v_mutant.polname, v_mutant.mutation, sqlerrm::bigint);
    END;
  END LOOP;
END
$$;

SELECT ok(noticed > 0, format('%s: policy %s, %s: noticed by %s cells', relation, polname, mutation, noticed))
FROM results ORDER BY relation, polname, mutation;

SELECT * FROM finish();
ROLLBACK;
