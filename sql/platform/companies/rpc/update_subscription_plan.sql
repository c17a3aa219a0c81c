CREATE FUNCTION holdfast_private.update_subscription_plan(
    organization_id uuid, plan_id uuid, name text DEFAULT NULL, is_active boolean DEFAULT NULL, features jsonb DEFAULT NULL, 
    price numeric DEFAULT NULL, currency text DEFAULT NULL)
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
    UPDATE @api@.company_subscription_plans AS p
    SET name = coalesce(holdfast_private.normal_text('name', update_subscription_plan.name), p.name),
        is_active = coalesce(update_subscription_plan.is_active, p.is_active),
        features = coalesce(holdfast_private.json_object('features', update_subscription_plan.features), p.features),
        price = coalesce(update_subscription_plan.price, p.price),
        currency = coalesce(update_subscription_plan.currency, p.currency)
    WHERE p.organization_id = update_subscription_plan.organization_id AND p.id = update_subscription_plan.plan_id
    RETURNING p.* INTO v_plan;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('plan_not_found');
    END IF;
    RETURN jsonb_build_object('plan', to_jsonb(v_plan));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_subscription_plan(uuid, uuid, text, boolean, jsonb, numeric, text) IS
'Changes what a plan is called and whether it can be chosen: {"plan"}. Null leaves a field as it is. What companies were promised, sessions and seats, does not change: make a new plan and move them. For admins. Errors: plan_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_subscription_plan(uuid, uuid, text, boolean, jsonb, numeric, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_subscription_plan(uuid, uuid, text, boolean, jsonb, numeric, text)'::regprocedure, '@api@', '{authenticated,service_role}');
