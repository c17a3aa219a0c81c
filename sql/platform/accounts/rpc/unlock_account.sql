CREATE FUNCTION holdfast_private.unlock_account(organization_id uuid, user_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_email text;
BEGIN
    PERFORM holdfast_private.require_account(organization_id, user_id);
    SELECT p.email INTO v_email FROM @api@.profiles AS p
    WHERE p.organization_id = unlock_account.organization_id AND p.user_id = unlock_account.user_id;
    PERFORM holdfast_private.clear_attempts(organization_id, v_email, user_id);
    PERFORM holdfast_private.security_event(organization_id, user_id, 'account_unlocked', NULL, 'success');
    RETURN jsonb_build_object('user_id', user_id, 'locked', false);
END
$$;
COMMENT ON FUNCTION holdfast_private.unlock_account(uuid, uuid) IS
'Ends the lock that failed sign-ins have put on somebody: {"user_id", "locked": false}. For admins. Errors: forbidden, account_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.unlock_account(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.unlock_account(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
