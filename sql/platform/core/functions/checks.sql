-- Small checks that bodies share.

CREATE FUNCTION holdfast_private.raise_invalid(field text, reason text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', field, 'reason', reason));
END
$$;
COMMENT ON FUNCTION holdfast_private.raise_invalid(text, text) IS
'Raises invalid_input for an argument. The reason never repeats the client''s value.';
REVOKE ALL ON FUNCTION holdfast_private.raise_invalid(text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.normal_text(field text, value text, max_length int DEFAULT 200)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_value text := btrim(value, E' \t\r\n');
BEGIN
    IF length(v_value) > max_length THEN
        PERFORM holdfast_private.raise_invalid(field, format('is longer than %s characters', max_length));
    END IF;
    RETURN nullif(v_value, '');
END
$$;
COMMENT ON FUNCTION holdfast_private.normal_text(text, text, int) IS
'Trims a text from a client; empty becomes null, too long is invalid_input for the field.';
REVOKE ALL ON FUNCTION holdfast_private.normal_text(text, text, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.required_text(field text, value text, max_length int DEFAULT 200)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_value text := holdfast_private.normal_text(field, value, max_length);
BEGIN
    IF v_value IS NULL THEN
        PERFORM holdfast_private.raise_invalid(field, 'is required');
    END IF;
    RETURN v_value;
END
$$;
COMMENT ON FUNCTION holdfast_private.required_text(text, text, int) IS
'The same, where null and empty are invalid_input too.';
REVOKE ALL ON FUNCTION holdfast_private.required_text(text, text, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.normal_email(field text, value text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_email text := lower(holdfast_private.normal_text(field, value, 254));
BEGIN
    IF NOT holdfast.is_email(v_email) THEN
        PERFORM holdfast_private.raise_invalid(field, 'is not an e-mail address');
    END IF;
    RETURN v_email;
END
$$;
COMMENT ON FUNCTION holdfast_private.normal_email(text, text) IS
'An e-mail address as we store it; empty becomes null, anything else is invalid_input for the field.';
REVOKE ALL ON FUNCTION holdfast_private.normal_email(text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.touch()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.touch() IS
'Trigger: keeps updated_at.';
REVOKE ALL ON FUNCTION holdfast_private.touch() FROM PUBLIC;

CREATE FUNCTION holdfast_private.raise_violation(constraint_name text, column_name text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_type "char";
    v_field text;
BEGIN
    SELECT c.contype, a.attname::text INTO v_type, v_field
    FROM pg_constraint AS c
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[cardinality(c.conkey)]
    WHERE c.connamespace = '@api@'::regnamespace AND c.conname = constraint_name;
    IF v_type = 'f' THEN
        PERFORM holdfast.raise_error(regexp_replace(v_field, '_id$', '') || '_not_found');
    END IF;
    PERFORM holdfast_private.raise_invalid(coalesce(v_field, column_name),
        CASE WHEN v_type IS NULL THEN 'is required' WHEN v_type = 'c' THEN 'is not valid' ELSE 'is in use already' END);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.raise_violation(text, text) IS
'Never returns: raises the word for a constraint of the API schema that a body ran into, so that the tables alone say what is valid: invalid_input for the (last) column of a check, not null or unique constraint, THING_not_found for a foreign key on thing_id. Neither the constraint nor any value reaches the client.';
REVOKE ALL ON FUNCTION holdfast_private.raise_violation(text, text) FROM PUBLIC;
