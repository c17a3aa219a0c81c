CREATE FUNCTION holdfast_private.cancel_booking(organization_id uuid, booking_id uuid, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_booking @api@.bookings;
    v_party text;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'cancel_booking', v_key,
        jsonb_build_object('booking_id', booking_id, 'reason', reason));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_booking := holdfast_private.find_booking(organization_id, booking_id);
    v_party := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
    IF v_party = 'client' AND v_booking.start_time <= holdfast.clock() THEN
        PERFORM holdfast.raise_error('invalid_transition',
            jsonb_build_object('from', v_booking.status, 'to', 'cancelled'),
            'Once a session has begun, only the specialist or an administrator can cancel it.');
    END IF;
    PERFORM holdfast_private.check_transition(v_booking.status, 'cancelled');
    UPDATE @api@.bookings AS b
    SET status = 'cancelled',
        cancelled_at = holdfast.clock(),
        cancellation_requested_by = v_party,
        cancellation_reason = holdfast_private.normal_text('reason', cancel_booking.reason, 2000)
    WHERE b.organization_id = cancel_booking.organization_id AND b.id = cancel_booking.booking_id
    RETURNING b.* INTO v_booking;
    v_response := jsonb_build_object('booking', holdfast_private.booking_json(v_booking));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'cancel_booking', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_booking(uuid, uuid, text) IS
'Cancels a pending or confirmed booking and frees its time at once: {"booking"}. A client until it begins, the specialist and admins also after. The header Idempotency-Key is honoured. Errors: booking_not_found (unknown or not yours), invalid_transition, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_booking(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_booking(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
