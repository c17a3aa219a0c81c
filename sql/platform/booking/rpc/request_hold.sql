CREATE FUNCTION holdfast_private.request_hold(
    organization_id uuid,
    specialist_id uuid,
    client_id uuid,
    start_time timestamptz,
    end_time timestamptz DEFAULT NULL,
    session_type_id uuid DEFAULT NULL,
    hold_seconds int DEFAULT 300,
    time_zone text DEFAULT NULL,
    start_time_offset_minutes int DEFAULT NULL,
    end_time_offset_minutes int DEFAULT NULL,
    occurrences jsonb DEFAULT NULL,
    session_id uuid DEFAULT NULL,
    idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_party text;
    v_key text;
    v_response jsonb;
    v_life interval;
    v_specialist @api@.specialists;
    v_client @api@.clients;
    v_booking @api@.bookings;
    v_length interval;
    v_first tstzrange;
    v_slots tstzrange[];
    v_tried record;
BEGIN
    IF specialist_id IS NULL OR client_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid(
            CASE WHEN specialist_id IS NULL THEN 'specialist_id' ELSE 'client_id' END, 'is required');
    END IF;
    v_party := holdfast_private.booking_party(organization_id, specialist_id, client_id);
    IF v_party IS NULL THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;

    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_hold', v_key,
        jsonb_build_object(
            'specialist_id', specialist_id, 'client_id', client_id, 'start_time', start_time, 'end_time', end_time,
            'session_type_id', session_type_id, 'hold_seconds', hold_seconds, 'time_zone', time_zone,
            'start_time_offset_minutes', start_time_offset_minutes, 'end_time_offset_minutes', end_time_offset_minutes,
            'occurrences', occurrences, 'session_id', session_id));
    IF v_response IS NOT NULL THEN
        RETURN holdfast_private.replay_hold(organization_id, v_response);
    END IF;

    v_life := holdfast_private.hold_life(hold_seconds);
    v_specialist := holdfast_private.active_specialist(organization_id, specialist_id);
    v_client := holdfast_private.active_client(organization_id, client_id);
    IF v_client.company_id IS NOT NULL AND v_party IN ('client', 'specialist')
        AND NOT holdfast_private.may_book(organization_id, client_id, specialist_id) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The client''s company has assigned other specialists.');
    END IF;
    IF session_type_id IS NOT NULL THEN
        v_length := holdfast_private.session_length(organization_id, session_type_id);
    END IF;
    IF session_id IS NOT NULL THEN
        v_booking := holdfast_private.check_movable(organization_id, session_id);
        IF v_booking.client_id <> client_id THEN
            PERFORM holdfast_private.raise_invalid('client_id', 'is not the client of the booking');
        END IF;
        v_length := coalesce(v_length, v_booking.end_time - v_booking.start_time);
    END IF;
    IF NOT holdfast.is_time_zone(time_zone) THEN
        PERFORM holdfast_private.raise_invalid('time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    END IF;
    v_first := holdfast_private.check_slot(start_time, end_time, v_length);
    IF start_time_offset_minutes IS NOT NULL OR end_time_offset_minutes IS NOT NULL THEN
        PERFORM holdfast_private.check_offset(
            'start_time_offset_minutes', start_time_offset_minutes, lower(v_first), time_zone);
        PERFORM holdfast_private.check_offset(
            'end_time_offset_minutes', end_time_offset_minutes, upper(v_first), time_zone);
    END IF;
    v_slots := ARRAY[v_first];
    IF occurrences IS NOT NULL THEN
        v_slots := holdfast_private.check_occurrences(v_first, v_length, time_zone, occurrences);
    END IF;

    v_tried := holdfast_private.try_place_hold(
        v_specialist, client_id, v_slots, v_life, session_type_id,
        coalesce(time_zone, v_booking.time_zone, v_specialist.time_zone), session_id);
    v_response := CASE WHEN v_tried.refusal IS NULL THEN holdfast_private.hold_json(organization_id, v_tried.batch_key)
        ELSE holdfast_private.refuse_hold(organization_id, client_id, specialist_id, session_type_id, v_first,
            coalesce(time_zone, v_specialist.time_zone), v_tried.refusal) END;
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_hold', v_key, v_response);
    RETURN CASE WHEN v_tried.refusal IS NULL THEN v_response ELSE holdfast_private.answer_refused(v_response) END;
END
$$;
COMMENT ON FUNCTION holdfast_private.request_hold(uuid, uuid, uuid, timestamptz, timestamptz, uuid, int, text, int, int, jsonb, uuid, text) IS
'Holds time with a specialist for a client, for hold_seconds (300), so that nobody else can take it: {"hold_key", "expires_at", "holds": [{"hold_key", "start_time", "end_time", "expires_at"}]}. Without end_time it is as long as the session type says, or the booking that it moves. occurrences holds a series, all or nothing: [{"start_time", "end_time", "start_time_offset_minutes", "end_time_offset_minutes"}], at most 366; it may contain the first one, which is held once. Offsets are minutes east of UTC (New York in winter: -300) and must be what time_zone, an IANA name, has at that time. session_id names a booking to move: confirming the hold moves it. The same idempotency_key (or header Idempotency-Key) gives the same hold again. A client asks for themselves, a specialist for their own calendar, an admin for everybody. Errors: outside_availability (reasons), slot_conflict, quota_exhausted (scope: company or employee; balance, period_ends_at; with waitlist_entry_id when the client was put on the waitlist, which stays), subscription_inactive, employment_inactive, approval_required, too_many_cancellations, invalid_input, forbidden, specialist_not_found, client_not_found, session_type_not_found, booking_not_found, invalid_transition, hold_expired (repeated after it lapsed), idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.request_hold(uuid, uuid, uuid, timestamptz, timestamptz, uuid, int, text, int, int, jsonb, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_hold(uuid, uuid, uuid, timestamptz, timestamptz, uuid, int, text, int, int, jsonb, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
