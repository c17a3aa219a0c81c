-- A sealed column, in three steps:
--
--   1. a column of type bytea in a table that has organization_id and id
--   2. in data.sql of its module, once:
--        SELECT holdfast_private.register_sealed_column('holdfast_private.notes', 'body', 'notes.body');
--   3. in the bodies:
--        holdfast_private.seal_value('notes.body', organization_id, id, plaintext, subject)
--        holdfast_private.unseal_value('notes.body', organization_id, id, sealed)
--
-- The subject is the person whose data it is: shredding them makes it unreadable. NULL for what is nobody's own. The row's id must
-- be known before it is written, so take holdfast.uuid_v7() first.

CREATE FUNCTION holdfast_private.seal_value(
    context text, organization_id uuid, id uuid, plaintext text, subject uuid DEFAULT NULL)
RETURNS bytea
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.seal('holdfast_private.keyring', plaintext,
        concat(context, '/', organization_id, '/', id), subject);
END
$$;
COMMENT ON FUNCTION holdfast_private.seal_value(text, uuid, uuid, text, uuid) IS
'Seals a value for one column of one row, with the key of a subject or (NULL) of nobody. Errors: keys_unavailable, key_destroyed.';
REVOKE ALL ON FUNCTION holdfast_private.seal_value(text, uuid, uuid, text, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.unseal_value(context text, organization_id uuid, id uuid, sealed bytea)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.unseal('holdfast_private.keyring', sealed, concat(context, '/', organization_id, '/', id));
END
$$;
COMMENT ON FUNCTION holdfast_private.unseal_value(text, uuid, uuid, bytea) IS
'Opens what seal_value() made for the same column of the same row. Errors: keys_unavailable, key_destroyed.';
REVOKE ALL ON FUNCTION holdfast_private.unseal_value(text, uuid, uuid, bytea) FROM PUBLIC;

CREATE FUNCTION holdfast_private.register_sealed_column(rel regclass, column_name name, context text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT count(*) FROM pg_attribute AS a
        WHERE a.attrelid = rel AND (a.attname IN ('organization_id', 'id') AND a.atttypid = 'uuid'::regtype
            OR a.attname = register_sealed_column.column_name AND a.atttypid = 'bytea'::regtype)) <> 3
    THEN
        RAISE EXCEPTION 'table % needs organization_id and id of type uuid, and "%" of type bytea', rel, column_name
            USING ERRCODE = 'undefined_column';
    END IF;
    INSERT INTO holdfast_private.sealed_columns AS s (rel, column_name, context)
    VALUES (register_sealed_column.rel, register_sealed_column.column_name, register_sealed_column.context);
END
$$;
COMMENT ON FUNCTION holdfast_private.register_sealed_column(regclass, name, text) IS
'Tells the keyring''s jobs of a column whose values seal_value() makes with this context.';
REVOKE ALL ON FUNCTION holdfast_private.register_sealed_column(regclass, name, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.reseal_columns(most int)
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Longer than any transaction: until then somebody may still commit a value sealed before the rotation.
    c_settled CONSTANT interval := interval '1 day';
    v_newest record;
    v_column record;
    v_batch int;
    v_done int := 0;
    v_left boolean;
BEGIN
    SELECT k.key_version AS version, k.created_at < holdfast.clock() - c_settled AS settled INTO v_newest
    FROM holdfast_private.keyring AS k WHERE k.key_type = 'data' ORDER BY k.key_version DESC LIMIT 1;
    -- What is known to be done is not looked at again, so that nothing to do costs nothing, and needs no key.
    FOR v_column IN
        SELECT s.rel, s.column_name, s.context FROM holdfast_private.sealed_columns AS s
        WHERE s.resealed_version < v_newest.version ORDER BY s.context
    LOOP
        EXIT WHEN v_done >= most;
        v_batch := holdfast.reseal('holdfast_private.keyring', v_column.rel, v_column.column_name, v_column.context,
            '{organization_id,id}', most - v_done);
        v_done := v_done + v_batch;
        IF v_batch = 0 AND v_newest.settled THEN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %s AS t JOIN holdfast_private.keyring AS k ON k.id = holdfast.sealed_key(t.%I)
                                WHERE k.key_version < $1 AND k.destroyed_at IS NULL)', v_column.rel, v_column.column_name)
            INTO v_left USING v_newest.version;
            UPDATE holdfast_private.sealed_columns AS s SET resealed_version = v_newest.version
            WHERE s.rel = v_column.rel AND s.column_name = v_column.column_name AND NOT v_left;
        END IF;
    END LOOP;
    RETURN v_done;
END
$$;
COMMENT ON FUNCTION holdfast_private.reseal_columns(int) IS
'Seals at most so many values again that are sealed with an older key than the newest, over all registered columns; returns how many. Errors: keys_unavailable.';
REVOKE ALL ON FUNCTION holdfast_private.reseal_columns(int) FROM PUBLIC;
