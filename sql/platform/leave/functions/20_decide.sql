-- What becomes of the bookings that a leave hits.

CREATE FUNCTION holdfast_private.read_leave_decisions(decisions jsonb, decision text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_decisions jsonb := '{}';
    v_item jsonb;
    v_place bigint;
    v_path text;
    v_booking uuid;
BEGIN
    IF decision NOT IN ('cancel', 'reassign', 'waitlist', 'refuse') THEN
        PERFORM holdfast_private.raise_invalid('decision', 'must be cancel, reassign, waitlist or refuse');
    END IF;
    FOR v_item, v_place IN
        SELECT d.item, d.place - 1
        FROM jsonb_array_elements(holdfast_private.json_list('decisions', decisions, 1000)) WITH ORDINALITY AS d (item, place)
    LOOP
        v_path := format('decisions[%s]', v_place);
        IF jsonb_typeof(v_item) <> 'object' THEN
            PERFORM holdfast_private.raise_invalid(v_path, 'must be an object');
        END IF;
        v_booking := holdfast_private.json_uuid(v_path || '.booking_id', v_item -> 'booking_id');
        IF v_booking IS NULL THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.booking_id', 'is required');
        ELSIF v_decisions ? v_booking::text THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.booking_id', 'is named twice');
        ELSIF (v_item -> 'decision' IN ('"cancel"', '"reassign"', '"waitlist"')) IS NOT TRUE THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.decision', 'must be cancel, reassign or waitlist');
        END IF;
        v_decisions := v_decisions || jsonb_build_object(v_booking, jsonb_build_object(
            'decision', v_item -> 'decision',
            'specialist_id', holdfast_private.json_uuid(v_path || '.specialist_id', v_item -> 'specialist_id')));
    END LOOP;
    RETURN v_decisions;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_leave_decisions(jsonb, text) IS
'[{"booking_id", "decision", "specialist_id"}] by booking; invalid_input with the path of the field.';
REVOKE ALL ON FUNCTION holdfast_private.read_leave_decisions(jsonb, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.leave_conflict(bookings jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('retry_after_seconds', NULL, 'alternatives', jsonb '[]', 'conflicts', jsonb_agg(
            jsonb_build_object('index', b.n - 1, 'start_time', b.booking -> 'start_time', 'end_time', b.booking -> 'end_time') ORDER BY b.n))
        FROM jsonb_array_elements(bookings) WITH ORDINALITY AS b (booking, n));
END
$$;
COMMENT ON FUNCTION holdfast_private.leave_conflict(jsonb) IS
'What every slot_conflict says, of bookings that stand in the way of a leave: {"conflicts", "retry_after_seconds", "alternatives"}. Nothing is offered instead: the leave is what it is.';
REVOKE ALL ON FUNCTION holdfast_private.leave_conflict(jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.reassign_booking(booking @api@.bookings, specialist_id uuid)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot tstzrange := tstzrange(booking.start_time, booking.end_time);
    v_specialist @api@.specialists;
    v_tried record;
    v_hold holdfast_private.booking_holds;
BEGIN
    FOR v_specialist IN
        SELECT s.* FROM holdfast_private.substitutes(booking) AS s WHERE reassign_booking.specialist_id IS NULL
        UNION ALL
        SELECT (holdfast_private.active_specialist(booking.organization_id, reassign_booking.specialist_id)).*
        WHERE reassign_booking.specialist_id IS NOT NULL
    LOOP
        v_tried := holdfast_private.try_place_hold(v_specialist, booking.client_id, ARRAY[v_slot],
            holdfast_private.hold_life(NULL), booking.session_type_id, booking.time_zone, booking.id);
        IF v_tried.refusal IS NULL THEN
            SELECT bh.* INTO v_hold FROM holdfast_private.booking_holds AS bh
            WHERE bh.organization_id = booking.organization_id AND bh.hold_key = v_tried.batch_key;
            PERFORM holdfast_private.confirm_hold(v_hold, '{}', NULL);
            RETURN v_specialist.id;
        ELSIF reassign_booking.specialist_id IS NOT NULL THEN
            PERFORM holdfast.raise_error(v_tried.refusal ->> 'error',
                v_tried.refusal -> 'details' || jsonb_build_object('booking_id', booking.id));
        END IF;
    END LOOP;
    PERFORM holdfast.raise_error('slot_conflict',
        holdfast_private.leave_conflict(jsonb_build_array(to_jsonb(booking))) || jsonb_build_object('booking_id', booking.id),
        'No other specialist can take this booking over at its time.');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.reassign_booking(@api@.bookings, uuid) IS
'Moves a booking to another specialist at the same time, the one named or the first substitute who can, and returns who. Raises slot_conflict or outside_availability, with the booking_id.';
REVOKE ALL ON FUNCTION holdfast_private.reassign_booking(@api@.bookings, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.cancel_for_leave(booking @api@.bookings)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE @api@.bookings AS b
    SET status = 'cancelled',
        cancelled_at = holdfast.clock(),
        cancellation_requested_by = 'system',
        automatic_cancellation_reason = 'specialist_leave'
    WHERE b.organization_id = booking.organization_id AND b.id = booking.id;
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_for_leave(@api@.bookings) IS 'Cancels a booking because its specialist is away.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_for_leave(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.wait_instead(booking @api@.bookings)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_patience CONSTANT interval := interval '30 days';
    v_pillar_id uuid;
    v_entry_id uuid;
BEGIN
    SELECT s.pillar_id INTO v_pillar_id FROM @api@.specialists AS s
    WHERE s.organization_id = booking.organization_id AND s.id = booking.specialist_id;
    INSERT INTO @api@.waitlist_entries AS e (
        organization_id, client_id, specialist_id, pillar_id, session_type_id, duration, earliest, latest, time_zone)
    VALUES (
        booking.organization_id, booking.client_id, CASE WHEN v_pillar_id IS NULL THEN booking.specialist_id END, v_pillar_id,
        booking.session_type_id, booking.end_time - booking.start_time, holdfast.clock(), booking.end_time + c_patience,
        booking.time_zone)
    RETURNING e.id INTO v_entry_id;
    RETURN v_entry_id;
END
$$;
COMMENT ON FUNCTION holdfast_private.wait_instead(@api@.bookings) IS
'Lets the client of a booking wait for time of the same length until 30 days after it, with anyone of the specialist''s pillar, or with the specialist where they have none; returns the entry.';
REVOKE ALL ON FUNCTION holdfast_private.wait_instead(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.approve_leave_with(
    leave @api@.specialist_vacation, decisions jsonb, decision text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_span tstzrange := tstzrange(leave.starts_at, leave.ends_at);
    v_decisions jsonb := holdfast_private.read_leave_decisions(decisions, decision);
    v_rest text := coalesce(decision, CASE WHEN leave.auto_cancel_bookings_during_vacation THEN 'cancel' ELSE 'refuse' END);
    v_cancelled jsonb := '[]';
    v_reassigned jsonb := '[]';
    v_waitlisted jsonb := '[]';
    v_open jsonb := '[]';
    v_booking @api@.bookings;
    v_own jsonb;
    v_leave @api@.specialist_vacation;
BEGIN
    IF EXISTS (SELECT FROM jsonb_object_keys(v_decisions) AS d (booking)
               WHERE d.booking::uuid NOT IN (SELECT b.id FROM holdfast_private.bookings_in(
                   leave.organization_id, leave.specialist_id, v_span) AS b))
    THEN
        PERFORM holdfast_private.raise_invalid('decisions', 'names a booking that is not within the leave');
    END IF;
    -- One after the other, each locked by finding it: who cancels or moves one meanwhile has decided about it.
    FOR v_booking IN
        SELECT b.* FROM holdfast_private.bookings_in(leave.organization_id, leave.specialist_id, v_span) AS b
    LOOP
        v_booking := holdfast_private.find_booking(leave.organization_id, v_booking.id);
        CONTINUE WHEN v_booking.status NOT IN ('pending', 'confirmed') OR v_booking.specialist_id <> leave.specialist_id
            OR NOT tstzrange(v_booking.start_time, v_booking.end_time) && v_span;
        v_own := v_decisions -> v_booking.id::text;
        CASE coalesce(v_own ->> 'decision', v_rest)
            WHEN 'cancel' THEN
                PERFORM holdfast_private.cancel_for_leave(v_booking);
                v_cancelled := v_cancelled || to_jsonb(v_booking.id);
            WHEN 'waitlist' THEN
                PERFORM holdfast_private.cancel_for_leave(v_booking);
                v_waitlisted := v_waitlisted || jsonb_build_object('booking_id', v_booking.id, 'waitlist_entry_id',
                    holdfast_private.wait_instead(v_booking));
            WHEN 'reassign' THEN
                v_reassigned := v_reassigned || jsonb_build_object('booking_id', v_booking.id, 'specialist_id',
                    holdfast_private.reassign_booking(v_booking, (v_own ->> 'specialist_id')::uuid));
            ELSE
                v_open := v_open || jsonb_build_object('booking_id', v_booking.id, 'client_id', v_booking.client_id,
                    'start_time', v_booking.start_time, 'end_time', v_booking.end_time);
        END CASE;
    END LOOP;
    IF v_open <> '[]' THEN
        PERFORM holdfast.raise_error('slot_conflict',
            holdfast_private.leave_conflict(v_open) || jsonb_build_object('affected_bookings', v_open),
            'Decide about every booking: cancel, reassign or waitlist.');
    END IF;
    UPDATE @api@.specialist_vacation AS v
    SET status = 'approved', decided_by = holdfast.uid(), decided_at = holdfast.clock()
    WHERE v.organization_id = leave.organization_id AND v.id = leave.id
    RETURNING v.* INTO v_leave;
    PERFORM holdfast_private.block_leave(v_leave);
    RETURN jsonb_build_object('leave', to_jsonb(v_leave) - 'organization_id', 'cancelled', v_cancelled,
        'reassigned', v_reassigned, 'waitlisted', v_waitlisted);
END
$$;
COMMENT ON FUNCTION holdfast_private.approve_leave_with(@api@.specialist_vacation, jsonb, text) IS
'Approves a leave: decides about every booking in it, then blocks its time, all or nothing. {"leave", "cancelled", "reassigned", "waitlisted"}.';
REVOKE ALL ON FUNCTION holdfast_private.approve_leave_with(@api@.specialist_vacation, jsonb, text) FROM PUBLIC;
