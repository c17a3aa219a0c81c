-- The matrix: identity × table × row × operation. What ought to happen is written in test/pgtap/expectations, what
-- does happen is tried here, statement by statement, each in a subtransaction that is rolled back.
--
-- A cell is one of
--   -   42501, no privilege          x   42501, the new row violates a policy
--   0   no row, nothing changed      1   the row was reached
--   or the HTTP status of an error of the contract: 404.

CREATE TABLE proof.identities (
  position int GENERATED ALWAYS AS IDENTITY,
  name text PRIMARY KEY,
  role name NOT NULL,
  claims jsonb NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  tenant uuid  -- the one organization whose rows it may reach; null: none
);

-- The same people by other ways, and those who are hardly anybody: exactly alike, or at most as much.
CREATE TABLE proof.twins (
  name text PRIMARY KEY,
  role name NOT NULL DEFAULT 'authenticated',
  claims jsonb NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  alike text NOT NULL REFERENCES proof.identities,
  exactly bool NOT NULL DEFAULT true
);

-- One row that the matrix tries, as it was made.
CREATE TABLE proof.rows (
  relation text,
  label text,  -- foreign = of another tenant
  key text NOT NULL,  -- a condition that finds it
  content jsonb NOT NULL,
  PRIMARY KEY (relation, label)
);

-- A decision on every relation: a matrix, or no access at all, and why.
CREATE TABLE proof.decisions (
  relation text PRIMARY KEY,
  no_access text
);

CREATE TABLE proof.expected (
  relation text,
  label text,
  operation text,
  identity text REFERENCES proof.identities,
  want text NOT NULL,
  PRIMARY KEY (relation, label, operation, identity)
);

