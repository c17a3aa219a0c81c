-- What holds for every write to bookings, whoever makes it.

CREATE FUNCTION holdfast_private.guard_booking()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_moved boolean;
BEGIN
    IF NOT coalesce(
        CASE NEW.status
            WHEN 'pending' THEN num_nonnulls(NEW.accepted_at, NEW.cancelled_at, NEW.completed_at, NEW.no_show_party) = 0
            WHEN 'confirmed' THEN num_nonnulls(NEW.cancelled_at, NEW.completed_at, NEW.no_show_party) = 0
            WHEN 'completed' THEN NEW.completed_at IS NOT NULL AND num_nonnulls(NEW.cancelled_at, NEW.no_show_party) = 0
            WHEN 'no_show' THEN NEW.no_show_party IN ('client', 'specialist')
                AND num_nonnulls(NEW.cancelled_at, NEW.completed_at) = 0
            WHEN 'cancelled' THEN NEW.cancellation_requested_by IN ('client', 'specialist', 'admin', 'system')
                AND NEW.cancelled_at IS NOT NULL AND num_nonnulls(NEW.completed_at, NEW.no_show_party) = 0
        END
        AND jsonb_typeof(NEW.metadata) = 'object' AND coalesce(NEW.dispute_status IN ('open', 'resolved'), true), false)
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = format('booking %s has not what belongs to the state "%s"', NEW.id, NEW.status);
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('pending', 'confirmed') THEN
            PERFORM holdfast_private.check_transition('new', NEW.status);
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.organization_id, NEW.id, NEW.client_id) IS DISTINCT FROM (OLD.organization_id, OLD.id, OLD.client_id) THEN
        PERFORM holdfast_private.raise_invalid('client_id', 'organization, id and client of a booking never change');
    END IF;
    v_moved := (NEW.start_time, NEW.end_time, NEW.specialist_id)
        IS DISTINCT FROM (OLD.start_time, OLD.end_time, OLD.specialist_id);
    IF v_moved AND (OLD.status NOT IN ('pending', 'confirmed') OR NEW.status NOT IN ('pending', 'confirmed')) THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', OLD.status, 'to', 'rescheduled'));
    END IF;
    IF NEW.status <> OLD.status THEN
        IF NOT (v_moved AND OLD.status = 'confirmed' AND NEW.status = 'pending') THEN
            PERFORM holdfast_private.check_transition(OLD.status, NEW.status);
        END IF;
        IF NEW.status IN ('completed', 'no_show') AND v_now < NEW.start_time THEN
            PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', OLD.status, 'to', NEW.status),
                'A session is completed or missed only after its start.');
        END IF;
    END IF;
    NEW.updated_at := v_now;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.guard_booking() IS
'Refuses a state without what belongs to it, a change of state that the state machine does not have, moving a booking that is over, and completing one that has not begun.';
REVOKE ALL ON FUNCTION holdfast_private.guard_booking() FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_booking()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_uid uuid := holdfast.uid();
    v_acting uuid := holdfast.actor_id();
    v_actor text := coalesce(holdfast_private.booking_party(NEW.organization_id, NEW.specialist_id, NEW.client_id), 'system');
    v_old_status text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
    v_reason text := coalesce(NEW.decline_reason, NEW.cancellation_reason, NEW.automatic_cancellation_reason);
BEGIN
    IF v_old_status IS DISTINCT FROM NEW.status THEN
        INSERT INTO @api@.booking_status_history (
            organization_id, booking_id, specialist_id, client_id, old_status, new_status, changed_by, acting_user_id, actor,
            reason, metadata)
        VALUES (
            NEW.organization_id, NEW.id, NEW.specialist_id, NEW.client_id, v_old_status, NEW.status, v_uid, v_acting, v_actor,
            v_reason,
            jsonb_strip_nulls(jsonb_build_object('party', NEW.no_show_party, 'declined', NEW.declined_at IS NOT NULL OR NULL)));
        IF NEW.status = 'cancelled' THEN
            INSERT INTO @api@.booking_cancellations (
                organization_id, booking_id, specialist_id, client_id, requested_by, cancelled_by, declined, reason, notice,
                cancelled_at)
            VALUES (
                NEW.organization_id, NEW.id, NEW.specialist_id, NEW.client_id, NEW.cancellation_requested_by, v_uid,
                NEW.declined_at IS NOT NULL, v_reason, NEW.start_time - NEW.cancelled_at, NEW.cancelled_at);
            PERFORM holdfast.unblock('holdfast_private.calendar', NEW.organization_id, NEW.id);
        END IF;
    END IF;
    IF TG_OP = 'UPDATE'
        AND (NEW.start_time, NEW.end_time, NEW.specialist_id) IS DISTINCT FROM (OLD.start_time, OLD.end_time, OLD.specialist_id)
    THEN
        INSERT INTO @api@.rescheduling_history (
            organization_id, booking_id, client_id, old_specialist_id, new_specialist_id, old_start_time, old_end_time, new_start_time,
            new_end_time, changed_by, acting_user_id, actor)
        VALUES (
            NEW.organization_id, NEW.id, NEW.client_id, OLD.specialist_id, NEW.specialist_id, OLD.start_time, OLD.end_time, NEW.start_time,
            NEW.end_time, v_uid, v_acting, v_actor);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.record_booking() IS
'Writes the history of a booking, and frees its time in the calendar when it is cancelled.';
REVOKE ALL ON FUNCTION holdfast_private.record_booking() FROM PUBLIC;

CREATE FUNCTION holdfast_private.prove_booking()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs four times what it runs
AS $$
BEGIN
    -- By the key of the hold, which is the booking's id unless it was moved. What has changed again since is proved by its
    -- own event. Nearly always the first look is enough, and the others are not even made ready.
    IF NEW.status NOT IN ('pending', 'confirmed')
        OR 2 <= (
            SELECT count(*) FROM holdfast_private.calendar c
            WHERE c.organization_id = NEW.organization_id AND c.hold_key = NEW.id AND c.reference = NEW.id
                AND c.resource_id IN (NEW.specialist_id, NEW.client_id) AND c.kind = 'busy'
                AND c.starts_at = NEW.start_time AND c.ends_at = NEW.end_time)
    THEN
        RETURN NULL;
    END IF;
    IF 2 > (
            SELECT count(*) FROM holdfast_private.calendar c
            WHERE c.organization_id = NEW.organization_id AND c.reference = NEW.id AND c.reference <> c.hold_key
                AND c.resource_id IN (NEW.specialist_id, NEW.client_id) AND c.kind = 'busy'
                AND c.starts_at = NEW.start_time AND c.ends_at = NEW.end_time)
        AND EXISTS (
            SELECT FROM @api@.bookings b
            WHERE b.organization_id = NEW.organization_id AND b.id = NEW.id AND b.status IN ('pending', 'confirmed')
                AND (b.start_time, b.end_time, b.specialist_id) = (NEW.start_time, NEW.end_time, NEW.specialist_id))
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = format('booking %s does not occupy its time in the calendar', NEW.id),
            HINT = 'Book through the RPCs, or hold and confirm the time with the kernel in the same transaction.';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.prove_booking() IS
'At commit: a booking that is on occupies its time in the calendar for both parties; so nothing can book past the calendar.';
REVOKE ALL ON FUNCTION holdfast_private.prove_booking() FROM PUBLIC;
