CREATE FUNCTION holdfast_private.mark_no_show(organization_id uuid, booking_id uuid, party text)
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
        'holdfast_private.idempotency', organization_id, v_user, 'mark_no_show', v_key,
        jsonb_build_object('booking_id', booking_id, 'party', party));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    IF party IS NULL OR party NOT IN ('client', 'specialist') THEN
        PERFORM holdfast_private.raise_invalid('party', 'must be client or specialist');
    END IF;
    v_booking := holdfast_private.find_booking(organization_id, booking_id);
    v_party := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
    IF v_party = 'client' AND party <> 'specialist' THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    PERFORM holdfast_private.check_transition(v_booking.status, 'no_show');
    UPDATE @api@.bookings AS b
    SET status = 'no_show',
        no_show_party = mark_no_show.party,
        attended = (mark_no_show.party <> 'client')
    WHERE b.organization_id = mark_no_show.organization_id AND b.id = mark_no_show.booking_id
    RETURNING b.* INTO v_booking;
    v_response := jsonb_build_object('booking', holdfast_private.booking_json(v_booking));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'mark_no_show', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.mark_no_show(uuid, uuid, text) IS
'Says who did not come to a confirmed session, client or specialist, once it has begun: {"booking"}, now no_show. A client can say it of the specialist only; the specialist and admins of both. The header Idempotency-Key is honoured. Errors: booking_not_found, forbidden, invalid_transition (not confirmed, or not begun), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.mark_no_show(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.mark_no_show(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
