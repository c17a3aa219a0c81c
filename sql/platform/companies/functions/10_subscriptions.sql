-- What a subscription is today. Days pass without a job: whoever asks settles what has become due, in memory; whoever changes
-- something, and the job, writes it down first.

CREATE FUNCTION holdfast_private.cycle_end(start_date date, billing_cycle text, today date)
RETURNS date
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_months int := CASE billing_cycle WHEN 'annual' THEN 12 ELSE 1 END;
    v_cycles int := greatest(0, ((extract(year FROM today) - extract(year FROM start_date)) * 12
        + extract(month FROM today) - extract(month FROM start_date))::int / v_months - 1);
    v_end date;
BEGIN
    -- always from the start: the 31st is the 28th in February, and the 31st again in March
    LOOP
        v_cycles := v_cycles + 1;
        v_end := (start_date + v_cycles * v_months * interval '1 month')::date;
        EXIT WHEN v_end > today;
    END LOOP;
    RETURN v_end;
END
$$;
COMMENT ON FUNCTION holdfast_private.cycle_end(date, text, date) IS
'The first day after the cycle, monthly or annual from start_date on, that today lies in.';
REVOKE ALL ON FUNCTION holdfast_private.cycle_end(date, text, date) FROM PUBLIC;

CREATE FUNCTION holdfast_private.settled(subscription @api@.company_subscriptions, today date)
RETURNS @api@.company_subscriptions
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is @api@.company_subscriptions := subscription;
BEGIN
    IF v_is.status = 'cancelled' THEN
        RETURN v_is;
    END IF;
    IF v_is.status = 'trial' AND v_is.trial_end_date <= today AND NOT v_is.auto_renew THEN
        v_is.end_date := least(v_is.end_date, v_is.trial_end_date);
    END IF;
    -- A plan that was to follow on or after the last day never does.
    IF v_is.next_plan_date <= today AND (v_is.end_date IS NULL OR v_is.next_plan_date < v_is.end_date) THEN
        v_is.plan_id := v_is.next_plan_id;
        v_is.next_plan_id := NULL;
        v_is.next_plan_date := NULL;
    END IF;
    IF v_is.end_date <= today THEN
        v_is.status := 'cancelled';
        v_is.cancellation_date := coalesce(v_is.cancellation_date, v_is.end_date);
        v_is.next_plan_id := NULL;
        v_is.next_plan_date := NULL;
    ELSIF v_is.status = 'trial' AND v_is.trial_end_date <= today THEN
        v_is.status := 'active';
    END IF;
    RETURN v_is;
END
$$;
COMMENT ON FUNCTION holdfast_private.settled(@api@.company_subscriptions, date) IS
'What has become of a subscription by a day: a trial ends, a plan follows, the end comes.';
REVOKE ALL ON FUNCTION holdfast_private.settled(@api@.company_subscriptions, date) FROM PUBLIC;

