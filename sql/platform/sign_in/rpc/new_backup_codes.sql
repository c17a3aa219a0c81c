CREATE FUNCTION holdfast_private.new_backup_codes(organization_id uuid, code text)
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
    ELSIF NOT holdfast_private.check_code(organization_id, v_factor, code) THEN
        RETURN holdfast_private.fail_attempt(organization_id, v_own.email, v_own.user_id, 'second_factor');
    END IF;
    PERFORM holdfast_private.security_event(organization_id, v_own.user_id, 'backup_codes_made', NULL, 'success');
    RETURN jsonb_build_object('backup_codes', holdfast_private.make_backup_codes(organization_id, v_factor));
END
$$;
COMMENT ON FUNCTION holdfast_private.new_backup_codes(uuid, text) IS
'Ten new backup codes for a code of the second factor; those before are void: {"backup_codes": […]}, told this once. Errors: not_authenticated (wrong code), locked, answered; forbidden, factor_not_found, rate_limited, raised.';
REVOKE ALL ON FUNCTION holdfast_private.new_backup_codes(uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.new_backup_codes(uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
