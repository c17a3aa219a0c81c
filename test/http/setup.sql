-- What a DBA runs, and a probe in a schema of its own that raises any error of the contract.
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT holdfast.install();

CREATE SCHEMA http_probe;
GRANT USAGE ON SCHEMA http_probe TO anon, authenticated, service_role;
CREATE FUNCTION http_probe.raise(word text, details jsonb DEFAULT NULL, hint text DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT holdfast.raise_error(word, details, hint)';

-- The same as an answer, and what a call leaves behind.
CREATE TABLE http_probe.attempts (mark text);
GRANT SELECT ON http_probe.attempts TO authenticated;
CREATE FUNCTION http_probe.answer(
    mark text, word text, details jsonb DEFAULT NULL, hint text DEFAULT NULL, retry_after_seconds int DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO http_probe.attempts VALUES (mark);
    RETURN holdfast.answer_error(word, details, hint, retry_after_seconds);
END $$;

-- A door with each guard: a limit, and a code that locks after three wrong ones, told by raising or by answering.
CREATE FUNCTION http_probe.limited(caller text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM holdfast.enforce_rate_limit('probe', caller, 2, '1 minute');
    RETURN 'in';
END $$;
CREATE FUNCTION http_probe.enter(account text, code text, answering bool DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM holdfast.enforce_unlocked('probe', account);
    IF code = 'right' THEN
        PERFORM holdfast.clear_failures('probe', account);
        RETURN '{"entered": true}';
    END IF;
    PERFORM holdfast.record_failure('probe', account, 3, '10 minutes');
    IF answering THEN
        RETURN holdfast.answer_error('token_invalid');
    END IF;
    PERFORM holdfast.raise_error('token_invalid');
END $$;
