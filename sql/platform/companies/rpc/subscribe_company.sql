CREATE FUNCTION holdfast_private.subscribe_company(
    organization_id uuid, company_id uuid, plan_id uuid, trial boolean DEFAULT true, auto_renew boolean DEFAULT true)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_running @api@.company_subscriptions;
    v_plan @api@.company_subscription_plans;
    v_today date;
    v_trial boolean;
    v_id uuid;
    v_constraint text;
    v_column text;
BEGIN
    v_user := holdfast_private.require_permission(organization_id, 'manage_companies');
    v_running := holdfast_private.lock_subscription(organization_id, company_id);
    IF v_running.id IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_running.status, 'to', 'trial'),
            'The company has a subscription; change its plan instead.');
    END IF;
    v_plan := holdfast_private.open_plan(organization_id, plan_id);
    PERFORM holdfast_private.require_seats(organization_id, company_id, v_plan.max_employees);
    v_today := holdfast_private.company_today(organization_id, company_id);
    -- A company tries once, whatever the plan.
    v_trial := trial AND v_plan.trial_days > 0 AND NOT EXISTS (
        SELECT FROM @api@.company_subscriptions AS s
        WHERE s.organization_id = subscribe_company.organization_id AND s.company_id = subscribe_company.company_id
          AND s.trial_end_date IS NOT NULL);
    INSERT INTO @api@.company_subscriptions AS s (
        organization_id, company_id, plan_id, status, start_date, trial_end_date, end_date, auto_renew, created_by)
    VALUES (
        subscribe_company.organization_id, subscribe_company.company_id, v_plan.id, CASE WHEN v_trial THEN 'trial' ELSE 'active' END,
        v_today, CASE WHEN v_trial THEN v_today + v_plan.trial_days END,
        CASE WHEN subscribe_company.auto_renew THEN NULL
             WHEN v_trial THEN v_today + v_plan.trial_days
             ELSE holdfast_private.cycle_end(v_today, v_plan.billing_cycle, v_today) END,
        subscribe_company.auto_renew, v_user)
    RETURNING s.id INTO v_id;
    RETURN holdfast_private.subscription_json(organization_id, v_id);
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.subscribe_company(uuid, uuid, uuid, boolean, boolean) IS
'Subscribes a company to a plan, from today on in its zone: {"subscription", "plan"}. With trial, and where the plan has one and the company never had one, it begins as a trial. Without auto_renew it ends with the trial, or with the first cycle. For admins. Errors: company_not_found, plan_not_found, seats_exhausted (the plan has fewer seats than the company has employees; details: seats, used), invalid_transition (it has a subscription), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.subscribe_company(uuid, uuid, uuid, boolean, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.subscribe_company(uuid, uuid, uuid, boolean, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
