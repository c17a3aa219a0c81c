CREATE FUNCTION holdfast_private.accept_invitation(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast.uid();
    v_kind text := holdfast_private.token_kind_of(token);
BEGIN
    IF v_kind IS NULL OR NOT EXISTS (
        SELECT FROM holdfast_private.token_kinds AS k WHERE k.kind = v_kind AND k.joins)
    THEN
        RETURN holdfast_private.refuse_token('invalid');
    ELSIF v_user IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated', NULL, 'Sign in first, or sign up with the invitation.');
    END IF;
    -- The top-level claim is the auth server's word for an address that it knows to be theirs.
    RETURN holdfast_private.accept_token(v_kind, token, v_user, holdfast.claim('email'));
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_invitation(text) IS
'Accepts an invitation as whoever is signed in, whose token must carry the e-mail address that was invited: {"organization_id","user_id","roles"}. Who has no account yet accepts by sign_up (or at the auth server, and then here). Errors: not_authenticated, forbidden (another address, or another account in the organization has it); token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.accept_invitation(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.accept_invitation(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
