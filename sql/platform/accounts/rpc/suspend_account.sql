CREATE FUNCTION holdfast_private.suspend_account(organization_id uuid, user_id uuid, reason text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    PERFORM holdfast_private.required_text('reason', reason, 1000);
    RETURN holdfast_private.set_account_status(organization_id, user_id, 'suspended', reason);
END
$$;
COMMENT ON FUNCTION holdfast_private.suspend_account(uuid, uuid, text) IS
'Keeps somebody out until reinstate_account: no sign-in, no reset, and their login sessions and API keys end: {"account"}. For admins, not for themselves nor for whoever may do more. Errors: forbidden, account_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.suspend_account(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.suspend_account(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
