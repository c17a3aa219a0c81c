-- Holds: placing them in the calendar, finding them again, and their JSON.

CREATE FUNCTION holdfast_private.hold_life(hold_seconds int)
RETURNS interval
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_most interval := current_setting('holdfast.max_hold_life')::interval;
    v_life interval := make_interval(secs => hold_seconds);
BEGIN
    IF hold_seconds IS NULL OR hold_seconds = 300 THEN
        RETURN least(interval '300 seconds', v_most);
    ELSIF v_life < interval '1 second' OR v_life > v_most THEN
        PERFORM holdfast_private.raise_invalid('hold_seconds', format('must be from 1 to %s', extract(epoch FROM v_most)::int));
    END IF;
    RETURN v_life;
END
$$;
COMMENT ON FUNCTION holdfast_private.hold_life(int) IS
'How long a hold lives: 300 seconds where nothing else is said, or holdfast.max_hold_life where that is less; invalid_input below 1 and above that setting.';
REVOKE ALL ON FUNCTION holdfast_private.hold_life(int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.undo_hold(organization_id uuid, batch_key uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.release('holdfast_private.calendar', organization_id, batch_key);
    DELETE FROM holdfast_private.booking_holds AS bh
    WHERE bh.organization_id = undo_hold.organization_id AND bh.batch_key = undo_hold.batch_key;
END
$$;
COMMENT ON FUNCTION holdfast_private.undo_hold(uuid, uuid) IS
'Takes back a hold that this transaction placed: it was never there.';
REVOKE ALL ON FUNCTION holdfast_private.undo_hold(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.try_place_hold(
    specialist @api@.specialists, client_id uuid, slots tstzrange[], life interval,
    session_type_id uuid, time_zone text, booking_id uuid, OUT batch_key uuid, OUT refusal jsonb)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_details jsonb;
    v_tried record;
    v_place int := 0;
BEGIN
    IF booking_id IS NULL THEN
        refusal := holdfast_private.why_not_entitled(specialist.organization_id, client_id, session_type_id, cardinality(slots));
        IF refusal IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;
    v_details := holdfast_private.why_unavailable(specialist, slots);
    IF v_details IS NOT NULL THEN
        refusal := jsonb_build_object('error', 'outside_availability', 'details', v_details);
        RETURN;
    END IF;
    FOR v_tried IN
        SELECT h.*
        FROM holdfast.try_hold(
            'holdfast_private.calendar', specialist.organization_id,
            ARRAY[specialist.id, try_place_hold.client_id], slots,
            coalesce(holdfast.uid(), try_place_hold.client_id), life,
            ARRAY[specialist.concurrent_session_limit, 1],
            ARRAY[specialist.buffer_before, interval '0'],
            ARRAY[specialist.buffer_after, interval '0'],
            try_place_hold.booking_id) AS h (hold_key, during, expires_at, conflict)
    LOOP
        IF v_tried.conflict IS NOT NULL THEN
            v_details := v_tried.conflict;
            EXIT;
        END IF;
        batch_key := coalesce(batch_key, v_tried.hold_key);
        v_place := v_place + 1;
        INSERT INTO holdfast_private.booking_holds (
            organization_id, hold_key, batch_key, occurrence, specialist_id, client_id, session_type_id, booking_id,
            start_time, end_time, time_zone, held_by, acting_user_id, expires_at)
        VALUES (
            specialist.organization_id, v_tried.hold_key, try_place_hold.batch_key, v_place, specialist.id,
            try_place_hold.client_id, try_place_hold.session_type_id, CASE WHEN v_place = 1 THEN try_place_hold.booking_id END,
            lower(v_tried.during), upper(v_tried.during), try_place_hold.time_zone, holdfast.uid(), holdfast.actor_id(),
            v_tried.expires_at);
    END LOOP;
    IF v_details IS NOT NULL THEN
        -- Where no rule says when, the calendar's own next free times are the nearest; else what the engine offers.
        IF cardinality(slots) > 1 THEN
            v_details := v_details || jsonb_build_object('alternatives', holdfast_private.batch_alternatives(
                specialist, try_place_hold.client_id, slots, try_place_hold.time_zone));
        ELSIF holdfast_private.is_restricted(specialist.organization_id, specialist.id) THEN
            v_details := v_details || jsonb_build_object('alternatives',
                holdfast_private.alternatives(specialist, try_place_hold.client_id, slots[1]));
        END IF;
        refusal := jsonb_build_object('error', 'slot_conflict', 'details', v_details);
        RETURN;
    END IF;
    v_details := holdfast_private.why_over_limit(specialist, client_id, slots, booking_id);
    IF v_details IS NOT NULL THEN
        PERFORM holdfast_private.undo_hold(specialist.organization_id, batch_key);
        batch_key := NULL;
        refusal := jsonb_build_object('error', 'outside_availability', 'details', v_details);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.try_place_hold(@api@.specialists, uuid, tstzrange[], interval, uuid, text, uuid) IS
'Holds the time of both parties in the calendar, with the specialist''s buffers and capacity; booking_id names the booking it would move. Returns the key of the batch, or, with nothing held, the refusal: {"error": outside_availability, slot_conflict or what why_not_entitled() says, "details"}.';
REVOKE ALL ON FUNCTION holdfast_private.try_place_hold(@api@.specialists, uuid, tstzrange[], interval, uuid, text, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.place_hold(
    specialist @api@.specialists, client_id uuid, slots tstzrange[], life interval,
    session_type_id uuid, time_zone text, booking_id uuid)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tried record;
BEGIN
    v_tried := holdfast_private.try_place_hold(specialist, client_id, slots, life, session_type_id, time_zone, booking_id);
    IF v_tried.refusal IS NOT NULL THEN
        PERFORM holdfast.raise_error(v_tried.refusal ->> 'error', v_tried.refusal -> 'details');
    END IF;
    RETURN v_tried.batch_key;
END
$$;
COMMENT ON FUNCTION holdfast_private.place_hold(@api@.specialists, uuid, tstzrange[], interval, uuid, text, uuid) IS
'The same, raising the refusal.';
REVOKE ALL ON FUNCTION holdfast_private.place_hold(@api@.specialists, uuid, tstzrange[], interval, uuid, text, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.hold_json(organization_id uuid, batch_key uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'hold_key', hold_json.batch_key,
            'expires_at', min(bh.expires_at),
            'holds', jsonb_agg(jsonb_build_object(
                'hold_key', bh.hold_key,
                'start_time', bh.start_time,
                'end_time', bh.end_time,
                'expires_at', bh.expires_at) ORDER BY bh.occurrence))
        FROM holdfast_private.booking_holds bh
        WHERE bh.organization_id = hold_json.organization_id AND bh.batch_key = hold_json.batch_key);
END
$$;
COMMENT ON FUNCTION holdfast_private.hold_json(uuid, uuid) IS
'A batch of holds as clients see it: {"hold_key", "expires_at", "holds": [{"hold_key", "start_time", "end_time", "expires_at"}]}.';
REVOKE ALL ON FUNCTION holdfast_private.hold_json(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_hold(organization_id uuid, hold_key uuid, next_status text DEFAULT NULL)
RETURNS holdfast_private.booking_holds
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_hold holdfast_private.booking_holds;
BEGIN
    IF hold_key IS NULL THEN
        PERFORM holdfast_private.raise_invalid('hold_key', 'is required');
    END IF;
    BEGIN
        SELECT bh.* INTO v_hold
        FROM holdfast_private.booking_holds bh
        WHERE bh.organization_id = find_hold.organization_id
            AND bh.hold_key = (
                SELECT named.batch_key FROM holdfast_private.booking_holds named
                WHERE named.organization_id = find_hold.organization_id AND named.hold_key = find_hold.hold_key)
        FOR UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_hold.hold_key IS NULL
        OR holdfast_private.booking_party(organization_id, v_hold.specialist_id, v_hold.client_id) IS NULL THEN
        PERFORM holdfast.raise_error('hold_not_found');
    ELSIF next_status IS NULL THEN
        NULL;
    ELSIF v_hold.outcome = 'confirmed' THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', 'confirmed', 'to', next_status));
    ELSIF next_status = 'released' THEN
        NULL; -- however it ended
    ELSIF v_hold.outcome = 'released' THEN
        PERFORM holdfast.raise_error('hold_not_found');
    ELSIF v_hold.expires_at <= holdfast.clock() THEN
        PERFORM holdfast.raise_error('hold_expired', jsonb_build_object('expired_at', v_hold.expires_at));
    END IF;
    RETURN v_hold;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_hold(uuid, uuid, text) IS
'The first hold of the batch that a key belongs to, locked, for its next state: confirmed, extended, released, or null for none. hold_not_found when it does not exist or is none of the caller''s, nobody learns which, and when it was cancelled; invalid_transition when it is a booking by now; hold_expired when it lapsed. What has ended can be released again. The body has checked the organization before. request_in_progress as find_booking.';
REVOKE ALL ON FUNCTION holdfast_private.find_hold(uuid, uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.replay_hold(organization_id uuid, response jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_hold holdfast_private.booking_holds;
BEGIN
    IF response ? 'refused' THEN
        RETURN holdfast_private.answer_refused(response);
    END IF;
    SELECT bh.* INTO v_hold
    FROM holdfast_private.booking_holds bh
    WHERE bh.organization_id = replay_hold.organization_id AND bh.hold_key = (response ->> 'hold_key')::uuid;
    IF v_hold.outcome = 'confirmed' THEN
        RETURN response;
    ELSIF v_hold.outcome IS NULL AND v_hold.expires_at > holdfast.clock() THEN
        RETURN holdfast_private.hold_json(organization_id, v_hold.batch_key);
    END IF;
    PERFORM holdfast.raise_error('hold_expired', jsonb_build_object(
        'expired_at', coalesce(to_jsonb(least(v_hold.ended_at, v_hold.expires_at)), response -> 'expires_at')));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.replay_hold(uuid, jsonb) IS
'The answer to a repeated request for a hold: the same hold with its present expiry, also once it is confirmed; hold_expired when it has lapsed or was cancelled.';
REVOKE ALL ON FUNCTION holdfast_private.replay_hold(uuid, jsonb) FROM PUBLIC;
