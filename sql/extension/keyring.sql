-- Sealed values: keyrings, envelope encryption, rotation, shredding, blind indexes.

CREATE FUNCTION create_keyring(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_keyring'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_keyring(text) IS
'Makes a keyring under the given name (with or without a schema) and returns it: a table of data keys, each wrapped by a key derived from the root key. Row security is on and the table belongs to the caller. Whoever uses it must own it: give others a SECURITY DEFINER function of the owner''s. No root key is needed to make one; its first keys are then made at first use.';
REVOKE ALL ON FUNCTION create_keyring(text) FROM PUBLIC;

CREATE FUNCTION seal(keyring regclass, plaintext text, context text, subject uuid DEFAULT NULL)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_seal'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION seal(regclass, text, text, uuid) IS
'Seals a text: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under the newest key of the keyring, or, with a subject, of that subject (made at first use, and destroyed by shred). The value has 57 bytes more than the text in UTF-8 and opens in the same context only: put the table, the column and the row''s id in it, so that nobody can move a value to another row. A NULL text gives NULL. Errors: keys_unavailable, key_destroyed (the subject was shredded), invalid_input.';
REVOKE ALL ON FUNCTION seal(regclass, text, text, uuid) FROM PUBLIC;

CREATE FUNCTION unseal(keyring regclass, sealed bytea, context text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_unseal'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION unseal(regclass, bytea, text) IS
'Opens what seal made in the same keyring and context. NULL gives NULL. Errors: keys_unavailable, key_destroyed (the value is gone for good), invalid_input; SQLSTATE XX001 for a value that is of another context or keyring, or that has been changed.';
REVOKE ALL ON FUNCTION unseal(regclass, bytea, text) FROM PUBLIC;

CREATE FUNCTION try_unseal(keyring regclass, sealed bytea, context text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_try_unseal'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION try_unseal(regclass, bytea, text) IS
'The same as unseal, but NULL where the key was destroyed: for lists in which some are gone.';
REVOKE ALL ON FUNCTION try_unseal(regclass, bytea, text) FROM PUBLIC;

CREATE FUNCTION sealed_key(sealed bytea)
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_sealed_key'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sealed_key(bytea) IS
'The id of the key that a value is sealed with, or NULL when it is no sealed value. An index on it makes resealing a large table cheap.';
REVOKE ALL ON FUNCTION sealed_key(bytea) FROM PUBLIC;

CREATE FUNCTION reseal_value(keyring regclass, sealed bytea, context text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_reseal_value'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION reseal_value(regclass, bytea, text) IS
'Opens a value and seals it again with the newest key of the keyring or of its subject. A value whose key was destroyed stays as it is. Errors: those of unseal.';
REVOKE ALL ON FUNCTION reseal_value(regclass, bytea, text) FROM PUBLIC;

CREATE FUNCTION reseal(
    keyring regclass, rel regclass, column_name name, context text,
    context_columns name[] DEFAULT '{}', batch int DEFAULT 1000)
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rows tid[];
    v_parts oid[];
    v_done int;
BEGIN
    IF num_nulls(keyring, rel, column_name, context, context_columns) > 0 THEN
        PERFORM holdfast.raise_error('invalid_input', jsonb_build_object(
            'field', CASE WHEN keyring IS NULL THEN 'keyring' WHEN rel IS NULL THEN 'rel' WHEN column_name IS NULL THEN 'column_name'
                          WHEN context IS NULL THEN 'context' ELSE 'context_columns' END,
            'reason', 'must not be null'));
    ELSIF batch IS NULL OR batch < 1 THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "batch", "reason": "must be at least 1"}');
    ELSIF NOT pg_has_role((SELECT c.relowner FROM pg_class AS c WHERE c.oid = keyring), 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of keyring %', keyring USING ERRCODE = 'insufficient_privilege';
    ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'reseal() runs at the isolation level READ COMMITTED only'
            USING ERRCODE = 'active_sql_transaction', HINT = 'At any other, a row that changed meanwhile would be an error.';
    END IF;
    -- A row that somebody is changing is left for the next call.
    EXECUTE format(
        'SELECT array_agg(r.ctid), array_agg(r.tableoid) FROM (
             SELECT t.ctid, t.tableoid FROM %1$s AS t JOIN %2$s AS k ON k.id = holdfast.sealed_key(t.%3$I)
             WHERE k.destroyed_at IS NULL AND k.key_type <> ''index''
               AND k.key_version < (SELECT max(n.key_version) FROM %2$s AS n WHERE n.subject IS NULL AND n.key_type = ''data'')
             LIMIT $1 FOR UPDATE OF t SKIP LOCKED) AS r', rel, keyring, column_name)
    INTO v_rows, v_parts USING batch;
    -- Each value is opened and sealed as it is now, in the statement that writes it.
    EXECUTE format(
        'UPDATE %1$s AS t SET %2$I = holdfast.reseal_value($1, t.%2$I,
             concat($2, (SELECT string_agg(''/'' || (to_jsonb(t) ->> c.name), '''' ORDER BY c.number)
                         FROM unnest($3) WITH ORDINALITY AS c (name, number))))
         WHERE t.ctid = ANY ($4) AND (t.ctid, t.tableoid) IN (SELECT r.ctid, r.part FROM unnest($4, $5) AS r (ctid, part))',
        rel, column_name)
    USING keyring, context, context_columns, v_rows, v_parts;
    GET DIAGNOSTICS v_done = ROW_COUNT;
    RETURN v_done;
END
$$;
COMMENT ON FUNCTION reseal(regclass, regclass, name, text, name[], int) IS
'Seals at most a batch of values of a column again that are sealed with an older key than the newest, and returns how many; call it until it returns 0, in a transaction each. The context of a row is the text, followed by a slash and the value (as in JSON) for each of the columns named. Rows that others are changing are left for the next call; no change is lost. Values whose key was destroyed stay as they are. Errors: invalid_input, keys_unavailable.';
REVOKE ALL ON FUNCTION reseal(regclass, regclass, name, text, name[], int) FROM PUBLIC;

CREATE FUNCTION rotate_keys(keyring regclass)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_rotate_keys'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION rotate_keys(regclass) IS
'Makes the next version of the keyring''s key and returns it. From its commit on everything new is sealed with it, and every subject gets a new key at its next use; what is sealed stays readable with the old keys until reseal has come by. The key for blind indexes stays. Errors: keys_unavailable.';
REVOKE ALL ON FUNCTION rotate_keys(regclass) FROM PUBLIC;

CREATE FUNCTION rewrap_keys(keyring regclass, batch int DEFAULT 1000)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_rewrap_keys'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION rewrap_keys(regclass, int) IS
'After a change of the root key (holdfast.root_key_file names the new one, holdfast.previous_root_key_file the old): wraps at most a batch of data keys by the new one that are not, and returns how many; call it until it returns 0. Nothing sealed is touched. Errors: keys_unavailable, invalid_input.';
REVOKE ALL ON FUNCTION rewrap_keys(regclass, int) FROM PUBLIC;

CREATE FUNCTION shred(keyring regclass, subject uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_shred'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION shred(regclass, uuid) IS
'Destroys all keys of a subject, and sees to it that the subject never gets another; returns how many there were. From its commit on, what was sealed for the subject cannot be opened and nothing new can be sealed for it. The row''s old version, with the wrapped key, stays in the table until vacuum, in the WAL until it is recycled, and in backups; docs/secrets.md says how to make those worthless. Errors: invalid_input.';
REVOKE ALL ON FUNCTION shred(regclass, uuid) FROM PUBLIC;

CREATE FUNCTION blind_index(value text, context text, keyring regclass DEFAULT NULL)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_blind_index'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION blind_index(text, text, regclass) IS
'A keyed digest of a value, 16 bytes of BLAKE2b (RFC 7693), for finding a sealed value by equality; the same value in another context gives another. The key is the keyring''s, which outlives every rotation; without a keyring it is derived from the root key and changes with it. Normalize the value first (lower case, trimmed). Equal values show as equal, so never use it for a column with few values. NULL gives NULL. Errors: keys_unavailable, invalid_input.';
REVOKE ALL ON FUNCTION blind_index(text, text, regclass) FROM PUBLIC;
