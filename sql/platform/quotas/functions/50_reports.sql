-- What HR may know: how many, never with whom or what for. Use by pillar is told of months that are over, and of groups: whoever
-- watches the count of a colleague and that of a pillar go up together would know both.

CREATE FUNCTION holdfast_private.quota_month(organization_id uuid, company_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'month_year', holdfast_private.month_of(s.period_starts_at, s.time_zone),
            'allocated', CASE WHEN s.allocation < 500000000 THEN s.available END,
            'carried_over', CASE WHEN s.allocation < 500000000 THEN s.carried END,
            'used', s.used,
            'remaining', CASE WHEN s.allocation < 500000000 THEN s.balance END,
            'next_allocation', CASE WHEN s.next_allocation < 500000000 THEN s.next_allocation END,
            'period_starts_at', s.period_starts_at,
            'period_ends_at', s.period_ends_at)
        FROM holdfast.quota_status('holdfast_private.company_quota', organization_id, company_id) AS s);
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_month(uuid, uuid) IS
'The running month of a company, as it is now: {"month_year", "allocated", "carried_over", "used", "remaining", "next_allocation", "period_starts_at", "period_ends_at"}; null without an account. Null numbers: the plan has no limit.';
REVOKE ALL ON FUNCTION holdfast_private.quota_month(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.quota_forecast(month jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_now CONSTANT timestamptz := holdfast.clock();
    v_starts_at CONSTANT timestamptz := month ->> 'period_starts_at';
    v_ends_at CONSTANT timestamptz := month ->> 'period_ends_at';
    -- a day at least, so that the first booking of a month foretells no flood
    v_days CONSTANT numeric := greatest(1, extract(epoch FROM v_now - v_starts_at) / 86400);
    v_rate CONSTANT numeric := (month ->> 'used')::numeric / v_days;
    v_left CONSTANT int := month ->> 'remaining';
    v_out_at timestamptz;
BEGIN
    IF month IS NULL THEN
        RETURN NULL;
    ELSIF v_left = 0 THEN
        v_out_at := v_now;
    ELSIF v_left < v_rate * extract(epoch FROM v_ends_at - v_now) / 86400 THEN
        v_out_at := v_now + make_interval(secs => (86400 * v_left / v_rate)::float8);
    END IF;
    RETURN jsonb_build_object(
        'sessions_per_day', round(v_rate, 2),
        'expected_use', round((month ->> 'used')::numeric + v_rate * greatest(0, extract(epoch FROM v_ends_at - v_now) / 86400)),
        'exhausted_at', date_trunc('second', v_out_at));
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_forecast(jsonb) IS
'From the use of a month so far: {"sessions_per_day", "expected_use" (by its end, if nothing limited it), "exhausted_at" (null when it lasts)}.';
REVOKE ALL ON FUNCTION holdfast_private.quota_forecast(jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.quota_people(organization_id uuid, company_id uuid, starts_at timestamptz)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'employee_id', e.id, 'display_name', e.display_name, 'department', e.department, 'cost_center', e.cost_center,
                   'limit', holdfast_private.employee_limit(e.organization_id, e.company_id, e.id),
                   'used', coalesce(u.used, 0)) ORDER BY e.display_name, e.id), '[]')
        FROM @api@.company_employees AS e
        LEFT JOIN (
            SELECT c.employee_id, -sum(l.amount)::int AS used
            FROM holdfast_private.company_quota_ledger AS l
            JOIN @api@.bookings AS b ON b.organization_id = l.organization_id AND b.id = l.reference
            JOIN @api@.clients AS c ON c.organization_id = b.organization_id AND c.id = b.client_id
            WHERE l.organization_id = quota_people.organization_id AND l.account = quota_people.company_id
                AND l.period_starts_at = quota_people.starts_at AND l.kind IN ('consume', 'refund')
            GROUP BY c.employee_id) AS u ON u.employee_id = e.id
        WHERE e.organization_id = quota_people.organization_id AND e.company_id = quota_people.company_id
            AND (e.status <> 'inactive' OR u.used > 0));
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_people(uuid, uuid, timestamptz) IS
'How many sessions each employee used in a month: [{"employee_id", "display_name", "department", "cost_center", "limit", "used"}].';
REVOKE ALL ON FUNCTION holdfast_private.quota_people(uuid, uuid, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.quota_pillars(organization_id uuid, company_id uuid, starts_at timestamptz, minimum_group int)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_pillars jsonb;
    v_shown jsonb := '[]';
    v_people uuid[] := '{}';
    v_sessions int := 0;
    v_pillar jsonb;
BEGIN
    SELECT jsonb_agg(to_jsonb(p) ORDER BY cardinality(p.people), p.pillar_id) INTO v_pillars
    FROM (
        SELECT coalesce(y.pillar_id, s.pillar_id) AS pillar_id, -sum(l.amount)::int AS sessions,
               array_agg(DISTINCT b.client_id) AS people
        FROM holdfast_private.company_quota_ledger AS l
        JOIN @api@.bookings AS b ON b.organization_id = l.organization_id AND b.id = l.reference
        JOIN @api@.specialists AS s ON s.organization_id = b.organization_id AND s.id = b.specialist_id
        LEFT JOIN @api@.session_types AS y ON y.organization_id = b.organization_id AND y.id = b.session_type_id
        WHERE l.organization_id = quota_pillars.organization_id AND l.account = quota_pillars.company_id
            AND l.period_starts_at = quota_pillars.starts_at AND l.kind IN ('consume', 'refund')
        GROUP BY 1
        HAVING sum(l.amount) < 0) AS p;
    -- The smallest are told together, until they are a group themselves: what is left of a total would tell them apart.
    FOR v_pillar IN SELECT * FROM jsonb_array_elements(v_pillars) LOOP
        IF jsonb_array_length(v_pillar -> 'people') < minimum_group OR cardinality(v_people) BETWEEN 1 AND minimum_group - 1 THEN
            SELECT array_agg(DISTINCT u.id) INTO v_people
            FROM (SELECT unnest(v_people) AS id UNION SELECT jsonb_array_elements_text(v_pillar -> 'people')::uuid) AS u;
            v_sessions := v_sessions + (v_pillar ->> 'sessions')::int;
        ELSE
            v_shown := v_shown || jsonb_build_object(
                'pillar_id', v_pillar -> 'pillar_id', 'sessions', v_pillar -> 'sessions',
                'name', (SELECT p.name FROM @api@.pillars AS p
                         WHERE p.organization_id = quota_pillars.organization_id AND p.id = (v_pillar ->> 'pillar_id')::uuid));
        END IF;
    END LOOP;
    IF cardinality(v_people) >= minimum_group THEN
        v_shown := v_shown || jsonb_build_object('pillar_id', NULL, 'name', 'other', 'sessions', v_sessions);
    END IF;
    RETURN v_shown;
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_pillars(uuid, uuid, timestamptz, int) IS
'How many sessions of a month were of which pillar: [{"pillar_id", "name", "sessions"}], for groups of minimum_group people or more; the others together, if they are as many.';
REVOKE ALL ON FUNCTION holdfast_private.quota_pillars(uuid, uuid, timestamptz, int) FROM PUBLIC;
