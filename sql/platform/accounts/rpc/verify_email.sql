CREATE FUNCTION holdfast_private.verify_email(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_taken record;
BEGIN
    SELECT t.* INTO v_taken FROM holdfast_private.take_token('email_verification', token) AS t;
    IF v_taken.state <> 'valid' THEN
        RETURN holdfast_private.refuse_token(v_taken.state);
    END IF;
    UPDATE @api@.profiles AS p SET email_verification_status = 'verified'
    WHERE p.organization_id = v_taken.organization_id AND p.user_id = v_taken.user_id AND p.email = v_taken.email;
    IF NOT FOUND THEN
        RETURN holdfast_private.refuse_token('expired'); -- their address is another by now
    END IF;
    PERFORM holdfast_private.use_token(v_taken.organization_id, v_taken.id, true);
    RETURN jsonb_build_object('organization_id', v_taken.organization_id, 'user_id', v_taken.user_id, 'email', v_taken.email,
        'email_verification_status', 'verified');
END
$$;
COMMENT ON FUNCTION holdfast_private.verify_email(text) IS
'Verifies the e-mail address that a token was mailed to: {"organization_id","user_id","email","email_verification_status"}. By POST, once; to look at a link first, use peek_token. Errors, which are answered and not raised, so that the attempt counts: token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.verify_email(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.verify_email(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
