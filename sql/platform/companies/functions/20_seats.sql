-- Seats: employees who are invited or active. As many as the plan says, at any time and however many are added at once.

CREATE FUNCTION holdfast_private.require_seats(
    organization_id uuid, company_id uuid, seats int, added int DEFAULT 0)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_used int;
BEGIN
    -- The caller has the company's lock: what is counted now stays.
    SELECT count(*)::int INTO v_used FROM @api@.company_employees AS e
    WHERE e.organization_id = require_seats.organization_id AND e.company_id = require_seats.company_id
      AND e.status <> 'inactive';
    IF v_used > seats THEN
        PERFORM holdfast.raise_error('seats_exhausted', jsonb_build_object('seats', seats, 'used', v_used - added));
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_seats(uuid, uuid, int, int) IS
'Raises seats_exhausted (seats, used) when a company has more employees than seats; null seats are any number. added: how many of them are just being added, and are not told.';
REVOKE ALL ON FUNCTION holdfast_private.require_seats(uuid, uuid, int, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_seats()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
    v_seats int;
BEGIN
    -- Whoever had a seat there keeps it, also when there are fewer seats now.
    IF TG_OP = 'UPDATE' AND OLD.company_id = NEW.company_id AND OLD.status <> 'inactive' THEN
        RETURN NULL;
    END IF;
    -- The lock lets one count at a time, and what is counted after it has to be what is committed: not so on the snapshot of
    -- a transaction that does not see others' rows.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}',
            'Add employees in READ COMMITTED: seats are counted under a lock.');
    END IF;
    v_subscription := holdfast_private.lock_subscription(NEW.organization_id, NEW.company_id);
    SELECT p.max_employees INTO v_seats FROM @api@.company_subscription_plans AS p
    WHERE p.organization_id = v_subscription.organization_id AND p.id = v_subscription.plan_id;
    PERFORM holdfast_private.require_seats(NEW.organization_id, NEW.company_id, v_seats, 1);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_seats() IS
'Trigger: nobody takes a seat that the plan of the company does not have. A company without a subscription is not limited.';
REVOKE ALL ON FUNCTION holdfast_private.check_seats() FROM PUBLIC;
