CREATE FUNCTION holdfast_private.reinstate_account(organization_id uuid, user_id uuid, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast_private.set_account_status(organization_id, user_id, 'active', reason);
END
$$;
COMMENT ON FUNCTION holdfast_private.reinstate_account(uuid, uuid, text) IS
'Lets somebody in again who was suspended or deleted: {"account"}. What ended then stays ended. For admins, under the rules of suspend_account. Errors: forbidden, account_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.reinstate_account(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reinstate_account(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
