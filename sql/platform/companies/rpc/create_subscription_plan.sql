CREATE FUNCTION holdfast_private.create_subscription_plan(
    organization_id uuid, name text, sessions_per_month int DEFAULT NULL, max_employees int DEFAULT NULL, carry_limit int DEFAULT 0, carry_months int DEFAULT NULL, 
    trial_days int DEFAULT 0, billing_cycle text DEFAULT 'monthly', features jsonb DEFAULT NULL, price numeric DEFAULT NULL, 
    currency text DEFAULT NULL, sessions_per_employee int DEFAULT NULL, cancellation_notice_hours int DEFAULT NULL,
    waitlist_when_exhausted boolean DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_plan @api@.company_subscription_plans;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    INSERT INTO @api@.company_subscription_plans AS p (
        organization_id, name, sessions_per_month, max_employees, carry_limit, carry_months, trial_days, billing_cycle, features,
        price, currency, sessions_per_employee, cancellation_notice_hours, waitlist_when_exhausted)
    VALUES (
        create_subscription_plan.organization_id, holdfast_private.required_text('name', create_subscription_plan.name),
        create_subscription_plan.sessions_per_month, create_subscription_plan.max_employees,
        create_subscription_plan.carry_limit, create_subscription_plan.carry_months, create_subscription_plan.trial_days,
        create_subscription_plan.billing_cycle,
        coalesce(holdfast_private.json_object('features', create_subscription_plan.features), '{}'),
        create_subscription_plan.price, create_subscription_plan.currency, create_subscription_plan.sessions_per_employee,
        create_subscription_plan.cancellation_notice_hours, create_subscription_plan.waitlist_when_exhausted)
    RETURNING p.* INTO v_plan;
    RETURN jsonb_build_object('plan', to_jsonb(v_plan));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_subscription_plan(uuid, text, int, int, int, int, int, text, jsonb, numeric, text, int, int, boolean) IS
'Adds a plan that companies can subscribe to: {"plan"}. sessions_per_month and max_employees: null means no limit. carry_limit: how many unused sessions go over into the next month, null means all; carry_months: for how many months they can be used, null means for ever. sessions_per_employee: of those, how many each employee has whose own limit is not set. cancellation_notice_hours and waitlist_when_exhausted: null means as quota_settings say. billing_cycle: monthly or annual. price and currency are advisory. For admins. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_subscription_plan(uuid, text, int, int, int, int, int, text, jsonb, numeric, text, int, int, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_subscription_plan(uuid, text, int, int, int, int, int, text, jsonb, numeric, text, int, int, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
