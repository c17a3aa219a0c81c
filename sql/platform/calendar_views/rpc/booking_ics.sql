CREATE FUNCTION holdfast_private.booking_ics(organization_id uuid, booking_id uuid)
RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
    v_party text;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF booking_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('booking_id', 'is required');
    END IF;
    SELECT b.* INTO v_booking FROM @api@.bookings AS b
    WHERE b.organization_id = booking_ics.organization_id AND b.id = booking_ics.booking_id;
    v_party := holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id);
    IF v_booking.id IS NULL OR v_party IS NULL THEN
        PERFORM holdfast.raise_error('booking_not_found');
    END IF;
    RETURN holdfast.ics(
        jsonb_build_array(holdfast_private.booking_events(organization_id, ARRAY[v_booking.id], v_party) -> 0
            || holdfast_private.invited(v_booking, v_party)),
        CASE v_booking.status WHEN 'cancelled' THEN 'CANCEL' ELSE 'REQUEST' END);
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_ics(uuid, uuid) IS
'A booking as an iCalendar file (RFC 5545), for one of its parties: METHOD REQUEST, or CANCEL once it is cancelled. Its UID never changes and its SEQUENCE grows, so a calendar that has it is brought up to date. ORGANIZER is the specialist, whose address only they and admins read in it (clients: invalid:nomail), ATTENDEE the client, if they have an address. No clinical content. Errors: booking_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.booking_ics(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.booking_ics(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
