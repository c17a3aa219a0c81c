CREATE FUNCTION holdfast_private.decline_booking(organization_id uuid, booking_id uuid, reason text DEFAULT NULL)
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
        'holdfast_private.idempotency', organization_id, v_user, 'decline_booking', v_key,
        jsonb_build_object('booking_id', booking_id, 'reason', reason));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_booking := holdfast_private.find_booking(organization_id, booking_id);
    v_party := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
    IF v_party = 'client' THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'A client cancels: cancel_booking.');
    END IF;
    PERFORM holdfast_private.check_transition(v_booking.status, 'cancelled');
    UPDATE @api@.bookings AS b
    SET status = 'cancelled',
        declined_at = holdfast.clock(),
        decline_reason = holdfast_private.normal_text('reason', decline_booking.reason, 2000),
        cancelled_at = holdfast.clock(),
        cancellation_requested_by = v_party
    WHERE b.organization_id = decline_booking.organization_id AND b.id = decline_booking.booking_id
    RETURNING b.* INTO v_booking;
    v_response := jsonb_build_object('booking', holdfast_private.booking_json(v_booking));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'decline_booking', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.decline_booking(uuid, uuid, text) IS
'The specialist (or an admin) declines a pending booking, or withdraws from a confirmed one; its time is free at once: {"booking"}, now cancelled with declined_at and decline_reason. The header Idempotency-Key is honoured. Errors: booking_not_found, forbidden (for its client), invalid_transition, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.decline_booking(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.decline_booking(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
