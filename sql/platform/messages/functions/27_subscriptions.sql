-- HR is reminded of what becomes of their company's subscription, where the module companies is installed.

CREATE FUNCTION holdfast_private.subscriptions_turning(for_organization uuid DEFAULT NULL, for_subscription uuid DEFAULT NULL)
RETURNS TABLE (organization_id uuid, subscription_id uuid, company_id uuid, kind text, on_date date, company text, plan text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_notice CONSTANT int := 14;
BEGIN
    IF to_regclass('@api@.company_subscriptions') IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT i.organization_id, i.id, i.company_id, CASE WHEN d.goes_on THEN 'subscription_renewing' ELSE 'subscription_ending' END,
            d.on_date, c.name, p.name
        FROM @api@.company_subscriptions AS s
        JOIN @api@.companies AS c ON c.organization_id = s.organization_id AND c.id = s.company_id
        CROSS JOIN LATERAL (SELECT (holdfast.clock() AT TIME ZONE c.time_zone)::date AS today) AS t
        CROSS JOIN LATERAL holdfast_private.settled(s, t.today) AS i
        JOIN @api@.company_subscription_plans AS p ON p.organization_id = i.organization_id AND p.id = i.plan_id
        CROSS JOIN LATERAL (SELECT
            CASE
                WHEN i.status = 'trial' AND (i.end_date IS NULL OR i.trial_end_date < i.end_date) THEN i.trial_end_date
                WHEN i.end_date IS NOT NULL THEN i.end_date
                WHEN p.billing_cycle = 'annual' THEN holdfast_private.cycle_end(i.start_date, p.billing_cycle, t.today)
            END AS on_date,
            i.auto_renew AND i.end_date IS NULL AS goes_on) AS d
        WHERE s.status <> 'cancelled' AND i.status IN ('trial', 'active')
            AND d.on_date > t.today AND d.on_date <= t.today + c_notice
            AND (for_organization IS NULL OR s.organization_id = for_organization)
            AND (for_subscription IS NULL OR s.id = for_subscription);
END
$$;
COMMENT ON FUNCTION holdfast_private.subscriptions_turning(uuid, uuid) IS
'Subscriptions, or one, that end, leave their trial or begin another year within the next 14 days, in the company''s zone: subscription_ending, or subscription_renewing when it goes on by itself.';
REVOKE ALL ON FUNCTION holdfast_private.subscriptions_turning(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_remind_renewals()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_due record;
    v_rows int := 0;
BEGIN
    FOR v_due IN
        SELECT d.organization_id, d.kind, e.user_id, k.dedupe_key,
            jsonb_build_object('user_id', e.user_id, 'subscription_id', d.subscription_id, 'date', d.on_date) AS about
        FROM holdfast_private.subscriptions_turning() AS d
        JOIN @api@.company_employees AS e ON e.organization_id = d.organization_id AND e.company_id = d.company_id
            AND e.role = 'hr' AND e.status = 'active' AND e.user_id IS NOT NULL
        CROSS JOIN LATERAL (SELECT concat_ws(':', d.kind, d.subscription_id, d.on_date, e.user_id) AS dedupe_key) AS k
        WHERE NOT EXISTS (
            SELECT FROM holdfast_private.outbox AS o
            WHERE o.organization_id = d.organization_id AND o.topic = 'email' AND o.dedupe_key = k.dedupe_key)
        LIMIT 1000
    LOOP
        PERFORM holdfast_private.enqueue_mail(v_due.organization_id, v_due.kind, v_due.about, v_due.dedupe_key);
        v_rows := v_rows + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_remind_renewals() IS
'Reminds HR, once, of a subscription that ends, leaves its trial or begins another year within 14 days; at most 1,000, and returns how many. After a pause it reminds of what is still to come.';
REVOKE ALL ON FUNCTION holdfast_private.job_remind_renewals() FROM PUBLIC;
