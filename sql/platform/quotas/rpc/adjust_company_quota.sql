CREATE FUNCTION holdfast_private.adjust_company_quota(
    organization_id uuid, company_id uuid, sessions int, reason text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    IF sessions IS NULL OR sessions = 0 OR sessions NOT BETWEEN -1000000 AND 1000000 THEN
        PERFORM holdfast_private.raise_invalid('sessions', 'must be from -1000000 to 1000000, and not 0');
    END IF;
    PERFORM holdfast_private.require_subscription(organization_id, company_id);
    RETURN jsonb_build_object('company_id', company_id, 'sessions_remaining', holdfast.adjust(
        'holdfast_private.company_quota', organization_id, company_id, sessions,
        holdfast_private.required_text('reason', reason, 1000)));
END
$$;
COMMENT ON FUNCTION holdfast_private.adjust_company_quota(uuid, uuid, int, text) IS
'Gives a company more sessions in the running month, or takes some that are not used: {"company_id", "sessions_remaining"}. Who did it and why is in company_session_quota_history. For admins. Errors: company_not_found, subscription_not_found, quota_exhausted (fewer are left), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.adjust_company_quota(uuid, uuid, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.adjust_company_quota(uuid, uuid, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