CREATE FUNCTION holdfast_private.settled_subscription(organization_id uuid, company_id uuid)
RETURNS @api@.company_subscriptions
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
BEGIN
    SELECT s.* INTO v_subscription FROM @api@.company_subscriptions AS s
    WHERE s.organization_id = settled_subscription.organization_id AND s.company_id = settled_subscription.company_id
      AND s.status <> 'cancelled';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN holdfast_private.settled(v_subscription, holdfast_private.company_today(organization_id, company_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.settled_subscription(uuid, uuid) IS
'The subscription of a company as it is today; null when it has none that was not written down as cancelled. Its status can be cancelled.';
REVOKE ALL ON FUNCTION holdfast_private.settled_subscription(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.lock_subscription(organization_id uuid, company_id uuid)
RETURNS @api@.company_subscriptions
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_was @api@.company_subscriptions;
    v_is @api@.company_subscriptions;
BEGIN
    -- The company stands for "no subscription yet" too.
    PERFORM FROM @api@.companies AS c
    WHERE c.organization_id = lock_subscription.organization_id AND c.id = lock_subscription.company_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_not_found');
    END IF;
    SELECT s.* INTO v_was FROM @api@.company_subscriptions AS s
    WHERE s.organization_id = lock_subscription.organization_id AND s.company_id = lock_subscription.company_id
      AND s.status <> 'cancelled';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_is := holdfast_private.settled(v_was, holdfast_private.company_today(organization_id, company_id));
    IF v_is IS DISTINCT FROM v_was THEN
        UPDATE @api@.company_subscriptions AS s
        SET plan_id = v_is.plan_id, status = v_is.status, end_date = v_is.end_date, next_plan_id = v_is.next_plan_id,
            next_plan_date = v_is.next_plan_date, cancellation_date = v_is.cancellation_date
        WHERE s.organization_id = v_is.organization_id AND s.id = v_is.id;
    END IF;
    IF v_is.status = 'cancelled' THEN
        RETURN NULL;
    END IF;
    RETURN v_is;
END
$$;
COMMENT ON FUNCTION holdfast_private.lock_subscription(uuid, uuid) IS
'Locks a company against other changes of its subscription and seats, writes down what has become due, and returns the subscription that runs, or null. Raises company_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.lock_subscription(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_subscription(organization_id uuid, company_id uuid)
RETURNS @api@.company_subscriptions
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subscription @api@.company_subscriptions := holdfast_private.lock_subscription(organization_id, company_id);
BEGIN
    IF v_subscription.id IS NULL THEN
        PERFORM holdfast.raise_error('subscription_not_found');
    END IF;
    RETURN v_subscription;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_subscription(uuid, uuid) IS
'The same; subscription_not_found when none runs.';
REVOKE ALL ON FUNCTION holdfast_private.require_subscription(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.subscription_json(organization_id uuid, subscription_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('subscription', to_jsonb(s), 'plan', to_jsonb(p))
        FROM @api@.company_subscriptions AS s
        JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id
        WHERE s.organization_id = subscription_json.organization_id AND s.id = subscription_json.subscription_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.subscription_json(uuid, uuid) IS 'A subscription with its plan: {"subscription", "plan"}.';
REVOKE ALL ON FUNCTION holdfast_private.subscription_json(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.open_plan(organization_id uuid, plan_id uuid)
RETURNS @api@.company_subscription_plans
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_plan @api@.company_subscription_plans;
BEGIN
    SELECT p.* INTO v_plan FROM @api@.company_subscription_plans AS p
    WHERE p.organization_id = open_plan.organization_id AND p.id = open_plan.plan_id AND p.is_active;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('plan_not_found');
    END IF;
    RETURN v_plan;
END
$$;
COMMENT ON FUNCTION holdfast_private.open_plan(uuid, uuid) IS 'A plan that can be chosen; plan_not_found otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.open_plan(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.keep_subscription_history()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.status, OLD.plan_id, OLD.next_plan_id, OLD.next_plan_date, OLD.end_date, OLD.auto_renew)
        IS NOT DISTINCT FROM (NEW.status, NEW.plan_id, NEW.next_plan_id, NEW.next_plan_date, NEW.end_date, NEW.auto_renew)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO @api@.company_subscription_history AS h (
        organization_id, subscription_id, company_id, old_status, new_status, old_plan_id, new_plan_id, next_plan_id, end_date,
        reason, changed_by)
    VALUES (
        NEW.organization_id, NEW.id, NEW.company_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status,
        CASE TG_OP WHEN 'UPDATE' THEN OLD.plan_id END, NEW.plan_id, NEW.next_plan_id, NEW.end_date,
        nullif(current_setting('holdfast_private.subscription_reason', true), ''), holdfast.actor_id());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.keep_subscription_history() IS 'Trigger: writes every change of a subscription into its history.';
REVOKE ALL ON FUNCTION holdfast_private.keep_subscription_history() FROM PUBLIC;
