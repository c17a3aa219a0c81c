CREATE FUNCTION holdfast_private.company_overview(
    organization_id uuid, company_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 1000;
    v_companies jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT holdfast_private.can('manage_companies') THEN
        IF NOT holdfast_private.can('manage_employees') OR holdfast_private.own_company_id() IS NULL THEN
            PERFORM holdfast.raise_error('forbidden');
        ELSIF company_id <> holdfast_private.own_company_id() THEN
            PERFORM holdfast.raise_error('company_not_found');
        END IF;
        company_id := holdfast_private.own_company_id();
    END IF;
    SELECT jsonb_agg(jsonb_build_object(
        'company_id', c.id, 'name', c.name, 'status', c.status, 'time_zone', c.time_zone,
        'subscription_status', s.status, 'plan_id', s.plan_id, 'plan', p.name,
        'trial_end_date', CASE s.status WHEN 'trial' THEN s.trial_end_date END,
        'renewal_date', CASE WHEN s.status <> 'cancelled' AND s.end_date IS NULL THEN
            CASE s.status WHEN 'trial' THEN s.trial_end_date
                          ELSE holdfast_private.cycle_end(s.start_date, p.billing_cycle, holdfast_private.company_today(c.organization_id, c.id)) END END,
        'end_date', s.end_date,
        'seats', p.max_employees,
        'active_employees', (SELECT count(*) FROM @api@.company_employees AS e
                             WHERE e.organization_id = c.organization_id AND e.company_id = c.id AND e.status = 'active'),
        'month', holdfast_private.quota_month(c.organization_id, c.id),
        'pending_increase', EXISTS (
            SELECT FROM @api@.quota_increase_requests AS r
            WHERE r.organization_id = c.organization_id AND r.company_id = c.id AND r.status = 'pending')) ORDER BY c.name)
    INTO v_companies
    FROM (SELECT c.* FROM @api@.companies AS c
          WHERE c.organization_id = company_overview.organization_id
              AND (company_overview.company_id IS NULL OR c.id = company_overview.company_id)
          ORDER BY c.name LIMIT c_most) AS c
    CROSS JOIN LATERAL holdfast_private.settled_subscription(c.organization_id, c.id) AS s
    LEFT JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id;
    IF v_companies IS NULL AND company_id IS NOT NULL THEN
        PERFORM holdfast.raise_error('company_not_found');
    END IF;
    RETURN jsonb_build_object('companies', coalesce(v_companies, '[]'));
END
$$;
COMMENT ON FUNCTION holdfast_private.company_overview(uuid, uuid) IS
'Each company with its subscription, people and sessions as they are today: {"companies": [{"company_id", "name", "status", "time_zone", "subscription_status", "plan_id", "plan", "trial_end_date", "renewal_date", "end_date", "seats", "active_employees", "month" (as in company_quota_report), "pending_increase"}]}, by name, at most 1,000. Of one company when company_id names it. For admins; HR gets their own company. Errors: company_not_found, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.company_overview(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.company_overview(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
