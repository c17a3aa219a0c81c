CREATE FUNCTION holdfast_private.peek_token(token text)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_found record;
    v_token @api@.account_tokens;
    v_state text;
BEGIN
    SELECT f.* INTO v_found
    FROM holdfast_private.find_secret(token, holdfast.token_prefix(split_part(token, '.', 1))) AS f;
    SELECT t.* INTO v_token FROM @api@.account_tokens AS t
    WHERE t.organization_id = v_found.organization_id AND t.id = v_found.token_id;
    v_state := holdfast_private.token_state(v_token);
    IF v_state = 'invalid' OR v_found.matches IS NOT TRUE THEN
        PERFORM holdfast.raise_error('token_invalid');
    END IF;
    RETURN jsonb_build_object('state', v_state, 'kind', v_token.kind, 'expires_at', v_token.expires_at)
        || CASE WHEN v_state = 'valid' THEN jsonb_build_object('email', v_token.email) ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION holdfast_private.peek_token(text) IS
'What a link is worth, without using it: {"state": "valid" | "used" | "expired", "kind", "expires_at"}, and "email" while it is valid. Changes nothing, by GET or POST, however often mail scanners and browsers look; prefer POST, since addresses are logged. Error: token_invalid.';
REVOKE ALL ON FUNCTION holdfast_private.peek_token(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.peek_token(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
