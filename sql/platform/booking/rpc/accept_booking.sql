CREATE FUNCTION holdfast_private.accept_booking(organization_id uuid, booking_id uuid)
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
        'holdfast_private.idempotency', organization_id, v_user, 'accept_booking', v_key,
        jsonb_build_object('booking_id', booking_id));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_booking := holdfast_private.find_booking(organization_id, booking_id);
    v_party := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
    IF v_party = 'client' THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    PERFORM holdfast_private.check_transition(v_booking.status, 'confirmed');
    UPDATE @api@.bookings AS b
    SET status = 'confirmed',
        accepted_at = holdfast.clock(),
        accepted_by = holdfast.uid()
    WHERE b.organization_id = accept_booking.organization_id AND b.id = accept_booking.booking_id
    RETURNING b.* INTO v_booking;
    v_response := jsonb_build_object('booking', holdfast_private.booking_json(v_booking));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'accept_booking', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_booking(uuid, uuid) IS
'The specialist (or an admin) accepts a pending booking: {"booking"}, now confirmed. The header Idempotency-Key is honoured. Errors: booking_not_found, forbidden (for its client), invalid_transition (a second time too), approval_required (its type is approved one by one, by who may manage bookings).';
REVOKE ALL ON FUNCTION holdfast_private.accept_booking(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.accept_booking(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
