CREATE FUNCTION holdfast_private.confirm_second_factor(organization_id uuid, code text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own record;
    v_factor uuid;
    v_refusal jsonb;
BEGIN
    SELECT o.* INTO v_own FROM holdfast_private.own_place(organization_id) AS o;
    v_refusal := holdfast_private.begin_attempt(v_own.organization, v_own.email, v_own.user_id);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT f.id INTO v_factor FROM @api@.two_factor_auth AS f
    WHERE f.organization_id = v_own.organization AND f.user_id = v_own.user_id AND NOT f.is_verified;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('factor_not_found');
    ELSIF NOT holdfast_private.check_code(v_own.organization, v_factor, code) THEN
        RETURN holdfast_private.fail_attempt(v_own.organization, v_own.email, v_own.user_id, 'second_factor');
    END IF;
    UPDATE @api@.two_factor_auth AS f SET is_verified = true, verified_at = holdfast.clock()
    WHERE f.organization_id = v_own.organization AND f.id = v_factor;
    PERFORM holdfast_private.security_event(v_own.organization, v_own.user_id, 'second_factor_enrolled', NULL, 'success');
    RETURN jsonb_build_object('verified', true, 'backup_codes', holdfast_private.make_backup_codes(v_own.organization, v_factor));
END
$$;
COMMENT ON FUNCTION holdfast_private.confirm_second_factor(uuid, text) IS
'Ends the enrolment by a code of the authenticator; from now on signing in asks for one: {"verified": true, "backup_codes": […]}, ten codes that stand in for it once each, told this once. Errors: not_authenticated (wrong code; counts as a failed sign-in), locked, answered; forbidden, factor_not_found, rate_limited, keys_unavailable, raised.';
REVOKE ALL ON FUNCTION holdfast_private.confirm_second_factor(uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.confirm_second_factor(uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
