-- Seats: employees who are invited or active, until the day on which their access ends. As many as the plan says, at any time and however many are added at once.

CREATE FUNCTION holdfast_private.require_seats(
    organization_id uuid, company_id uuid, seats int, added int DEFAULT 0)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_today CONSTANT date := holdfast_private.company_today(organization_id, company_id);
    v_used int;
BEGIN
    -- The caller has the company's lock: what is counted now stays.
    SELECT count(*)::int INTO v_used FROM @api@.company_employees AS e
    WHERE e.organization_id = require_seats.organization_id AND e.company_id = require_seats.company_id
      AND e.status <> 'inactive' AND (e.access_ends IS NULL OR e.access_ends > v_today);
    IF v_used > seats THEN
        PERFORM holdfast.raise_error('seats_exhausted', jsonb_build_object('seats', seats, 'used', v_used - added));
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_seats(uuid, uuid, int, int) IS
'Raises seats_exhausted (seats, used) when a company has more employees than seats; null seats are any number. added: how many of them are just being added, and are not told.';
REVOKE ALL ON FUNCTION holdfast_private.require_seats(uuid, uuid, int, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.free_seats(organization_id uuid, company_id uuid)
RETURNS int
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subscription @api@.company_subscriptions := holdfast_private.settled_subscription(organization_id, company_id);
    v_today CONSTANT date := holdfast_private.company_today(organization_id, company_id);
BEGIN
    RETURN (
        SELECT greatest(0, p.max_employees - (
            SELECT count(*)::int FROM @api@.company_employees AS e
            WHERE e.organization_id = free_seats.organization_id AND e.company_id = free_seats.company_id
              AND e.status <> 'inactive' AND (e.access_ends IS NULL OR e.access_ends > v_today)))
        FROM @api@.company_subscription_plans AS p
        WHERE p.organization_id = v_subscription.organization_id AND p.id = v_subscription.plan_id
          AND v_subscription.status <> 'cancelled' AND p.max_employees IS NOT NULL);
END
$$;
COMMENT ON FUNCTION holdfast_private.free_seats(uuid, uuid) IS
'How many employees a company can add now; null when it is not limited. It stays true while the company is locked.';
REVOKE ALL ON FUNCTION holdfast_private.free_seats(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.take_seats(organization_id uuid, company_id uuid, added int)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subscription @api@.company_subscriptions;
    v_seats int;
BEGIN
    -- The lock lets one count at a time, and what is counted after it has to be what is committed: not so on the snapshot of
    -- a transaction that does not see others' rows.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}',
            'Add employees in READ COMMITTED: seats are counted under a lock.');
    END IF;
    v_subscription := holdfast_private.lock_subscription(organization_id, company_id);
    SELECT p.max_employees INTO v_seats FROM @api@.company_subscription_plans AS p
    WHERE p.organization_id = v_subscription.organization_id AND p.id = v_subscription.plan_id;
    PERFORM holdfast_private.require_seats(organization_id, company_id, v_seats, added);
END
$$;
COMMENT ON FUNCTION holdfast_private.take_seats(uuid, uuid, int) IS
'Makes sure that so many who were just added have a seat. A company without a subscription is not limited. Errors: seats_exhausted, request_in_progress (in another isolation level than READ COMMITTED).';
REVOKE ALL ON FUNCTION holdfast_private.take_seats(uuid, uuid, int) FROM PUBLIC;

-- Once for a statement, however many it adds. Companies in the same order everywhere.
CREATE FUNCTION holdfast_private.check_new_seats()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.take_seats(s.organization_id, s.company_id, s.added)
    FROM (SELECT n.organization_id, n.company_id, count(*)::int AS added
          FROM is_now AS n
          WHERE n.status <> 'inactive'
          GROUP BY n.organization_id, n.company_id
          ORDER BY n.organization_id, n.company_id) AS s;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_new_seats() IS
'Trigger: nobody is added who takes a seat that the plan of the company does not have.';
REVOKE ALL ON FUNCTION holdfast_private.check_new_seats() FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_changed_seats()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whoever had a seat there keeps it, also when there are fewer seats now.
    PERFORM holdfast_private.take_seats(s.organization_id, s.company_id, s.added)
    FROM (SELECT n.organization_id, n.company_id, count(*)::int AS added
          FROM is_now AS n
          WHERE n.status <> 'inactive' AND NOT EXISTS (
              SELECT FROM was AS w
              WHERE w.organization_id = n.organization_id AND w.id = n.id AND w.company_id = n.company_id AND w.status <> 'inactive')
          GROUP BY n.organization_id, n.company_id
          ORDER BY n.organization_id, n.company_id) AS s;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_changed_seats() IS
'Trigger: nobody takes a seat anew, by another status or company, that the plan of the company does not have.';
REVOKE ALL ON FUNCTION holdfast_private.check_changed_seats() FROM PUBLIC;
