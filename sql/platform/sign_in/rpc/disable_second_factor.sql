CREATE FUNCTION holdfast_private.disable_second_factor(organization_id uuid, password text, code text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own record;
    v_factor uuid;
    v_refusal jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT o.* INTO v_own FROM holdfast_private.own_place(organization_id) AS o;
    v_factor := holdfast_private.verified_factor(organization_id, v_own.user_id);
    IF v_factor IS NULL THEN
        PERFORM holdfast.raise_error('factor_not_found');
    END IF;
    v_refusal := holdfast_private.begin_attempt(organization_id, v_own.email, v_own.user_id);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF NOT (holdfast.password_verify(password, holdfast_private.current_password(organization_id, v_own.user_id))).matches THEN
        RETURN holdfast_private.fail_attempt(organization_id, v_own.email, v_own.user_id, 'credentials');
    ELSIF NOT holdfast_private.check_code(organization_id, v_factor, code) THEN
        RETURN holdfast_private.fail_attempt(organization_id, v_own.email, v_own.user_id, 'second_factor');
    END IF;
    DELETE FROM @api@.two_factor_auth AS f WHERE f.organization_id = disable_second_factor.organization_id AND f.id = v_factor;
    PERFORM holdfast_private.security_event(organization_id, v_own.user_id, 'second_factor_disabled', '{"by": "owner"}', 'success');
    RETURN jsonb_build_object('disabled', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.disable_second_factor(uuid, text, text) IS
'Ends the caller''s second factor, for their password and a code (or a backup code): {"disabled": true}. Errors: not_authenticated, locked, answered; forbidden, factor_not_found, rate_limited, raised.';
REVOKE ALL ON FUNCTION holdfast_private.disable_second_factor(uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.disable_second_factor(uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
