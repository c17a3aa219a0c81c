CREATE FUNCTION holdfast_private.change_plan(
    organization_id uuid, company_id uuid, plan_id uuid, effective text DEFAULT 'now', reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
    v_plan @api@.company_subscription_plans;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    IF effective IS NULL OR effective NOT IN ('now', 'period_end') THEN
        PERFORM holdfast_private.raise_invalid('effective', 'must be now or period_end');
    END IF;
    v_subscription := holdfast_private.require_subscription(organization_id, company_id);
    v_plan := holdfast_private.open_plan(organization_id, plan_id);
    PERFORM set_config('holdfast_private.subscription_reason', coalesce(holdfast_private.normal_text('reason', reason, 1000), ''), true);
    IF effective = 'now' THEN
        PERFORM holdfast_private.require_seats(organization_id, company_id, v_plan.max_employees);
        UPDATE @api@.company_subscriptions AS s
        SET plan_id = v_plan.id, next_plan_id = NULL, next_plan_date = NULL
        WHERE s.organization_id = v_subscription.organization_id AND s.id = v_subscription.id;
    ELSE
        UPDATE @api@.company_subscriptions AS s
        SET next_plan_id = v_plan.id,
            next_plan_date = holdfast_private.cycle_end(s.start_date, p.billing_cycle,
                holdfast_private.company_today(s.organization_id, s.company_id))
        FROM @api@.company_subscription_plans AS p
        WHERE s.organization_id = v_subscription.organization_id AND s.id = v_subscription.id
          AND p.organization_id = s.organization_id AND p.id = s.plan_id;
    END IF;
    PERFORM set_config('holdfast_private.subscription_reason', '', true);
    RETURN holdfast_private.subscription_json(organization_id, v_subscription.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.change_plan(uuid, uuid, uuid, text, text) IS
'Gives a company another plan, now or at the end of the running cycle (period_end): {"subscription", "plan"}. A later change takes the place of one that is still to come. Now, a plan with fewer seats than the company has employees is refused; at the end of the cycle nobody loses their seat, and nobody new gets one until there are enough. For admins. Errors: company_not_found, subscription_not_found, plan_not_found, seats_exhausted (seats, used), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.change_plan(uuid, uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.change_plan(uuid, uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
