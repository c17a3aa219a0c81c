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
SELECT is(got, want, format('%s: %s row: %s %s', relation, label, identity, operation)) FROM proof.cells();

-- Without naming a row: whatever somebody can see or write lies in their own tenant.
SELECT is(proof.attempt(i.name, format(o.statement, t.name, coalesce(i.tenant, '00000000-0000-0000-0000-000000000001'))) IN ('0', '-'),
          true, format('%s: %s can %s nothing outside their tenant', t.name, i.name, o.operation))
FROM proof.tables t
JOIN proof.decisions d ON d.relation = t.name AND d.no_access IS NULL
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'organization_id'
CROSS JOIN proof.identities i
CROSS JOIN (VALUES
  ('read', 'SELECT FROM %s WHERE organization_id NOT IN (%L, ''00000000-0000-0000-0000-000000000000'')'),
  ('delete', 'DELETE FROM %s WHERE organization_id <> %L')) o (operation, statement)
WHERE i.role <> 'service_role';

-- Nobody moves a row into another tenant.
SELECT isnt(proof.attempt(i.name, format('UPDATE %s SET organization_id = %L WHERE %s', r.relation,
              f.content ->> 'organization_id', r.key)),
            '1', format('%s: %s cannot move the %s row to another tenant', r.relation, i.name, r.label))
FROM proof.rows r
JOIN proof.rows f ON f.relation = r.relation AND f.label = 'foreign'
CROSS JOIN proof.identities i
WHERE r.label <> 'foreign' AND i.role <> 'service_role' AND f.content ? 'organization_id';

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
