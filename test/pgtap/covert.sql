-- Covert channels: what somebody may not see answers exactly as what does not exist, through RPCs and foreign keys. That
-- no unique key reaches across tenants is a lint.
BEGIN;
SELECT no_plan();

-- Every id of another tenant, and of somebody else.
CREATE TEMP TABLE hidden AS
SELECT DISTINCT label, c.value AS id
FROM proof.rows r, jsonb_each_text(r.content) c
WHERE label IN ('foreign', 'other') AND c.key ~ '(^|_)id$' AND c.key NOT IN ('organization_id', 'created_by') AND c.value <> ''
UNION
SELECT split_part(name, ' ', 1), id::text FROM proof.keys WHERE name ~ '^(foreign|other) ';

-- RPCs: the id, and one that never was.
SELECT is(proof.error_of(i.name, c.statement), proof.error_of(i.name, replace(c.statement, h.id, gen_random_uuid()::text)),
          format('%s: %s id: %s learns nothing', c.operation, h.label, i.name))
FROM proof.calls c
JOIN hidden h ON strpos(c.statement, h.id) > 0
JOIN proof.expected_calls e ON (e.operation, e.label) = (c.operation, c.label)
JOIN proof.identities i ON i.name = e.identity
WHERE e.want = '404' AND (h.label = 'foreign' AND i.tenant IS DISTINCT FROM proof.id('other clinic') OR h.label = 'other' AND c.label = 'other');

-- Foreign keys, where clients write themselves: a row of another tenant is as good as none.
SELECT is(proof.error_of('admin', format(s.statement, quote_literal(f.content ->> s.parent_column))),
          proof.error_of('admin', format(s.statement, quote_literal(gen_random_uuid()))),
          format('%s: %s: whether the row is another tenant''s cannot be told', s.relation, s.constraint_name))
FROM (
  SELECT r.relation, c.conname AS constraint_name, p.relation AS parent, pa.attname AS parent_column,
         format('INSERT INTO %s (%s) VALUES (%s)', r.relation,
                string_agg(quote_ident(k.key), ', '),
                string_agg(CASE WHEN k.key = ca.attname THEN '%s' ELSE replace(format('%L', k.value), '%', '%%') END, ', ')) AS statement
  FROM proof.rows r
  JOIN pg_constraint c ON c.conrelid = r.relation::regclass AND c.contype = 'f' AND cardinality(c.conkey) = 2
  JOIN proof.decisions p ON p.relation::regclass = c.confrelid
  JOIN pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = c.conkey[2]
  JOIN pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = c.confkey[2]
  CROSS JOIN jsonb_each_text(r.content || jsonb_build_object(ca.attname, 'x', 'name', gen_random_uuid())) k
  WHERE r.label = 'own' AND has_column_privilege('authenticated', c.conrelid, ca.attnum, 'INSERT')
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attname = k.key
                AND has_column_privilege('authenticated', c.conrelid, a.attnum, 'INSERT'))
  GROUP BY r.relation, c.conname, p.relation, pa.attname) s
JOIN proof.rows f ON f.relation = s.parent AND f.label = 'foreign';

SELECT * FROM finish();
ROLLBACK;
