CREATE FUNCTION holdfast_private.resume_subscription(
    organization_id uuid, company_id uuid, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    v_subscription := holdfast_private.require_subscription(organization_id, company_id);
    IF v_subscription.status NOT IN ('suspended') THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_subscription.status, 'to', 'active'));
    END IF;
    PERFORM set_config('holdfast_private.subscription_reason', coalesce(holdfast_private.normal_text('reason', reason, 1000), ''), true);
    UPDATE @api@.company_subscriptions AS s
    SET status = CASE WHEN s.trial_end_date > holdfast_private.company_today(s.organization_id, s.company_id) THEN 'trial' ELSE 'active' END
    WHERE s.organization_id = v_subscription.organization_id AND s.id = v_subscription.id;
    PERFORM set_config('holdfast_private.subscription_reason', '', true);
    RETURN holdfast_private.subscription_json(organization_id, v_subscription.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.resume_subscription(uuid, uuid, text) IS
'Lets a suspended subscription run again: {"subscription", "plan"}; as a trial, when that is not over yet. For admins. Errors: company_not_found, subscription_not_found, invalid_transition (from, to), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.resume_subscription(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.resume_subscription(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
