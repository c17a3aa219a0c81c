CREATE FUNCTION holdfast_private.cancel_subscription(
    organization_id uuid, company_id uuid, reason text DEFAULT NULL, effective text DEFAULT 'period_end')
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
    v_today date;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    IF effective IS NULL OR effective NOT IN ('now', 'period_end') THEN
        PERFORM holdfast_private.raise_invalid('effective', 'must be now or period_end');
    END IF;
    v_subscription := holdfast_private.require_subscription(organization_id, company_id);
    v_today := holdfast_private.company_today(organization_id, company_id);
    PERFORM set_config('holdfast_private.subscription_reason', coalesce(holdfast_private.normal_text('reason', reason, 1000), ''), true);
    UPDATE @api@.company_subscriptions AS s
    SET status = CASE effective WHEN 'now' THEN 'cancelled' ELSE s.status END,
        auto_renew = false,
        end_date = CASE WHEN effective = 'now' THEN v_today
                        WHEN s.status = 'trial' THEN s.trial_end_date
                        ELSE holdfast_private.cycle_end(s.start_date, p.billing_cycle, v_today) END,
        next_plan_id = NULL,
        next_plan_date = NULL,
        cancellation_date = v_today,
        cancellation_reason = holdfast_private.normal_text('reason', cancel_subscription.reason, 1000)
    FROM @api@.company_subscription_plans AS p
    WHERE s.organization_id = v_subscription.organization_id AND s.id = v_subscription.id
      AND p.organization_id = s.organization_id AND p.id = s.plan_id;
    PERFORM set_config('holdfast_private.subscription_reason', '', true);
    RETURN holdfast_private.subscription_json(organization_id, v_subscription.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_subscription(uuid, uuid, text, text) IS
'Ends the subscription of a company, now or at the end of the running cycle or trial (period_end): {"subscription", "plan"}. Until then it goes on as it is. For admins. Errors: company_not_found, subscription_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_subscription(uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_subscription(uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
