-- What a kernel's upgrade script looks like: CREATE for what is new, CREATE OR REPLACE for what has another body. A signature
-- that was released is never changed or dropped.
\echo Use "ALTER EXTENSION holdfast UPDATE" to load this file. \quit

-- >>> a function with another body
CREATE OR REPLACE FUNCTION is_email(value text)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT length(value) <= 200 AND value = lower(value)
       AND value ~ '^[^@[:space:][:cntrl:]<>"(),:;\[\]\\]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$';
END;

-- >>> a new function
CREATE FUNCTION example_id()
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_uuid_v7'
LANGUAGE C VOLATILE;
-- >>> with its comment
COMMENT ON FUNCTION example_id() IS
'An id.';
-- >>> and not for everybody
REVOKE ALL ON FUNCTION example_id() FROM PUBLIC;
