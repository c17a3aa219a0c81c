-- Whether a client may book at all, looked at before anything is held, and again before it is booked. A look locks nothing:
-- the units are taken when the booking is written, and that decides.

CREATE FUNCTION holdfast_private.quota_refusal(
    quota regclass, organization_id uuid, account uuid, scope text, units int)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_refusal jsonb;
BEGIN
    SELECT jsonb_build_object('error', 'quota_exhausted', 'details', jsonb_build_object(
               'scope', quota_refusal.scope, 'balance', s.balance, 'period_ends_at', s.period_ends_at))
    INTO v_refusal
    FROM holdfast.quota_status(quota, organization_id, account) AS s
    WHERE s.balance < units;
    RETURN v_refusal;
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_refusal(regclass, uuid, uuid, text, int) IS
'quota_exhausted where an account has fewer units than that: {"error", "details": {"scope": company or employee, "balance", "period_ends_at"}}; null otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.quota_refusal(regclass, uuid, uuid, text, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.subscription_refusal(organization_id uuid, company_id uuid, required boolean)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is record;
    v_status text;
BEGIN
    SELECT c.status AS company, s.id AS subscription, s.status,
           d.date IS NOT NULL AND holdfast_private.company_today(c.organization_id, c.id) >= d.date AS due
    INTO v_is
    FROM @api@.companies AS c
    LEFT JOIN @api@.company_subscriptions AS s
        ON s.organization_id = c.organization_id AND s.company_id = c.id AND s.status <> 'cancelled',
        LATERAL (SELECT least(s.end_date, s.next_plan_date, CASE s.status WHEN 'trial' THEN s.trial_end_date END)) AS d (date)
    WHERE c.organization_id = subscription_refusal.organization_id AND c.id = subscription_refusal.company_id;
    v_status := v_is.status;
    IF v_is.due THEN
        -- Its day has come: written down now, and the quota follows.
        v_status := coalesce((holdfast_private.lock_subscription(organization_id, company_id)).status, 'cancelled');
    END IF;
    IF v_is.company <> 'active' THEN
        v_status := 'company_' || v_is.company;
    ELSIF v_status IN ('trial', 'active') THEN
        RETURN NULL;
    ELSIF v_is.subscription IS NULL THEN
        v_status := (SELECT max(s.status) FROM @api@.company_subscriptions AS s
                     WHERE s.organization_id = subscription_refusal.organization_id AND s.company_id = subscription_refusal.company_id);
        IF v_status IS NULL AND NOT required THEN
            RETURN NULL;
        END IF;
        v_status := coalesce(v_status, 'none');
    END IF;
    RETURN jsonb_build_object('error', 'subscription_inactive', 'details', jsonb_build_object('status', v_status));
