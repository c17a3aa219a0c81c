-- Using a session and giving it back.
--
-- Lock order: everything that a booking locks; then accounts of employees; then the account of the company, which everybody
-- there shares. A booking takes its units when all of it is written; what is given back is collected, and given at commit,
-- accounts in order. So no two transactions wait for each other, and the company's account is held for the shortest time.

CREATE FUNCTION holdfast_private.take_session(booking @api@.bookings)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_is record;
    v_tried record;
BEGIN
    SELECT e.id AS employee, coalesce(e.monthly_limit, p.sessions_per_employee) AS personal, o.time_zone, s.id AS subscription,
           EXISTS (SELECT FROM holdfast_private.company_quota AS a
                   WHERE a.organization_id = o.organization_id AND a.account = o.id) AS has_account
    INTO v_is
    FROM @api@.companies AS o
    LEFT JOIN @api@.clients AS c ON c.organization_id = o.organization_id AND c.id = booking.client_id
    LEFT JOIN @api@.company_employees AS e
        ON e.organization_id = o.organization_id AND e.company_id = o.id AND e.id = c.employee_id
    LEFT JOIN @api@.company_subscriptions AS s
        ON s.organization_id = o.organization_id AND s.company_id = o.id AND s.status <> 'cancelled'
    LEFT JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id
    WHERE o.organization_id = booking.organization_id AND o.id = booking.company_id;
    IF v_is.employee IS NOT NULL AND v_is.personal IS NOT NULL THEN
        PERFORM holdfast_private.sync_employee_quota(booking.organization_id, v_is.employee, v_is.personal, v_is.time_zone);
        SELECT t.* INTO v_tried
        FROM holdfast.try_consume('holdfast_private.employee_quota', booking.organization_id, v_is.employee, 1, booking.id) AS t;
        IF NOT v_tried.consumed THEN
            PERFORM holdfast.raise_error('quota_exhausted', jsonb_build_object(
                'scope', 'employee', 'balance', v_tried.balance, 'period_ends_at', v_tried.period_ends_at));
        END IF;
    END IF;
    IF v_is.subscription IS NOT NULL THEN
        IF NOT v_is.has_account THEN
            PERFORM holdfast_private.sync_company_quota(booking.organization_id, booking.company_id);
        END IF;
        SELECT t.* INTO v_tried
        FROM holdfast.try_consume('holdfast_private.company_quota', booking.organization_id, booking.company_id, 1, booking.id) AS t;
        IF NOT v_tried.consumed THEN
            PERFORM holdfast.raise_error('quota_exhausted', jsonb_build_object(
                'scope', 'company', 'balance', v_tried.balance, 'period_ends_at', v_tried.period_ends_at));
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.take_session(@api@.bookings) IS
'Takes the session of a booking from the account of the employee, if they have a limit, and then from the company''s. Raises quota_exhausted (scope: employee or company; balance, period_ends_at).';
REVOKE ALL ON FUNCTION holdfast_private.take_session(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.claim_session(organization_id uuid, client_id uuid, session_type_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_client @api@.clients;
BEGIN
    SELECT c.* INTO v_client FROM @api@.clients AS c
    WHERE c.organization_id = claim_session.organization_id AND c.id = claim_session.client_id AND c.company_id IS NOT NULL;
    IF v_client.id IS NULL THEN
        RETURN NULL;
    END IF;
    BEGIN
        PERFORM FROM holdfast_private.employee_quota AS a
        WHERE a.organization_id = v_client.organization_id AND a.account = v_client.employee_id FOR NO KEY UPDATE;
        PERFORM FROM holdfast_private.company_quota AS a
        WHERE a.organization_id = v_client.organization_id AND a.account = v_client.company_id FOR NO KEY UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    RETURN holdfast_private.entitlement_refusal(organization_id, client_id, session_type_id, 1);
END
$$;
COMMENT ON FUNCTION holdfast_private.claim_session(uuid, uuid, uuid) IS
'Locks the accounts that a booking of a client would use, for whoever has held the time already and wants an answer instead of an error: why no session can be used, as entitlement_refusal(), or null, and then this transaction can use one. Raises request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.claim_session(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.use_quota()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A booking that waited for the specialist has its session since it was made.
    IF TG_OP = 'UPDATE' AND (
        EXISTS (SELECT FROM holdfast_private.company_quota_ledger AS l
                WHERE l.organization_id = NEW.organization_id AND l.reference = NEW.id)
        OR EXISTS (SELECT FROM holdfast_private.employee_quota_ledger AS l
                   WHERE l.organization_id = NEW.organization_id AND l.reference = NEW.id))
    THEN
        RETURN NULL;
    END IF;
    PERFORM holdfast_private.take_session(NEW);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.use_quota() IS
'Trigger: a booking of somebody whom a company sponsors uses a session, whoever writes it; at the end of confirming, or at commit.';
REVOKE ALL ON FUNCTION holdfast_private.use_quota() FROM PUBLIC;

CREATE FUNCTION holdfast_private.settle_quota()
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SET CONSTRAINTS @api@.use_quota IMMEDIATE;
    SET CONSTRAINTS @api@.use_quota DEFERRED;
END
$$;
COMMENT ON FUNCTION holdfast_private.settle_quota() IS
'Takes the sessions of the bookings that were just written, all of them, instead of at commit. Raises quota_exhausted.';
REVOKE ALL ON FUNCTION holdfast_private.settle_quota() FROM PUBLIC;

CREATE FUNCTION holdfast_private.gives_back(was @api@.bookings, now_is @api@.bookings)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_notice interval;
BEGIN
    IF now_is.status = 'no_show' THEN
        RETURN now_is.no_show_party = 'specialist';
    ELSIF now_is.cancellation_requested_by <> 'client' OR was.status = 'pending' THEN
        RETURN true;
    END IF;
    SELECT coalesce(make_interval(hours => p.cancellation_notice_hours), q.cancellation_notice, interval '24 hours') INTO v_notice
    FROM @api@.companies AS c
    LEFT JOIN @api@.company_subscriptions AS s
        ON s.organization_id = c.organization_id AND s.company_id = c.id AND s.status <> 'cancelled'
    LEFT JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id
    LEFT JOIN @api@.quota_settings AS q ON q.organization_id = c.organization_id
    WHERE c.organization_id = now_is.organization_id AND c.id = now_is.company_id;
    -- Whoever moved it away when it was too late to cancel cannot cancel it then.
    RETURN was.start_time - now_is.cancelled_at >= v_notice AND NOT EXISTS (
        SELECT FROM @api@.rescheduling_history AS h
        WHERE h.organization_id = now_is.organization_id AND h.booking_id = now_is.id AND h.actor = 'client'
            AND h.old_start_time - h.created_at < v_notice);
END
$$;
COMMENT ON FUNCTION holdfast_private.gives_back(@api@.bookings, @api@.bookings) IS
'Whether a booking that is off gives its session back: cancelled or declined by anybody but the client, cancelled by the client in time or before it was accepted, or missed by the specialist. In time is before the notice that the plan asks for, or the organization.';
REVOKE ALL ON FUNCTION holdfast_private.gives_back(@api@.bookings, @api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.note_refund()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast_private.gives_back(OLD, NEW) THEN
        PERFORM set_config('holdfast_private.refunds', concat_ws(',',
            nullif(current_setting('holdfast_private.refunds', true), ''), NEW.organization_id || '/' || NEW.id), true);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.note_refund() IS
'Trigger: remembers, until the end of the transaction, that a booking gives its session back.';
REVOKE ALL ON FUNCTION holdfast_private.note_refund() FROM PUBLIC;

CREATE FUNCTION holdfast_private.refund_quota()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_list text[] := string_to_array(nullif(current_setting('holdfast_private.refunds', true), ''), ',');
    v_entry record;
BEGIN
    IF v_list IS NULL THEN
        RETURN NULL; -- the first of the transaction has done it
    END IF;
    PERFORM set_config('holdfast_private.refunds', '', true);
    FOR v_entry IN
        SELECT l.organization_id, l.account, l.reference
        FROM unnest(v_list) AS n (note)
        JOIN holdfast_private.employee_quota_ledger AS l
            ON l.organization_id = split_part(n.note, '/', 1)::uuid AND l.reference = split_part(n.note, '/', 2)::uuid
        WHERE l.kind = 'consume'
        ORDER BY 1, 2, 3
    LOOP
        PERFORM holdfast.refund('holdfast_private.employee_quota', v_entry.organization_id, v_entry.account, v_entry.reference);
    END LOOP;
    FOR v_entry IN
        SELECT l.organization_id, l.account, l.reference
        FROM unnest(v_list) AS n (note)
        JOIN holdfast_private.company_quota_ledger AS l
            ON l.organization_id = split_part(n.note, '/', 1)::uuid AND l.reference = split_part(n.note, '/', 2)::uuid
        WHERE l.kind = 'consume'
        ORDER BY 1, 2, 3
    LOOP
        PERFORM holdfast.refund('holdfast_private.company_quota', v_entry.organization_id, v_entry.account, v_entry.reference);
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.refund_quota() IS
'Trigger, at commit: gives back what the transaction''s bookings give back, to the accounts that it was taken from; all at once, employees before companies, each in order.';
REVOKE ALL ON FUNCTION holdfast_private.refund_quota() FROM PUBLIC;

CREATE FUNCTION holdfast_private.await_approval()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_approval text;
    v_new_type boolean := true;
    v_moved boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_new_type := NEW.session_type_id IS DISTINCT FROM OLD.session_type_id;
        v_moved := (NEW.start_time, NEW.end_time, NEW.specialist_id) IS DISTINCT FROM (OLD.start_time, OLD.end_time, OLD.specialist_id);
    END IF;
    SELECT y.approval INTO v_approval FROM @api@.session_types AS y
    WHERE y.organization_id = NEW.organization_id AND y.id = NEW.session_type_id;
    IF v_approval = 'none' OR NEW.status NOT IN ('pending', 'confirmed')
        OR v_approval = 'before' AND NOT v_new_type
        OR holdfast_private.is_approved(NEW.organization_id, NEW.client_id, NEW.session_type_id)
    THEN
        RETURN NEW;
    ELSIF v_approval = 'before' THEN
        PERFORM holdfast.raise_error('approval_required', jsonb_build_object('session_type_id', NEW.session_type_id));
    ELSIF NEW.status = 'confirmed' AND (TG_OP = 'INSERT' OR OLD.status = 'pending' AND v_moved) THEN
        NEW.status := 'pending';
        NEW.accepted_at := NULL;
        NEW.accepted_by := NULL;
    ELSIF NEW.status = 'confirmed' AND (OLD.status = 'pending' OR v_new_type) THEN
        PERFORM holdfast.raise_error('approval_required', jsonb_build_object('session_type_id', NEW.session_type_id),
            'Somebody who may manage bookings has to accept it.');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.await_approval() IS
'Trigger: a booking of a type that is approved one by one is pending until somebody who may manage bookings accepts it; of a type that is approved before, it is made only by who was.';
REVOKE ALL ON FUNCTION holdfast_private.await_approval() FROM PUBLIC;
