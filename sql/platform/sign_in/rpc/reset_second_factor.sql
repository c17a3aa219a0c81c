CREATE FUNCTION holdfast_private.reset_second_factor(organization_id uuid, user_id uuid, reason text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reason text;
BEGIN
    PERFORM holdfast_private.require_account(organization_id, user_id);
    v_reason := holdfast_private.required_text('reason', reason, 1000);
    DELETE FROM @api@.two_factor_auth AS f
    WHERE f.organization_id = reset_second_factor.organization_id AND f.user_id = reset_second_factor.user_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('factor_not_found');
    END IF;
    PERFORM holdfast_private.end_sessions(organization_id, user_id, 'second_factor');
    PERFORM holdfast_private.security_event(organization_id, user_id, 'second_factor_disabled',
        jsonb_build_object('by', 'admin', 'reason', v_reason), 'success');
    RETURN jsonb_build_object('disabled', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.reset_second_factor(uuid, uuid, text) IS
'Ends the second factor of somebody who has lost it and their backup codes, and their login sessions: {"disabled": true}. For admins, not for themselves nor for whoever may do more. Errors: forbidden, account_not_found, factor_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.reset_second_factor(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reset_second_factor(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
