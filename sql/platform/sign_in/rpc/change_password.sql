CREATE FUNCTION holdfast_private.change_password(organization_id uuid, current_password text, new_password text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own record;
    v_refusal jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT o.* INTO v_own FROM holdfast_private.own_place(organization_id) AS o;
    v_refusal := holdfast_private.begin_attempt(organization_id, v_own.email, v_own.user_id);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF NOT (holdfast.password_verify(current_password, holdfast_private.current_password(organization_id, v_own.user_id))).matches THEN
        RETURN holdfast_private.fail_attempt(organization_id, v_own.email, v_own.user_id, 'credentials');
    END IF;
    PERFORM holdfast_private.set_password(organization_id, v_own.user_id, 'new_password', new_password);
    PERFORM holdfast_private.end_sessions(organization_id, v_own.user_id, 'password',
        CASE WHEN holdfast.claim('iss') = 'holdfast' THEN holdfast.claim('session_id')::uuid END);
    PERFORM holdfast_private.security_event(organization_id, v_own.user_id, 'password_changed', '{"by": "owner"}', 'success');
    PERFORM holdfast_private.tell_account(organization_id, v_own.user_id, 'password_changed');
    RETURN jsonb_build_object('changed', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.change_password(uuid, text, text) IS
'Changes the caller''s own password; all their login sessions but the present one end, and an e-mail tells them: {"changed": true}. A wrong current password counts as a failed sign-in. Errors: not_authenticated, locked, answered; forbidden, rate_limited, invalid_input, raised.';
REVOKE ALL ON FUNCTION holdfast_private.change_password(uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.change_password(uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
