CREATE FUNCTION holdfast_private.set_employee_quota(
    organization_id uuid, employee_id uuid, sessions_per_month int)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_employee @api@.company_employees;
    v_limit int;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT e.* INTO v_employee FROM @api@.company_employees AS e
    WHERE e.organization_id = set_employee_quota.organization_id AND e.id = set_employee_quota.employee_id
    FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT (holdfast_private.can('manage_companies')
                         OR holdfast_private.can('manage_employees') AND v_employee.company_id = holdfast_private.own_company_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('employee_not_found');
    ELSIF sessions_per_month NOT BETWEEN 0 AND 1000000 THEN
        PERFORM holdfast_private.raise_invalid('sessions_per_month', 'must be from 0 to 1000000');
    END IF;
    UPDATE @api@.company_employees AS e SET monthly_limit = set_employee_quota.sessions_per_month
    WHERE e.organization_id = v_employee.organization_id AND e.id = v_employee.id;
    v_limit := holdfast_private.employee_limit(organization_id, v_employee.company_id, v_employee.id);
    IF v_limit IS NOT NULL THEN
        PERFORM holdfast_private.sync_employee_quota(c.organization_id, v_employee.id, v_limit, c.time_zone)
        FROM @api@.companies AS c WHERE c.organization_id = v_employee.organization_id AND c.id = v_employee.company_id;
    END IF;
    RETURN jsonb_build_object('employee_id', v_employee.id, 'sessions_per_month', v_limit, 'sessions_remaining',
        CASE WHEN v_limit IS NOT NULL THEN holdfast.balance('holdfast_private.employee_quota', organization_id, v_employee.id) END);
END
$$;
COMMENT ON FUNCTION holdfast_private.set_employee_quota(uuid, uuid, int) IS
'Sets how many of the company''s sessions an employee has in a month: {"employee_id", "sessions_per_month", "sessions_remaining"}. At once: what is used in the running month counts. Null: as many as the plan gives everybody, or as the company has. For admins, and for the company''s own HR. Errors: employee_not_found (unknown or not yours), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.set_employee_quota(uuid, uuid, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_employee_quota(uuid, uuid, int)'::regprocedure, '@api@', '{authenticated,service_role}');