-- Shows the matrix a row: the only one of the relation for which the condition holds. Values are kept as text, the
-- form in which they can be written back.
CREATE FUNCTION proof.show(relation text, label text, condition text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_content jsonb;
  v_key text;
BEGIN
  EXECUTE (
    SELECT format('SELECT jsonb_build_object(%s) FROM %s AS t WHERE %s',
      string_agg(format('%L, t.%I::text', attname, attname), ', '), relation, condition)
    FROM pg_attribute
    WHERE attrelid = relation::regclass AND attnum > 0 AND NOT attisdropped)
  INTO STRICT v_content;
  SELECT string_agg(format('%I = %L', a.attname, v_content ->> a.attname), ' AND ' ORDER BY k.position)
  INTO STRICT v_key
  FROM pg_index AS i
  CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indrelid = relation::regclass AND i.indisprimary;
  INSERT INTO proof.rows VALUES (show.relation, show.label, v_key, v_content);
EXCEPTION
  WHEN no_data_found OR too_many_rows THEN
    RAISE EXCEPTION 'the row % of % is not exactly one: %', label, relation, condition;
END
$$;

-- Reads a matrix: the first line names identities, each further one a row, an operation and a cell for each of them.
-- Several rows or operations with the same cells are joined by commas.
CREATE FUNCTION proof.read_matrix(title text, matrix text)
RETURNS TABLE (label text, operation text, identity text, want text)
LANGUAGE plpgsql AS $$
DECLARE
  v_identities text[];
  v_words text[];
  v_line text;
BEGIN
  FOREACH v_line IN ARRAY string_to_array(matrix, E'\n') LOOP
    CONTINUE WHEN btrim(v_line) = '' OR btrim(v_line) LIKE '--%';
    v_words := regexp_split_to_array(btrim(v_line), '\s+');
    IF v_identities IS NULL THEN
      v_identities := v_words;
    ELSIF cardinality(v_words) <> cardinality(v_identities) + 2 THEN
      RAISE EXCEPTION 'matrix of %: "%" has % words, not %', title, v_line, cardinality(v_words),
        cardinality(v_identities) + 2;
    ELSE
      RETURN QUERY SELECT l, o, t.name, v_words[t.position + 2]
      FROM unnest(v_identities) WITH ORDINALITY AS t (name, position),
           string_to_table(v_words[1], ',') AS l, string_to_table(v_words[2], ',') AS o;
    END IF;
  END LOOP;
END
$$;

-- Decides on a relation: this matrix.
CREATE FUNCTION proof.expect(relation text, matrix text) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO proof.decisions VALUES (relation, NULL);
  INSERT INTO proof.expected SELECT expect.relation, m.* FROM proof.read_matrix(relation, matrix) AS m;
END;

-- Decides on a relation: nobody.
CREATE FUNCTION proof.expect_no_access(relation text, reason text) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO proof.decisions VALUES (relation, reason);
END;

-- Becomes somebody, as PostgREST does it: logged in as authenticator, then the role, the claims and the headers.
CREATE FUNCTION proof.become(identity text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_identity record;
BEGIN
  SELECT i.* INTO STRICT v_identity FROM (
    SELECT name, role, claims, headers FROM proof.identities UNION ALL SELECT name, role, claims, headers FROM proof.twins) AS i
  WHERE i.name = become.identity;
  PERFORM set_config('request.jwt.claims', v_identity.claims::text, true),
          set_config('request.headers', v_identity.headers::text, true),
          set_config('request.method', 'POST', true),
          set_config('request.path', '/', true),
          set_config('session_authorization', 'authenticator', true),
          set_config('role', v_identity.role, true);
END
$$;

-- Tries a statement as somebody, takes it back, and says in one word how it went.
CREATE FUNCTION proof.attempt(identity text, statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM proof.become(identity);
  EXECUTE statement;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RAISE EXCEPTION USING ERRCODE = 'PF000', MESSAGE = v_count;
EXCEPTION
  WHEN SQLSTATE 'PF000' THEN
    RETURN sqlerrm;
  WHEN insufficient_privilege THEN
    RETURN CASE WHEN sqlerrm LIKE 'new row violates row-level security policy%' THEN 'x' ELSE '-' END;
  WHEN object_not_in_prerequisite_state THEN
    -- A view over a function cannot be written at all, whatever was granted.
    RETURN CASE WHEN sqlerrm ~ '^cannot (insert into|update|delete from) view' THEN '-' ELSE format('%s:%s', sqlstate, sqlerrm) END;
  WHEN integrity_constraint_violation THEN
    RETURN '1';  -- Policies are checked before constraints: it got past them.
  WHEN SQLSTATE 'PGRST' THEN
    RETURN right(sqlerrm::jsonb ->> 'code', 3);
  WHEN OTHERS THEN
    RETURN CASE WHEN sqlstate LIKE 'PT%' THEN right(sqlstate, 3) ELSE format('%s:%s', sqlstate, sqlerrm) END;
END
$$;

-- The statement of a cell. It writes what is there already, to the columns that the role may write if there are
-- any; an inserted row gets a new id where the table has one of its own.
CREATE FUNCTION proof.statement(relation text, label text, operation text, role name) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_row proof.rows;
  v_names text[];
  v_values text[];
BEGIN
  SELECT r.* INTO STRICT v_row FROM proof.rows AS r
  WHERE r.relation = statement.relation AND r.label = statement.label;
  IF operation = 'select' THEN
    RETURN format('SELECT FROM %s WHERE %s', relation, v_row.key);
  ELSIF operation = 'delete' THEN
    RETURN format('DELETE FROM %s WHERE %s', relation, v_row.key);
  ELSIF operation = 'insert' AND v_row.key LIKE '%organization_id% id = %' THEN
    v_row.content := v_row.content || jsonb_build_object('id', gen_random_uuid());
  END IF;
  -- check_row() refuses doubles before the policies are asked.
  IF operation = 'insert' AND EXISTS (
    SELECT FROM pg_trigger AS t WHERE t.tgrelid = relation::regclass AND t.tgname = 'check_row')
  THEN
    v_row.content := v_row.content || (
      SELECT jsonb_object_agg(a.attname, (v_row.content ->> a.attname) || '_new')
      FROM pg_attribute AS a
      WHERE a.attrelid = relation::regclass AND a.atttypid = 'text'::regtype AND EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey::int2[])));
  END IF;
  WITH writable AS (
    SELECT a.attnum, format('%I', a.attname) AS name, format('%L', v_row.content ->> a.attname) AS value,
           has_column_privilege(statement.role, a.attrelid, a.attnum, operation) AS granted
    FROM pg_attribute AS a
    WHERE a.attrelid = relation::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND a.attidentity <> 'a')
  SELECT array_agg(name ORDER BY attnum), array_agg(value ORDER BY attnum)
  INTO STRICT v_names, v_values
  FROM writable
  WHERE granted OR NOT EXISTS (SELECT FROM writable WHERE granted);
  IF operation = 'insert' THEN
    RETURN format('INSERT INTO %s (%s) VALUES (%s)', relation, array_to_string(v_names, ', '),
      array_to_string(v_values, ', '));
  END IF;
  RETURN (
    SELECT format('UPDATE %s SET %s WHERE %s', relation, string_agg(name || ' = ' || value, ', '), v_row.key)
    FROM unnest(v_names, v_values) AS t (name, value));
END
$$;

-- Everything that is tried with a table: each row with each operation, and moving it into another tenant; and without
-- naming a row, where a policy for UPDATE or DELETE stands alone: reading, updating and deleting all there is.
CREATE FUNCTION proof.tries(relation text)
RETURNS TABLE (label text, operation text, identity text, got text)
LANGUAGE sql AS $$
  SELECT r.label, o.operation, i.name, proof.attempt(i.name, proof.statement(r.relation, r.label, o.operation, i.role))
  FROM proof.rows AS r
  CROSS JOIN unnest('{select,insert,update,delete}'::text[]) AS o (operation)
  CROSS JOIN proof.identities AS i
  WHERE r.relation = tries.relation
  UNION ALL
  SELECT m.label, 'move', i.name,
         proof.attempt(i.name, format('UPDATE %s SET organization_id = %L%s', tries.relation, f.content ->> 'organization_id',
                                      ' WHERE ' || m.key))
  FROM (SELECT r.label, r.key FROM proof.rows AS r WHERE r.relation = tries.relation AND r.label <> 'foreign'
        UNION ALL SELECT 'all', NULL) AS m
  JOIN proof.rows AS f ON f.relation = tries.relation AND f.label = 'foreign' AND f.content ? 'organization_id'
  CROSS JOIN proof.identities AS i
  UNION ALL
  SELECT 'all', o.operation, i.name, proof.attempt(i.name, format(o.statement, tries.relation))
  FROM proof.identities AS i
  CROSS JOIN (
    VALUES ('select', 'SELECT FROM %s'), ('delete', 'DELETE FROM %s')
    UNION ALL
    -- A column in no key, one that the role may write if there is one.
    (SELECT 'update', format('UPDATE %%s SET %I = DEFAULT', a.attname)
     FROM pg_attribute AS a
     WHERE a.attrelid = tries.relation::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       AND (a.atthasdef OR NOT a.attnotnull)
       AND NOT EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = a.attrelid AND a.attnum = ANY (x.indkey) AND x.indisunique)
     ORDER BY has_column_privilege('authenticated', a.attrelid, a.attnum, 'UPDATE') DESC, a.attnum
     LIMIT 1)
  ) AS o (operation, statement)
  WHERE EXISTS (SELECT FROM proof.rows AS r WHERE r.relation = tries.relation)
