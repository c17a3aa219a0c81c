-- Input that arrives as JSON: every field is checked by type before it is cast, so that no cast error of the server's reaches
-- a client. Absent and null mean the same.

CREATE FUNCTION holdfast_private.json_text(field text, value jsonb, max_length int)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) <> 'string' THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be a string');
    ELSIF char_length(value #>> '{}') > max_length THEN
        PERFORM holdfast_private.raise_invalid(field, format('must have at most %s characters', max_length));
    END IF;
    RETURN value #>> '{}';
END
$$;
COMMENT ON FUNCTION holdfast_private.json_text(text, jsonb, int) IS 'A JSON string as text; invalid_input for another type or one that is too long.';
REVOKE ALL ON FUNCTION holdfast_private.json_text(text, jsonb, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_uuid(field text, value jsonb)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) <> 'string'
        OR value #>> '{}' !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be a UUID');
    END IF;
    RETURN (value #>> '{}')::uuid;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_uuid(text, jsonb) IS 'A JSON string as a uuid; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_uuid(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_int(field text, value jsonb)
RETURNS int
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) <> 'number' THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be a whole number');
    ELSIF value::numeric NOT BETWEEN -2147483648 AND 2147483647 OR value::numeric <> trunc(value::numeric) THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be a whole number');
    END IF;
    RETURN value::int;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_int(text, jsonb) IS 'A JSON number as an int; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_int(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_date(field text, value jsonb)
RETURNS date
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
        BEGIN
            RETURN (value #>> '{}')::date;
        EXCEPTION WHEN data_exception THEN
            NULL; -- no such day
        END;
    END IF;
    PERFORM holdfast_private.raise_invalid(field, 'must be a date, like 2026-01-31');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_date(text, jsonb) IS
'A JSON string as a date, in ISO 8601; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_date(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_time(field text, value jsonb)
RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) = 'string' AND value #>> '{}' ~
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$'
    THEN
        BEGIN
            RETURN (value #>> '{}')::timestamptz;
        EXCEPTION WHEN data_exception THEN
            NULL; -- no such day or hour
        END;
    END IF;
    PERFORM holdfast_private.raise_invalid(field, 'must be a time in ISO 8601 with its offset, like 2026-01-31T09:00:00Z');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_time(text, jsonb) IS
'A JSON string as a time: ISO 8601 with an offset, finite; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_time(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_object(field text, value jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) <> 'object' THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be an object');
    ELSIF octet_length(value::text) > 65536 THEN
        PERFORM holdfast_private.raise_invalid(field, 'must have at most 65536 bytes');
    END IF;
    RETURN value;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_object(text, jsonb) IS
'A JSON object of at most 64 kB; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_object(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_list(field text, value jsonb, max_length int)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(value) <> 'array' THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be an array');
    ELSIF jsonb_array_length(value) > max_length THEN
        PERFORM holdfast_private.raise_invalid(field, format('must have at most %s elements', max_length));
    END IF;
    RETURN value;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_list(text, jsonb, int) IS
'A JSON array with at most so many elements; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.json_list(text, jsonb, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.json_body(body json)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_body jsonb;
BEGIN
    BEGIN
        v_body := body::jsonb;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        PERFORM holdfast_private.raise_invalid('body', 'holds a character or a number that cannot be stored');
    END;
    IF v_body IS NULL OR jsonb_typeof(v_body) <> 'object' THEN
        PERFORM holdfast_private.raise_invalid('body', 'must be an object');
    END IF;
    RETURN v_body;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_body(json) IS
'The body of a request as jsonb; invalid_input unless it is an object that jsonb can hold (json also takes \u0000 and endless numbers).';
REVOKE ALL ON FUNCTION holdfast_private.json_body(json) FROM PUBLIC;
