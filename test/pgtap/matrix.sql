-- Identity × table × row × operation: every cell of test/pgtap/expectations is tried.
BEGIN;
SELECT no_plan();

-- Nothing is left out: a new table, or a new identity, needs a decision.
SELECT is_empty($$
  SELECT r.name FROM proof.relations r LEFT JOIN proof.decisions d ON d.relation = r.name
  WHERE d.relation IS NULL AND r.relkind <> 'S' $$,
  'every table and view has a decision in test/pgtap/expectations');
SELECT is_empty($$
  SELECT d.relation FROM proof.decisions d LEFT JOIN proof.relations r ON d.relation = r.name WHERE r.name IS NULL $$,
  'every decision is about a table or view that exists');
SELECT is_empty($$
  SELECT d.relation, c.label, o.operation, i.name
  FROM proof.decisions d
  JOIN (SELECT relation, label FROM proof.rows UNION SELECT relation, label FROM proof.expected) c USING (relation)
  CROSS JOIN unnest('{select,insert,update,delete}'::text[]) o (operation)
  CROSS JOIN proof.identities i
  LEFT JOIN proof.expected e ON (e.relation, e.label, e.operation, e.identity) = (d.relation, c.label, o.operation, i.name)
  LEFT JOIN proof.rows r ON (r.relation, r.label) = (d.relation, c.label)
  WHERE d.no_access IS NULL AND (e.want IS NULL OR r.key IS NULL) $$,
  'every matrix has every identity and operation, for every row shown');
SELECT is_empty($$
  SELECT d.relation FROM proof.decisions d
  WHERE d.no_access IS NULL
    AND d.relation <> proof.api() || '.job_health' -- the installation's: it has nothing of any tenant
    AND NOT (EXISTS (SELECT FROM proof.expected e WHERE e.relation = d.relation AND e.label = 'foreign')
         AND EXISTS (SELECT FROM proof.expected e WHERE e.relation = d.relation AND e.label <> 'foreign')) $$,
  'every matrix has a row of the tenant and one of another');
SELECT is_empty($$
  SELECT e.* FROM proof.expected e
  JOIN proof.identities i ON i.name = e.identity
  JOIN proof.rows r USING (relation, label)
  WHERE e.want = '1' AND i.role <> 'service_role'
    AND i.tenant IS DISTINCT FROM coalesce(r.content ->> 'organization_id', r.content ->> 'id')::uuid
    AND coalesce(r.content ->> 'organization_id', '') <> '00000000-0000-0000-0000-000000000000' $$,
  'no expectation reaches another tenant''s row');

-- The cells.
CREATE TEMP TABLE tries AS
SELECT d.relation, t.* FROM proof.decisions d CROSS JOIN proof.tries(d.relation) t WHERE d.no_access IS NULL;

SELECT is(t.got, e.want, format('%s: %s row: %s: %s', e.relation, e.label, e.identity, e.operation))
FROM proof.expected e
LEFT JOIN tries t USING (relation, label, operation, identity)
JOIN proof.identities i ON i.name = e.identity
ORDER BY e.relation, e.label, array_position('{select,insert,update,delete}', e.operation), i.position;

-- Nobody moves a row into another tenant.
SELECT ok(t.got IN ('-', 'x', '0'), format('%s: %s row: %s: moved to another tenant: %s', t.relation, t.label, t.identity, t.got))
FROM tries t
JOIN proof.identities i ON i.name = t.identity
JOIN proof.rows f ON f.relation = t.relation AND f.label = 'foreign'
WHERE t.operation = 'move' AND i.role <> 'service_role'
  AND (t.label <> 'all' OR i.tenant IS DISTINCT FROM (f.content ->> 'organization_id')::uuid);

-- Without naming a row nobody reaches more than there is in their tenant (and, reading, of what is for everybody).
CREATE FUNCTION pg_temp.rows_of(relation text, tenant uuid, everywhere bool) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_count bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM %s WHERE %I = $1 OR $2 AND %2$I = ''00000000-0000-0000-0000-000000000000''', relation,
    CASE WHEN relation ~ '\.organizations$' THEN 'id' ELSE 'organization_id' END) INTO v_count USING tenant, everywhere;
  RETURN v_count;
END
$$;
SELECT ok(t.got IN ('-', 'x') OR t.got::bigint <= pg_temp.rows_of(t.relation, i.tenant, t.operation = 'select'),
          format('%s: all rows: %s: %s: %s', t.relation, t.identity, t.operation, t.got))
FROM tries t JOIN proof.identities i ON i.name = t.identity
WHERE t.label = 'all' AND t.operation <> 'move' AND i.role <> 'service_role';

-- Whoever comes by another way reaches what they reach otherwise, and who is hardly anybody at most what everybody reaches.
SELECT ok(CASE WHEN t.exactly THEN t.got = e.want ELSE t.got <> '1' OR e.want = '1' END,
          format('%s: %s row: %s, like %s: %s: %s', e.relation, e.label, t.name, t.alike, e.operation, t.got))
FROM proof.expected e
JOIN LATERAL (
  SELECT w.*, proof.attempt(w.name, proof.statement(e.relation, e.label, e.operation, w.role)) AS got
  FROM proof.twins w WHERE w.alike = e.identity) t ON true
WHERE e.operation = 'select' OR e.want <> '-';

-- Other forms of the same: each needs what its parts need.
SELECT ok(t.got <> '1' OR NOT EXISTS (
            SELECT FROM unnest(t.needs) n LEFT JOIN proof.expected e
              ON (e.relation, e.label, e.identity, e.operation) = (d.relation, t.label, t.identity, n)
            WHERE e.want IS DISTINCT FROM '1'),
          format('%s: %s row: %s: %s: %s', d.relation, t.label, t.identity, t.form, t.got))
FROM proof.decisions d CROSS JOIN proof.forms(d.relation) t
WHERE EXISTS (SELECT FROM proof.expected e JOIN proof.identities i ON i.name = e.identity
              WHERE e.relation = d.relation AND i.role = 'authenticated' AND e.operation <> 'select' AND e.want <> '-');
SELECT bag_eq(
  $$ SELECT form FROM proof.forms('public.message_settings') WHERE identity = 'admin' AND label = 'own' AND got = '1' $$,
  $$ SELECT DISTINCT form FROM proof.forms('public.message_settings') WHERE form !~ 'DELETE|TRUNCATE' $$,
  'and where all of them are allowed, every form reaches the row');

-- COPY reads under the same policies; writing by COPY PostgreSQL refuses where there are policies.
SELECT proof.become('client') \g /dev/null
COPY public.clients TO STDOUT \g /dev/null
\set copied :ROW_COUNT
RESET SESSION AUTHORIZATION;
SELECT is(:copied, 1, 'COPY shows a client themselves');

-- Where no access was decided there is no privilege of any kind, on no column, for any role of the API.
SELECT is_empty(format($$
  SELECT r.rolname, p.privilege
  FROM pg_roles r, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p (privilege)
  WHERE r.rolname IN ('anon', 'authenticated', 'service_role')
    AND (has_table_privilege(r.oid, %L, p.privilege)
         OR p.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            AND has_any_column_privilege(r.oid, %1$L, p.privilege)) $$, d.relation),
  format('%s: no access: %s', d.relation, d.no_access))
FROM proof.decisions d WHERE d.no_access IS NOT NULL;

SELECT * FROM finish();
ROLLBACK;
