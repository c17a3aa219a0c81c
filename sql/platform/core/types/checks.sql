-- What columns are checked by; here, because constraints come before functions.

CREATE FUNCTION holdfast_private.is_time_zone(name text)
RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Without digits nothing can be a POSIX rule, which PostgreSQL would take too.
    IF name !~ '^([A-Za-z_]+(/[A-Za-z_-]+)+|Etc/GMT[+-]1?[0-9]|UTC)$' THEN
        RETURN false;
    END IF;
    PERFORM timestamptz '2000-01-01 00:00+00' AT TIME ZONE name;
    RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION holdfast_private.is_time_zone(text) IS
'Whether a text is the name of an IANA time zone, like Europe/Lisbon: no abbreviations, no POSIX rules.';
REVOKE ALL ON FUNCTION holdfast_private.is_time_zone(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_email(value text)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT length(value) <= 254 AND value = lower(value)
       AND value ~ '^[^@[:space:]<>"(),:;\[\]\\]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$';
END;
COMMENT ON FUNCTION holdfast_private.is_email(text) IS
'Whether a text is an e-mail address in the form that we store: lower case, one @, a domain with a dot.';
REVOKE ALL ON FUNCTION holdfast_private.is_email(text) FROM PUBLIC;
