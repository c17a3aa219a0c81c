-- From a hold to bookings.

CREATE FUNCTION holdfast_private.session_overrides(batch uuid[], occurrences jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_overrides jsonb := jsonb '{}';
    v_item jsonb;
    v_place bigint;
    v_path text;
    v_key uuid;
BEGIN
    FOR v_item, v_place IN
        SELECT o.item, o.place - 1
        FROM jsonb_array_elements(holdfast_private.json_list('occurrences', occurrences, 366)) WITH ORDINALITY AS o (item, place)
    LOOP
        v_path := format('occurrences[%s]', v_place);
        IF jsonb_typeof(v_item) <> 'object' THEN
            PERFORM holdfast_private.raise_invalid(v_path, 'must be an object');
        END IF;
        v_key := holdfast_private.json_uuid(v_path || '.hold_key', v_item -> 'hold_key');
        IF v_key IS NULL THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.hold_key', 'is required');
        ELSIF v_key <> ALL (batch) THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.hold_key', 'is not part of this hold');
        ELSIF v_overrides ? v_key::text THEN
            PERFORM holdfast_private.raise_invalid(v_path || '.hold_key', 'is named twice');
        END IF;
        v_overrides := v_overrides || jsonb_build_object(v_key, jsonb_build_object(
            'path', v_path || '.session',
            'session', coalesce(holdfast_private.json_object(v_path || '.session', v_item -> 'session'), '{}')));
    END LOOP;
    RETURN v_overrides;
END
$$;
COMMENT ON FUNCTION holdfast_private.session_overrides(uuid[], jsonb) IS
'From [{"hold_key", "session"}]: what each hold of a batch says of its own session, and where that was said. Raises invalid_input for keys of another batch.';
REVOKE ALL ON FUNCTION holdfast_private.session_overrides(uuid[], jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.new_booking(
    hold holdfast_private.booking_holds, fields @api@.bookings, series_key uuid, company_id uuid, accepted boolean,
    accepted_by uuid)
RETURNS @api@.bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    INSERT INTO @api@.bookings AS b (
        organization_id, id, series_key, specialist_id, client_id, company_id, session_type_id,
        status, accepted_at, accepted_by, start_time, end_time, time_zone,
        notes, meeting_link, cpt, metadata, acting_user_id, subject_user_id)
    VALUES (
        hold.organization_id, hold.hold_key, new_booking.series_key, hold.specialist_id, hold.client_id,
        new_booking.company_id,
        coalesce(fields.session_type_id, hold.session_type_id),
        CASE WHEN accepted THEN 'confirmed' ELSE 'pending' END,
        CASE WHEN accepted THEN holdfast.clock() END,
        CASE WHEN accepted THEN new_booking.accepted_by END,
        hold.start_time, hold.end_time, hold.time_zone,
        fields.notes, fields.meeting_link, fields.cpt, fields.metadata, holdfast.actor_id(), holdfast.uid())
    RETURNING b.* INTO v_booking;
    RETURN v_booking;
END
$$;
COMMENT ON FUNCTION holdfast_private.new_booking(holdfast_private.booking_holds, @api@.bookings, uuid, uuid, boolean, uuid) IS
'Writes the booking that a hold becomes; its id is the hold_key.';
REVOKE ALL ON FUNCTION holdfast_private.new_booking(holdfast_private.booking_holds, @api@.bookings, uuid, uuid, boolean, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.move_booking(
    hold holdfast_private.booking_holds, fields @api@.bookings, accepted boolean, accepted_by uuid, kept boolean)
RETURNS @api@.bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    UPDATE @api@.bookings AS b
    SET specialist_id = hold.specialist_id,
        start_time = hold.start_time,
        end_time = hold.end_time,
        time_zone = hold.time_zone,
        reschedule_count = b.reschedule_count + (
            (b.start_time, b.end_time, b.specialist_id) <> (hold.start_time, hold.end_time, hold.specialist_id))::int,
        status = CASE WHEN accepted THEN 'confirmed' WHEN kept THEN b.status ELSE 'pending' END,
        accepted_at = CASE
            WHEN accepted AND (b.accepted_at IS NULL OR b.specialist_id <> hold.specialist_id) THEN holdfast.clock()
            WHEN accepted OR kept THEN b.accepted_at END,
        accepted_by = CASE
            WHEN accepted AND (b.accepted_at IS NULL OR b.specialist_id <> hold.specialist_id) THEN move_booking.accepted_by
            WHEN accepted OR kept THEN b.accepted_by END,
        session_type_id = coalesce(fields.session_type_id, hold.session_type_id, b.session_type_id),
        notes = coalesce(fields.notes, b.notes),
        meeting_link = coalesce(fields.meeting_link, b.meeting_link),
        cpt = coalesce(fields.cpt, b.cpt),
        metadata = b.metadata || fields.metadata,
        confirmation_sent_at = NULL,
        reminder_sent_at = NULL
    WHERE b.organization_id = hold.organization_id AND b.id = hold.booking_id
    RETURNING b.* INTO v_booking;
    RETURN v_booking;
END
$$;
COMMENT ON FUNCTION holdfast_private.move_booking(holdfast_private.booking_holds, @api@.bookings, boolean, uuid, boolean) IS
'Moves a booking to the time and specialist of a hold. It is confirmed where the specialist has accepted that, what it was where kept says so, and waits for the specialist otherwise; reminders start anew.';
REVOKE ALL ON FUNCTION holdfast_private.move_booking(holdfast_private.booking_holds, @api@.bookings, boolean, uuid, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_movable(organization_id uuid, booking_id uuid)
RETURNS @api@.bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings := holdfast_private.find_booking(organization_id, booking_id);
    v_party text := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
BEGIN
    IF v_booking.status NOT IN ('pending', 'confirmed')
        OR (v_party = 'client' AND v_booking.start_time <= holdfast.clock()) THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_booking.status, 'to', 'rescheduled'));
    END IF;
    RETURN v_booking;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_movable(uuid, uuid) IS
'A booking that the caller may move now, locked for change: theirs, pending or confirmed, and for its client not begun. Raises booking_not_found and invalid_transition (to "rescheduled").';
REVOKE ALL ON FUNCTION holdfast_private.check_movable(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_session_hold(hold holdfast_private.booking_holds, session jsonb, path text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key text;
    v_at timestamptz;
BEGIN
    FOREACH v_key IN ARRAY '{start_time, end_time}'::text[] LOOP
        v_at := holdfast_private.json_time(path || '.' || v_key, session -> v_key);
        IF v_at <> (CASE v_key WHEN 'start_time' THEN hold.start_time ELSE hold.end_time END) THEN
            PERFORM holdfast_private.raise_invalid(path || '.' || v_key, 'is not the time that is held');
        END IF;
    END LOOP;
    FOREACH v_key IN ARRAY '{specialist_id, therapist_id, client_id}'::text[] LOOP
        IF holdfast_private.json_uuid(path || '.' || v_key, session -> v_key)
            <> (CASE v_key WHEN 'client_id' THEN hold.client_id ELSE hold.specialist_id END)
        THEN
            PERFORM holdfast_private.raise_invalid(path || '.' || v_key, 'is not the one of the hold');
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_session_hold(holdfast_private.booking_holds, jsonb, text) IS
'Raises invalid_input where a session object names another time, specialist or client than its hold: a booking is what was held, and nobody should think that it is something else.';
REVOKE ALL ON FUNCTION holdfast_private.check_session_hold(holdfast_private.booking_holds, jsonb, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.confirm_hold(
    hold holdfast_private.booking_holds, session jsonb, occurrences jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_specialist @api@.specialists := holdfast_private.active_specialist(hold.organization_id, hold.specialist_id);
    v_client @api@.clients := holdfast_private.active_client(hold.organization_id, hold.client_id);
    v_party text := holdfast_private.booking_party(hold.organization_id, hold.specialist_id, hold.client_id);
    v_accepted boolean := v_specialist.auto_accept OR v_party = 'specialist';
    v_accepted_by uuid := CASE WHEN v_party = 'specialist' THEN holdfast.uid() END;
    v_fields @api@.bookings := holdfast_private.check_session(hold.organization_id, session, 'session');
    v_own_fields @api@.bookings;
    v_moved @api@.bookings;
    v_booking @api@.bookings;
    v_bookings jsonb := jsonb '[]';
    v_batch uuid[];
    v_references uuid[];
    v_overrides jsonb := jsonb '{}';
    v_hold holdfast_private.booking_holds;
    v_refusal jsonb;
BEGIN
    IF hold.booking_id IS NOT NULL THEN
        v_moved := holdfast_private.check_movable(hold.organization_id, hold.booking_id);
    ELSIF v_client.company_id IS NOT NULL THEN
        v_refusal := holdfast_private.why_not_entitled(hold.organization_id, hold.client_id, NULL, 0);
        IF v_refusal IS NOT NULL THEN
            PERFORM holdfast.raise_error(v_refusal ->> 'error', v_refusal -> 'details');
        END IF;
    END IF;
    IF hold.booking_id IS NOT NULL OR occurrences IS NOT NULL THEN
        SELECT array_agg(bh.hold_key ORDER BY bh.occurrence),
            array_agg(coalesce(bh.booking_id, bh.hold_key) ORDER BY bh.occurrence)
        INTO v_batch, v_references
        FROM holdfast_private.booking_holds bh
        WHERE bh.organization_id = hold.organization_id AND bh.batch_key = hold.batch_key;
        v_overrides := holdfast_private.session_overrides(v_batch, occurrences);
    END IF;
    PERFORM FROM holdfast.confirm('holdfast_private.calendar', hold.organization_id, hold.batch_key, v_references);
    FOR v_hold IN
        WITH confirmed AS (
            UPDATE holdfast_private.booking_holds bh
            SET outcome = 'confirmed', ended_at = holdfast.clock()
            WHERE bh.organization_id = hold.organization_id AND bh.batch_key = hold.batch_key
            RETURNING bh.*)
        SELECT c.* FROM confirmed c ORDER BY c.occurrence
    LOOP
        v_own_fields := v_fields;
        IF v_hold.hold_key = hold.hold_key AND session <> '{}' THEN
            PERFORM holdfast_private.check_session_hold(v_hold, session, 'session');
        END IF;
        IF v_overrides ? v_hold.hold_key::text THEN
            PERFORM holdfast_private.check_session_hold(
                v_hold, v_overrides #> ARRAY[v_hold.hold_key::text, 'session'],
                v_overrides #>> ARRAY[v_hold.hold_key::text, 'path']);
            v_own_fields := holdfast_private.check_session(
                hold.organization_id,
                coalesce(session, '{}') || (v_overrides #> ARRAY[v_hold.hold_key::text, 'session']),
                v_overrides #>> ARRAY[v_hold.hold_key::text, 'path']);
        END IF;
        IF v_hold.booking_id IS NULL THEN
            v_booking := holdfast_private.new_booking(
                v_hold, v_own_fields, coalesce(v_moved.series_key, hold.batch_key), v_client.company_id,
                v_accepted, v_accepted_by);
        ELSE
            v_booking := holdfast_private.move_booking(
                v_hold, v_own_fields, v_accepted, v_accepted_by,
                v_moved.specialist_id = v_hold.specialist_id AND (
                    v_party <> 'client'
                    OR (v_moved.start_time, v_moved.end_time) = (v_hold.start_time, v_hold.end_time)));
        END IF;
        v_bookings := v_bookings || holdfast_private.booking_json(v_booking);
    END LOOP;
    -- Last: everybody of the company shares its account.
    IF v_client.company_id IS NOT NULL AND to_regproc('holdfast_private.settle_quota') IS NOT NULL THEN
        PERFORM holdfast_private.settle_quota();
    END IF;
    RETURN jsonb_build_object('booking', v_bookings -> 0, 'bookings', v_bookings);
END
$$;
COMMENT ON FUNCTION holdfast_private.confirm_hold(holdfast_private.booking_holds, jsonb, jsonb) IS
'Turns a whole batch of holds into bookings, or moves the booking that it was held for: {"booking", "bookings"}. Accepted at once where the specialist accepts automatically or confirms it themselves, pending otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.confirm_hold(holdfast_private.booking_holds, jsonb, jsonb) FROM PUBLIC;