$$;

-- Other forms of what is tried, for tables that clients write: what must be allowed for the form to reach the row.
CREATE FUNCTION proof.forms(relation text)
RETURNS TABLE (label text, form text, needs text[], identity text, got text)
LANGUAGE sql AS $$
  SELECT r.label, f.form, f.needs, i.name, proof.attempt(i.name, f.statement)
  FROM proof.rows AS r
  CROSS JOIN proof.identities AS i
  CROSS JOIN LATERAL (SELECT
    proof.statement(r.relation, r.label, 'update', i.role) AS change,
    substring(proof.statement(r.relation, r.label, 'update', i.role) FROM ' SET (.*) WHERE ') AS assignments,
    (SELECT string_agg(format('%I', a.attname), ', ') FROM pg_index AS x JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
     WHERE x.indrelid = r.relation::regclass AND x.indisprimary) AS key_columns) AS p
  CROSS JOIN LATERAL (VALUES
    ('INSERT … ON CONFLICT DO UPDATE', '{insert,update}'::text[],
     format('%s ON CONFLICT (%s) DO UPDATE SET %s', proof.statement(r.relation, r.label, 'insert', i.role), p.key_columns, p.assignments)),
    ('MERGE … UPDATE', '{select,update}', format('MERGE INTO %s AS t USING (SELECT) AS s ON %s WHEN MATCHED THEN UPDATE SET %s', r.relation, r.key, p.assignments)),
    ('MERGE … DELETE', '{select,delete}', format('MERGE INTO %s AS t USING (SELECT) AS s ON %s WHEN MATCHED THEN DELETE', r.relation, r.key)),
    ('UPDATE … RETURNING', '{select,update}', p.change || ' RETURNING *'),
    ('DELETE … RETURNING', '{select,delete}', format('DELETE FROM %s WHERE %s RETURNING *', r.relation, r.key)),
    ('UPDATE … FROM', '{update}', format('UPDATE %s AS t SET %s FROM (SELECT) AS s WHERE %s', r.relation, p.assignments, r.key)),
    ('WITH … UPDATE', '{update}', format('WITH w AS (%s RETURNING 1) SELECT * FROM w', p.change)),
    ('SELECT … FOR UPDATE', '{select,update}', format('SELECT FROM %s WHERE %s FOR UPDATE', r.relation, r.key)),
    ('SELECT … FOR SHARE', '{select,update}', format('SELECT FROM %s WHERE %s FOR SHARE', r.relation, r.key)),
    ('TRUNCATE', '{truncate}', format('TRUNCATE %s CASCADE', r.relation))) AS f (form, needs, statement)
  WHERE r.relation = forms.relation AND i.role <> 'service_role'
