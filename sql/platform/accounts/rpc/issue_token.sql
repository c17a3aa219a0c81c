CREATE FUNCTION holdfast_private.issue_token(organization_id uuid, token_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    RETURN holdfast_private.make_token(organization_id, token_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.issue_token(uuid, uuid) IS
'Makes the token that was asked for and tells it this once, to the worker that mails it: {"token","token_id","kind","email","user_id","expires_at","role","details","organization","display_name","locale"}. Asked again, it makes another, and the one before is void; so a worker that failed asks again. For the service role and the system, nobody else ever sees a token that is not theirs. Errors: forbidden, token_not_found (nothing to send: none, used, void, too old, or not to be sent).';
REVOKE ALL ON FUNCTION holdfast_private.issue_token(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.issue_token(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
