CREATE FUNCTION holdfast_private.get_booking(organization_id uuid, booking_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF booking_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('booking_id', 'is required');
    END IF;
    SELECT b.* INTO v_booking
    FROM @api@.bookings b
    WHERE b.organization_id = get_booking.organization_id AND b.id = get_booking.booking_id;
    IF holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id) IS NULL
        OR v_booking.id IS NULL THEN
        PERFORM holdfast.raise_error('booking_not_found');
    END IF;
    PERFORM holdfast_private.record_read(organization_id, '@api@.bookings', booking_id::text, v_booking.client_id);
    RETURN jsonb_build_object(
        'booking', holdfast_private.booking_json(v_booking),
        'history', (
            SELECT coalesce(jsonb_agg(to_jsonb(h) - '{organization_id, booking_id, specialist_id, client_id}'::text[] ORDER BY h.id), '[]')
            FROM @api@.booking_status_history h
            WHERE h.organization_id = get_booking.organization_id AND h.booking_id = get_booking.booking_id),
        'moves', (
            SELECT coalesce(jsonb_agg(to_jsonb(m) - '{organization_id, booking_id, specialist_id, client_id}'::text[] ORDER BY m.id), '[]')
            FROM @api@.rescheduling_history m
            WHERE m.organization_id = get_booking.organization_id AND m.booking_id = get_booking.booking_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.get_booking(uuid, uuid) IS
'A booking with all it went through: {"booking", "history": [states, first to last], "moves": [times, first to last]}. That it was read is recorded. Errors: booking_not_found (unknown or not yours).';
REVOKE ALL ON FUNCTION holdfast_private.get_booking(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.get_booking(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