$$;

-- Calls of RPCs, tried in the same way: on whom or what (label), which function (operation).
CREATE TABLE proof.calls (
  operation text,
  label text,
  statement text NOT NULL,
  PRIMARY KEY (operation, label)
);

CREATE TABLE proof.expected_calls (
  label text,
  operation text,
  identity text REFERENCES proof.identities,
  want text NOT NULL,
  PRIMARY KEY (label, operation, identity),
  FOREIGN KEY (operation, label) REFERENCES proof.calls
);

-- Every call with everybody: those above, whoever comes by another way, and who is nobody, who is told to sign in.
CREATE VIEW proof.every_call AS
SELECT label, operation, identity, want FROM proof.expected_calls
UNION ALL
SELECT e.label, e.operation, w.name, e.want FROM proof.expected_calls AS e JOIN proof.twins AS w ON w.alike = e.identity AND w.exactly
UNION ALL
SELECT c.label, c.operation, w.name, '401' FROM proof.calls AS c JOIN proof.twins AS w ON w.name LIKE 'nobody%'
WHERE EXISTS (SELECT FROM proof.expected_calls AS e WHERE (e.operation, e.label, e.identity, e.want) = (c.operation, c.label, 'anon', '-'));

CREATE FUNCTION proof.expect_calls(matrix text) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO proof.expected_calls SELECT m.* FROM proof.read_matrix('calls', matrix) AS m;
END;

-- The whole error of a statement as somebody (null: none), ids blotted out.
CREATE FUNCTION proof.error_of(identity text, statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
  v_hint text;
  v_constraint text;
BEGIN
  PERFORM proof.become(identity);
  EXECUTE statement;
  RAISE EXCEPTION SQLSTATE 'PF000';
EXCEPTION
  WHEN SQLSTATE 'PF000' THEN
    RETURN NULL;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT, v_constraint = CONSTRAINT_NAME;
    RETURN regexp_replace(concat_ws(' | ', sqlstate, sqlerrm, v_detail, v_hint, v_constraint),
      '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g');
END
$$;
