-- Accounts as plans and employees say. A company's is brought in line whenever its subscription changes; an employee's, by
-- whoever uses it.

CREATE FUNCTION holdfast_private.sync_company_quota(
    organization_id uuid, company_id uuid, effective text DEFAULT 'now', reason text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_unlimited CONSTANT int := 500000000;
    v_subscription @api@.company_subscriptions := holdfast_private.settled_subscription(organization_id, company_id);
    v_plan @api@.company_subscription_plans;
    v_left int;
BEGIN
    IF coalesce(v_subscription.status, 'cancelled') = 'cancelled' THEN
        IF holdfast.balance('holdfast_private.company_quota', organization_id, company_id) IS NULL THEN
            RETURN;
        END IF;
        -- What is left is not kept for a later subscription; what is used counts for it, if it begins in this month.
        v_left := holdfast.set_allocation('holdfast_private.company_quota', organization_id, company_id, 0, 'now', reason);
        IF v_left > 0 THEN
            PERFORM holdfast.adjust('holdfast_private.company_quota', organization_id, company_id, -v_left,
                coalesce(reason, 'the subscription has ended'));
        END IF;
        RETURN;
    END IF;
    SELECT p.* INTO v_plan FROM @api@.company_subscription_plans AS p
    WHERE p.organization_id = v_subscription.organization_id AND p.id = v_subscription.plan_id;
    PERFORM holdfast.set_quota(
        'holdfast_private.company_quota', c.organization_id, c.id, coalesce(v_plan.sessions_per_month, c_unlimited), 'month',
        c.time_zone, CASE WHEN v_plan.sessions_per_month IS NULL THEN 0 ELSE v_plan.carry_limit END, v_plan.carry_months,
        sync_company_quota.effective, sync_company_quota.reason)
    FROM @api@.companies AS c
    WHERE c.organization_id = sync_company_quota.organization_id AND c.id = sync_company_quota.company_id;
END
$$;
COMMENT ON FUNCTION holdfast_private.sync_company_quota(uuid, uuid, text, text) IS
'Gives the account of a company what its plan says, now or from next_period on; a plan without a limit is one of 500000000 sessions. Without a subscription that runs, nothing is left.';
REVOKE ALL ON FUNCTION holdfast_private.sync_company_quota(uuid, uuid, text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.follow_subscription()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_today date := holdfast_private.company_today(NEW.organization_id, NEW.company_id);
    v_later boolean := false;
BEGIN
    -- A plan that was to follow, and has: its first month is the one that begins with or after its day, however late this is.
    IF TG_OP = 'UPDATE' THEN
        v_later := coalesce(OLD.next_plan_id = NEW.plan_id AND NEW.next_plan_id IS NULL AND OLD.next_plan_date <= v_today
            AND OLD.next_plan_date > date_trunc('month', v_today)::date, false);
    END IF;
    PERFORM holdfast_private.sync_company_quota(
        NEW.organization_id, NEW.company_id, CASE WHEN v_later THEN 'next_period' ELSE 'now' END,
        coalesce(nullif(current_setting('holdfast_private.subscription_reason', true), ''),
                 CASE WHEN TG_OP = 'INSERT' THEN 'subscribed'
                      WHEN NEW.status = 'cancelled' THEN 'the subscription has ended'
                      ELSE 'another plan' END));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.follow_subscription() IS
'Trigger: the quota of a company follows its subscription. A plan chosen now gives or takes the difference at once; one that was to follow at the end of a cycle counts from the next month on.';
REVOKE ALL ON FUNCTION holdfast_private.follow_subscription() FROM PUBLIC;

CREATE FUNCTION holdfast_private.follow_zone()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM holdfast_private.company_quota AS a
               WHERE a.organization_id = NEW.organization_id AND a.account = NEW.id) THEN
        PERFORM holdfast_private.sync_company_quota(NEW.organization_id, NEW.id, 'next_period');
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.follow_zone() IS
'Trigger: a company that moves to another zone has its months there, from the next one on.';
REVOKE ALL ON FUNCTION holdfast_private.follow_zone() FROM PUBLIC;

CREATE FUNCTION holdfast_private.sync_employee_quota(
    organization_id uuid, employee_id uuid, sessions int, time_zone text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM holdfast_private.employee_quota AS a
        WHERE a.organization_id = sync_employee_quota.organization_id AND a.account = sync_employee_quota.employee_id
            AND a.allocation = sync_employee_quota.sessions AND a.time_zone = sync_employee_quota.time_zone)
    THEN
        PERFORM holdfast.set_quota('holdfast_private.employee_quota', organization_id, employee_id, sessions, 'month', time_zone);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.sync_employee_quota(uuid, uuid, int, text) IS
'Gives the account of an employee so many sessions a month, where it has not: nothing is carried over.';
REVOKE ALL ON FUNCTION holdfast_private.sync_employee_quota(uuid, uuid, int, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.month_of(starts_at timestamptz, time_zone text)
RETURNS date
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A day or two on, so that it is the same month in whatever zone it began.
    RETURN date_trunc('month', (starts_at + interval '48 hours') AT TIME ZONE time_zone)::date;
END
$$;
COMMENT ON FUNCTION holdfast_private.month_of(timestamptz, text) IS 'The first day of the month that a period is.';
REVOKE ALL ON FUNCTION holdfast_private.month_of(timestamptz, text) FROM PUBLIC;
