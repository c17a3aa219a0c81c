CREATE FUNCTION holdfast_private.company_quota_report(
    organization_id uuid, company_id uuid, months int DEFAULT 6)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_all boolean;
    v_settings @api@.quota_settings;
    v_month jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_all := holdfast_private.can('view_all_usage');
    IF NOT (v_all OR holdfast_private.can('view_usage') AND company_id = holdfast_private.own_company_id()) IS TRUE
        OR NOT EXISTS (SELECT FROM @api@.companies AS c
                       WHERE c.organization_id = company_quota_report.organization_id AND c.id = company_quota_report.company_id)
    THEN
        PERFORM holdfast.raise_error('company_not_found');
    ELSIF months IS NULL OR months NOT BETWEEN 0 AND 24 THEN
        PERFORM holdfast_private.raise_invalid('months', 'must be from 0 to 24');
    END IF;
    SELECT q.* INTO v_settings FROM @api@.quota_settings AS q WHERE q.organization_id = company_quota_report.organization_id;
    v_month := holdfast_private.quota_month(organization_id, company_id);
    RETURN jsonb_build_object(
        'company_id', company_id,
        'month', v_month,
        'forecast', holdfast_private.quota_forecast(v_month),
        'people', CASE WHEN v_all OR coalesce(v_settings.show_people, true) THEN
            holdfast_private.quota_people(organization_id, company_id, (v_month ->> 'period_starts_at')::timestamptz) END,
        'months', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'month_year', p.month_year, 'allocated', p.allocated, 'used', p.used, 'remaining', p.allocated - p.used,
                'pillars', holdfast_private.quota_pillars(
                    p.organization_id, p.account, p.starts_at, CASE WHEN v_all THEN 1 ELSE coalesce(v_settings.minimum_group, 5) END))
                ORDER BY p.starts_at DESC), '[]')
            FROM (
                SELECT p.organization_id, p.account, p.starts_at, p.used,
                       CASE WHEN p.allocation < 500000000 THEN p.available END AS allocated,
                       holdfast_private.month_of(p.starts_at, c.time_zone) AS month_year
                FROM holdfast_private.company_quota_periods AS p
                JOIN @api@.companies AS c ON c.organization_id = p.organization_id AND c.id = p.account
                WHERE p.organization_id = company_quota_report.organization_id AND p.account = company_quota_report.company_id
                ORDER BY p.starts_at DESC
                LIMIT months) AS p));
END
$$;
COMMENT ON FUNCTION holdfast_private.company_quota_report(uuid, uuid, int) IS
'The use of a company''s sessions: {"company_id", "month" (the running one: month_year, allocated, carried_over, used, remaining, next_allocation, period_starts_at, period_ends_at), "forecast" (sessions_per_day, expected_use, exhausted_at), "people" ([{employee_id, display_name, department, cost_center, limit, used}] of the running month; null where the organization does not show them), "months" (as many that are over, the last one first: [{month_year, allocated, used, remaining, pillars: [{pillar_id, name, sessions}]}])}. Counts only. HR learns of pillars for months that are over and groups of the organization''s minimum_group people or more. For who has the permission view_usage (company_hr of that company) or view_all_usage (admins, without the minimum). Errors: company_not_found (unknown or not yours), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.company_quota_report(uuid, uuid, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.company_quota_report(uuid, uuid, int)'::regprocedure, '@api@', '{authenticated,service_role}');
