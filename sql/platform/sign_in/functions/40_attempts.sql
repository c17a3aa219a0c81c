-- What sign_in and those who ask for a password or a code again have in common.

CREATE FUNCTION holdfast_private.begin_attempt(organization_id uuid, email text, user_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_left int;
BEGIN
    -- One attempt at a time for one address, so that none is made that the count does not know of. Nobody waits in line.
    IF NOT pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'sign in', organization_id, email), 0)) THEN
        PERFORM holdfast.raise_error('rate_limited', '{"retry_after_seconds": 1}');
    END IF;
    v_left := holdfast_private.lock_left(organization_id, email);
    IF v_left IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM holdfast_private.record_attempt(organization_id, email, user_id, false, 'locked');
    RETURN holdfast.answer_error('locked', NULL, NULL, v_left);
END
$$;
COMMENT ON FUNCTION holdfast_private.begin_attempt(uuid, text, uuid) IS
'Begins an attempt to show a password or a code: null, or the answer locked (to be returned). Error: rate_limited (another is under way).';
REVOKE ALL ON FUNCTION holdfast_private.begin_attempt(uuid, text, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.fail_attempt(organization_id uuid, email text, user_id uuid, reason text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.record_attempt(organization_id, email, user_id, false, reason);
    RETURN holdfast.answer_error('not_authenticated', NULL, 'The e-mail address, the password or the code is wrong.');
END
$$;
COMMENT ON FUNCTION holdfast_private.fail_attempt(uuid, text, uuid, text) IS
'The one answer to whatever was wrong (to be returned, so that the attempt stays counted).';
REVOKE ALL ON FUNCTION holdfast_private.fail_attempt(uuid, text, uuid, text) FROM PUBLIC;
