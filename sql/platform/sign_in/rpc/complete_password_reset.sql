CREATE FUNCTION holdfast_private.complete_password_reset(token text, new_password text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_taken record;
BEGIN
    SELECT t.* INTO v_taken FROM holdfast_private.take_token('password_reset', token) AS t;
    IF v_taken.state <> 'valid' THEN
        RETURN holdfast_private.refuse_token(v_taken.state);
    END IF;
    IF holdfast_private.account_status(v_taken.organization_id, v_taken.user_id) <> 'active' OR NOT EXISTS (
        SELECT FROM @api@.profiles AS p
        WHERE p.organization_id = v_taken.organization_id AND p.user_id = v_taken.user_id AND p.email = v_taken.email)
    THEN
        RETURN holdfast_private.refuse_token('expired');
    END IF;
    PERFORM holdfast_private.set_password(v_taken.organization_id, v_taken.user_id, 'new_password', new_password);
    PERFORM holdfast_private.use_token(v_taken.organization_id, v_taken.id, true);
    PERFORM holdfast_private.end_sessions(v_taken.organization_id, v_taken.user_id, 'password');
    PERFORM holdfast_private.clear_attempts(v_taken.organization_id, v_taken.email, v_taken.user_id);
    PERFORM holdfast_private.security_event(v_taken.organization_id, v_taken.user_id, 'password_changed', '{"by": "reset"}', 'success');
    PERFORM holdfast_private.tell_account(v_taken.organization_id, v_taken.user_id, 'password_changed');
    RETURN jsonb_build_object('changed', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.complete_password_reset(text, text) IS
'Sets a new password by a token that was mailed: {"changed": true}. All login sessions end, and they sign in anew, with their second factor if they have one; an e-mail tells them. A password that is refused (invalid_input: too short, too easy to guess, known from a breach, one of the last five) leaves the token good. Errors: invalid_input, raised; token_invalid, token_expired, token_used, answered.';
REVOKE ALL ON FUNCTION holdfast_private.complete_password_reset(text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.complete_password_reset(text, text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
