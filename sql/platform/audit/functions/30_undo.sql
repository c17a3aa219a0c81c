-- Undoing one change.

CREATE FUNCTION holdfast_private.audited_key(rel regclass, organization_id uuid, entity_id text, new_values jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_parts text[] := string_to_array(entity_id, '/');
    v_key jsonb := '{}';
    v_column record;
    v_n int := 0;
BEGIN
    FOR v_column IN
        SELECT a.attname::text AS name
        FROM pg_index AS i
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = rel AND i.indisprimary
        ORDER BY k.n
    LOOP
        IF v_column.name = 'organization_id' THEN
            v_key := v_key || jsonb_build_object(v_column.name, organization_id);
        ELSE
            v_n := v_n + 1;
            v_key := v_key || jsonb_build_object(v_column.name,
                coalesce(new_values -> v_column.name, to_jsonb(replace(replace(v_parts[v_n], '%2F', '/'), '%25', '%'))));
        END IF;
    END LOOP;
    RETURN v_key;
END
$$;
COMMENT ON FUNCTION holdfast_private.audited_key(regclass, uuid, text, jsonb) IS
'The primary key, after the change, of the row that an audit row is about, as an object.';
REVOKE ALL ON FUNCTION holdfast_private.audited_key(regclass, uuid, text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.restorable(rel regclass, "values" jsonb, redact name[])
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kept jsonb;
    v_lost text[];
BEGIN
    -- updated_at is the trigger's to keep; a generated column makes itself.
    SELECT jsonb_object_agg(v.key, v.value) FILTER (WHERE v.key <> ALL (redact::text[])),
           array_agg(v.key ORDER BY v.key) FILTER (WHERE v.key = ANY (redact::text[]) AND v.value <> 'null')
    INTO v_kept, v_lost
    FROM jsonb_each("values") AS v
    JOIN pg_attribute AS a ON a.attrelid = rel AND a.attname = v.key AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE v.key <> 'updated_at';
    IF v_lost IS NOT NULL THEN
        PERFORM holdfast.raise_error('change_irreversible', jsonb_build_object('columns', v_lost),
            'The audit log does not keep the values of these columns.');
    END IF;
    RETURN coalesce(v_kept, '{}');
END
$$;
COMMENT ON FUNCTION holdfast_private.restorable(regclass, jsonb, name[]) IS
'The columns that can be written back; change_irreversible when one of them was redacted.';
REVOKE ALL ON FUNCTION holdfast_private.restorable(regclass, jsonb, name[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.undo_row(rel regclass, action text, key jsonb, old_values jsonb, new_values jsonb, redact name[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO, MDY'
SET intervalstyle = 'postgres'
AS $$
DECLARE
    v_where text := (SELECT format('(%s) = (SELECT %s FROM jsonb_populate_record(NULL::%s, $1) AS k)',
        string_agg(format('t.%I', c), ', '), string_agg(format('k.%I', c), ', '), rel) FROM jsonb_object_keys(key) AS c);
    v_columns text;
    v_back jsonb;
    v_now jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(t) FROM %s AS t WHERE %s FOR UPDATE', rel, v_where) INTO v_now USING key;
    IF (v_now IS NULL) <> (action = 'delete') OR EXISTS (
        SELECT FROM jsonb_each(new_values) AS n
        WHERE n.key <> ALL (redact::text[] || 'updated_at'::text) AND v_now ? n.key AND v_now -> n.key <> n.value)
    THEN
        PERFORM holdfast.raise_error('change_superseded');
    END IF;
    IF action = 'insert' THEN
        EXECUTE format('DELETE FROM %s AS t WHERE %s', rel, v_where) USING key;
        RETURN;
    END IF;
    v_back := holdfast_private.restorable(rel, old_values, redact);
    SELECT string_agg(quote_ident(c), ', ') INTO v_columns FROM jsonb_object_keys(v_back) AS c;
    IF action = 'delete' THEN
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1) AS r', rel, v_columns, v_columns, rel)
        USING v_back;
    ELSIF v_columns IS NOT NULL THEN
        EXECUTE format('UPDATE %s AS t SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%s, $2) AS r) WHERE %s',
            rel, v_columns, v_columns, rel, v_where)
        USING key, v_back;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.undo_row(regclass, text, jsonb, jsonb, jsonb, name[]) IS
'Puts a row back as it was before a change, if it still is as the change left it; else change_superseded. Columns that were redacted cannot be put back: change_irreversible.';
REVOKE ALL ON FUNCTION holdfast_private.undo_row(regclass, text, jsonb, jsonb, jsonb, name[]) FROM PUBLIC;