END
$$;
COMMENT ON FUNCTION holdfast_private.subscription_refusal(uuid, uuid, boolean) IS
'subscription_inactive where the subscription of a company does not run: {"error", "details": {"status": suspended, cancelled, none, company_suspended or company_closed}}. A company that never had one passes, unless it is required.';
REVOKE ALL ON FUNCTION holdfast_private.subscription_refusal(uuid, uuid, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.reputation_refusal(organization_id uuid, client_id uuid, max_cancellations int, cancellation_days int)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_age CONSTANT interval := make_interval(days => cancellation_days);
    v_nth timestamptz;
BEGIN
    SELECT b.cancelled_at INTO v_nth FROM @api@.booking_cancellations AS b
    WHERE b.organization_id = reputation_refusal.organization_id AND b.client_id = reputation_refusal.client_id
        AND b.requested_by = 'client' AND b.cancelled_at > holdfast.clock() - v_age
    ORDER BY b.cancelled_at DESC
    OFFSET max_cancellations - 1 LIMIT 1;
    RETURN jsonb_build_object('error', 'too_many_cancellations', 'details', jsonb_build_object(
        'limit', max_cancellations, 'days', cancellation_days, 'until', v_nth + v_age))
    WHERE v_nth IS NOT NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.reputation_refusal(uuid, uuid, int, int) IS
'too_many_cancellations where a client cancelled so often in so many days: {"error", "details": {"limit", "days", "until"}}; null otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.reputation_refusal(uuid, uuid, int, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_approved(organization_id uuid, client_id uuid, session_type_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (holdfast.uid() IS NOT NULL OR holdfast.jwt_role() = 'service_role') AND holdfast_private.can('manage_bookings')
        OR EXISTS (
            SELECT FROM @api@.session_approvals AS a
            WHERE a.organization_id = is_approved.organization_id AND a.client_id = is_approved.client_id
                AND a.session_type_id = is_approved.session_type_id
                AND (a.valid_until IS NULL OR a.valid_until > holdfast.clock()));
END
$$;
COMMENT ON FUNCTION holdfast_private.is_approved(uuid, uuid, uuid) IS
'Whether a client was approved for a type of session; whoever may manage bookings approves by booking it.';
REVOKE ALL ON FUNCTION holdfast_private.is_approved(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.entitlement_refusal(
    organization_id uuid, client_id uuid, session_type_id uuid, units int)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is record;
    v_today date;
    v_refusal jsonb;
BEGIN
    SELECT c.company_id, c.employee_id, e.status AS employee, e.access_date, e.access_ends, y.approval, q.max_cancellations,
           coalesce(q.cancellation_days, 30) AS cancellation_days, coalesce(q.require_subscription, false) AS required
    INTO v_is
    FROM @api@.clients AS c
    LEFT JOIN @api@.company_employees AS e
        ON e.organization_id = c.organization_id AND e.company_id = c.company_id AND e.id = c.employee_id
    LEFT JOIN @api@.session_types AS y
        ON y.organization_id = c.organization_id AND y.id = entitlement_refusal.session_type_id
    LEFT JOIN @api@.quota_settings AS q ON q.organization_id = c.organization_id
    WHERE c.organization_id = entitlement_refusal.organization_id AND c.id = entitlement_refusal.client_id;
    IF v_is.max_cancellations IS NOT NULL AND client_id = holdfast.subject_id('@api@.clients')
        AND NOT holdfast_private.can('manage_bookings')
    THEN
        v_refusal := holdfast_private.reputation_refusal(organization_id, client_id, v_is.max_cancellations, v_is.cancellation_days);
    END IF;
    -- What is unknown does not end an AND: null here would have the function called, which every booking would pay for.
    IF v_refusal IS NULL AND v_is.approval IS NOT DISTINCT FROM 'before'
        AND NOT coalesce(holdfast_private.is_approved(organization_id, client_id, session_type_id), false)
    THEN
        v_refusal := jsonb_build_object('error', 'approval_required', 'details', jsonb_build_object('session_type_id', session_type_id));
    END IF;
    IF v_refusal IS NOT NULL OR v_is.company_id IS NULL THEN
        RETURN v_refusal;
    END IF;
    IF v_is.access_date IS NOT NULL OR v_is.access_ends IS NOT NULL THEN
        v_today := holdfast_private.company_today(organization_id, v_is.company_id);
        IF v_is.access_ends <= v_today THEN
            v_is.employee := 'inactive';
        END IF;
    END IF;
    IF v_is.employee <> 'active' OR v_is.access_date > v_today THEN
        RETURN jsonb_build_object('error', 'employment_inactive', 'details', jsonb_build_object(
            'status', v_is.employee, 'access_date', v_is.access_date));
    END IF;
    v_refusal := holdfast_private.subscription_refusal(organization_id, v_is.company_id, v_is.required);
    IF v_refusal IS NULL AND units > 0 THEN
        v_refusal := coalesce(
            holdfast_private.employee_refusal(organization_id, v_is.company_id, v_is.employee_id, units),
            holdfast_private.quota_refusal('holdfast_private.company_quota', organization_id, v_is.company_id, 'company', units));
    END IF;
    RETURN v_refusal;
END
$$;
COMMENT ON FUNCTION holdfast_private.entitlement_refusal(uuid, uuid, uuid, int) IS
'Why a client may not book so many sessions now, though time is free, as {"error", "details"}: too_many_cancellations, approval_required, employment_inactive, subscription_inactive, quota_exhausted; null when they may. A client without a company has no quota. units 0: whether units are left is not asked.';
REVOKE ALL ON FUNCTION holdfast_private.entitlement_refusal(uuid, uuid, uuid, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.employee_limit(organization_id uuid, company_id uuid, employee_id uuid)
RETURNS int
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(e.monthly_limit, p.sessions_per_employee)
        FROM @api@.company_employees AS e
        LEFT JOIN @api@.company_subscriptions AS s
            ON s.organization_id = e.organization_id AND s.company_id = e.company_id AND s.status <> 'cancelled'
        LEFT JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id
        WHERE e.organization_id = employee_limit.organization_id AND e.company_id = employee_limit.company_id
            AND e.id = employee_limit.employee_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.employee_limit(uuid, uuid, uuid) IS
'How many sessions an employee has in a month: their own limit, else the one that the plan gives everybody; null for no limit but the company''s.';
REVOKE ALL ON FUNCTION holdfast_private.employee_limit(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.employee_refusal(organization_id uuid, company_id uuid, employee_id uuid, units int)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_limit int := CASE WHEN employee_id IS NOT NULL
        THEN holdfast_private.employee_limit(organization_id, company_id, employee_id) END;
BEGIN
    IF v_limit IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM holdfast_private.sync_employee_quota(c.organization_id, employee_id, v_limit, c.time_zone)
    FROM @api@.companies AS c
    WHERE c.organization_id = employee_refusal.organization_id AND c.id = employee_refusal.company_id;
    RETURN holdfast_private.quota_refusal('holdfast_private.employee_quota', organization_id, employee_id, 'employee', units);
END
$$;
COMMENT ON FUNCTION holdfast_private.employee_refusal(uuid, uuid, uuid, int) IS
'quota_exhausted where an employee has fewer sessions left than that in their own limit, if they have one; null otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.employee_refusal(uuid, uuid, uuid, int) FROM PUBLIC;
