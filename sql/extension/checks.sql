-- Checks for columns of any table; a CHECK constraint may call them.

CREATE FUNCTION is_time_zone(name text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_is_time_zone'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_time_zone(text) IS
'Whether a text is the name of an IANA time zone that the server knows, like Europe/Lisbon. Abbreviations and POSIX rules, which AT TIME ZONE takes as well, are not.';
REVOKE ALL ON FUNCTION is_time_zone(text) FROM PUBLIC;

CREATE FUNCTION is_email(value text)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT length(value) <= 254 AND value = lower(value)
       AND value ~ '^[^@[:space:][:cntrl:]<>"(),:;\[\]\\]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$';
END;
COMMENT ON FUNCTION is_email(text) IS
'Whether a text is an e-mail address as one should be stored, so that a unique constraint finds doubles: lower case, no white space, and a domain with a dot.';
REVOKE ALL ON FUNCTION is_email(text) FROM PUBLIC;
