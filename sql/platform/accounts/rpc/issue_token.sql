CREATE FUNCTION holdfast_private.issue_token(organization_id uuid, token_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_kind holdfast_private.token_kinds;
    v_token @api@.account_tokens;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    SELECT t.* INTO v_token FROM @api@.account_tokens AS t
    WHERE t.organization_id = issue_token.organization_id AND t.id = issue_token.token_id AND NOT t.silent
      AND t.void_at IS NULL AND num_nonnulls(t.accepted_at, t.rejected_at) = 0 AND t.expires_at > v_now
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('token_not_found');
    END IF;
    SELECT k.* INTO v_kind FROM holdfast_private.token_kinds AS k WHERE k.kind = v_token.kind;
    PERFORM holdfast_private.revoke_secrets(issue_token.organization_id, issue_token.token_id);
    UPDATE @api@.account_tokens AS t SET issued_at = v_now, expires_at = v_now + v_kind.lifetime
    WHERE t.organization_id = issue_token.organization_id AND t.id = issue_token.token_id;
    RETURN (SELECT jsonb_build_object(
        'token', holdfast_private.new_secret(issue_token.organization_id, issue_token.token_id, v_kind.prefix, v_now + v_kind.lifetime),
        'token_id', v_token.id, 'kind', v_token.kind, 'email', v_token.email, 'user_id', v_token.user_id,
        'expires_at', v_now + v_kind.lifetime, 'role', v_token.role, 'details', v_token.details,
        'organization', (SELECT o.name FROM @api@.organizations AS o WHERE o.id = v_token.organization_id),
        'display_name', p.display_name, 'locale', p.locale)
    FROM (SELECT) AS one
    LEFT JOIN @api@.profiles AS p ON p.organization_id = v_token.organization_id AND p.user_id = v_token.user_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.issue_token(uuid, uuid) IS
'Makes the token that was asked for and tells it this once, to the worker that mails it: {"token","token_id","kind","email","user_id","expires_at","role","details","organization","display_name","locale"}. Asked again, it makes another, and the one before is void; so a worker that failed asks again. For the service role and the system, nobody else ever sees a token that is not theirs. Errors: forbidden, token_not_found (nothing to send: none, used, void, too old, or not to be sent).';
REVOKE ALL ON FUNCTION holdfast_private.issue_token(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.issue_token(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
