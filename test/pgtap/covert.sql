-- Covert channels: what somebody may not see answers exactly as what does not exist, through RPCs, foreign keys, unique keys and
-- exclusion constraints; statistics, activity and functions that look on tell nothing either; and nothing that a session can
-- make or set for itself changes an answer. What is no channel of ours, or cannot be closed, docs/security.md says.
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

-- Unique keys and exclusion constraints: what one tenant has may be had by another. The new tenant does not exist, so where
-- something is wrong with the row it is that.
CREATE FUNCTION pg_temp.copied(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  EXECUTE statement;
  RAISE EXCEPTION SQLSTATE 'PF000';
EXCEPTION WHEN OTHERS THEN
  RETURN sqlstate;
END
$$;
SELECT ok(pg_temp.copied(s.statement) NOT IN ('23505', '23P01'), format('%s: %s row: another tenant may have the same', s.relation, s.label))
FROM (
  SELECT r.relation, r.label, format('INSERT INTO %s (%s) VALUES (%s)', r.relation, string_agg(format('%I', a.attname), ', '),
         string_agg(CASE WHEN a.attname = 'organization_id' THEN quote_literal(gen_random_uuid()) ELSE format('%L', r.content ->> a.attname) END, ', ')) AS statement
  FROM proof.rows r JOIN pg_class c ON c.oid = r.relation::regclass AND c.relkind = 'r'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
  WHERE r.content ? 'organization_id'
  GROUP BY r.relation, r.label) s;
-- Where clients write themselves, a double is refused without saying of what.
SELECT unalike(proof.error_of('admin', proof.statement(relation, 'own', 'insert', 'authenticated')), '%Key (%', relation || ': no value in an error')
FROM (VALUES ('public.specialist_weights'), ('public.waitlist_settings'), ('public.message_settings')) t (relation);

-- A function that looks on: the planner shows it no row that a policy hides, however cheap it says it is.
CREATE TEMP TABLE shown (n int);
GRANT INSERT ON shown TO authenticated;
CREATE FUNCTION pg_temp.look(row_text text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
  INSERT INTO shown VALUES (1);
  RETURN true;
END
$$;
CREATE FUNCTION pg_temp.looked(identity text, relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_seen bigint;
  v_shown bigint;
BEGIN
  DELETE FROM shown;
  PERFORM proof.become(identity);
  EXECUTE format('SELECT count(*) FROM %s AS t', relation) INTO v_seen;
  EXECUTE format('SELECT count(*) FROM %s AS t WHERE pg_temp.look(t::text)', relation);
  RESET SESSION AUTHORIZATION;
  SELECT count(*) INTO v_shown FROM shown;
  RETURN CASE WHEN v_shown = v_seen THEN 'no more than it sees' ELSE format('%s of %s', v_shown, v_seen) END;
END
$$;
SELECT is(pg_temp.looked(i, d.relation), 'no more than it sees', format('%s: what a function is shown: %s', d.relation, i))
FROM proof.decisions d JOIN proof.tables t ON t.name = d.relation, unnest('{stranger,client,admin,super}'::text[]) i
WHERE d.no_access IS NULL AND t.schema = proof.api();

-- Statistics, activity, and what the catalog says of what one may not name.
CREATE FUNCTION pg_temp.counted(identity text, query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM proof.become(identity);
  EXECUTE query INTO v_count;
  RESET SESSION AUTHORIZATION;
  RETURN v_count;
END
$$;
ANALYZE;
SELECT cmp_ok(count(*)::int, '>', 0, 'there are statistics') FROM pg_stats WHERE schemaname = proof.api();
SELECT is(pg_temp.counted(i.name, q.query), 0::bigint, format('%s: %s', q.what, i.name))
FROM proof.identities i CROSS JOIN (VALUES
  ('statistics of columns', format('SELECT count(*) FROM pg_stats WHERE schemaname IN (%L, ''holdfast_private'')', proof.api())),
  ('extended statistics', 'SELECT count(*) FROM pg_stats_ext'),
  ('what others are doing', 'SELECT count(*) FROM pg_stat_activity WHERE query NOT IN ('''', ''<insufficient privilege>'') AND pid <> pg_backend_pid()'),
  ('tables of holdfast_private', 'SELECT count(*) FROM information_schema.columns WHERE table_schema = ''holdfast_private'' AND table_name NOT IN (''audit_log'', ''company_quota'', ''company_quota_periods'', ''company_quota_ledger'')'),
  ('settings that are theirs to set', 'SELECT count(*) FROM pg_settings WHERE name LIKE ''holdfast.%'' AND context = ''user''')) q (what, query)
WHERE i.role <> 'service_role';
SELECT is(proof.attempt(i.name, s), '-', format('%s: %s', s, i.name))
FROM proof.identities i, unnest(ARRAY['SELECT * FROM holdfast.stats', 'SELECT FROM pg_statistic', 'SELECT FROM pg_authid', 'SET holdfast.now = ''2000-01-01''',
  'SET session_replication_role = replica', 'SELECT pg_read_file(''postgresql.conf'')', 'CREATE TABLE public.mine ()', 'CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql RETURN 1',
  'CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = text, FUNCTION = texteq)', 'CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT', 'CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION mine()']) s
WHERE i.role <> 'service_role';
SELECT is(proof.attempt(i.name, 'SET LOCAL row_security = off; SELECT FROM public.clients'), '-', 'row security switched off: ' || i.name)
FROM proof.identities i WHERE i.role <> 'service_role';

-- What a session makes for itself: tables, functions and types of names that bodies use, first in its path.
SELECT is(proof.attempt(e.identity, $$
    CREATE TEMP TABLE user_roles (organization_id uuid, user_id uuid, role text);
    CREATE TEMP TABLE bookings (id uuid, status text); CREATE TEMP TABLE clients (id uuid); CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP TABLE pg_roles (oid oid);
    CREATE DOMAIN pg_temp.uuid AS text; CREATE DOMAIN pg_temp.jsonb AS text;
    CREATE FUNCTION pg_temp.uid() RETURNS pg_catalog.uuid LANGUAGE sql RETURN NULL::pg_catalog.uuid;
    CREATE FUNCTION pg_temp.org_id() RETURNS pg_catalog.uuid LANGUAGE sql RETURN NULL::pg_catalog.uuid;
    CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql RETURN '-infinity'::timestamptz;
    CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql RETURN 'x';
    SET LOCAL search_path = pg_temp, public, pg_catalog; $$ || c.statement), e.want, format('%s %s: %s, with objects of their own', e.operation, e.label, e.identity))
FROM proof.expected_calls e JOIN proof.calls c USING (operation, label)
WHERE e.identity = 'client' AND c.statement !~ '\mproof\.|::(uuid|jsonb)';

SELECT * FROM finish();
ROLLBACK;
