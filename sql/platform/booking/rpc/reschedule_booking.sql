CREATE FUNCTION holdfast_private.reschedule_booking(
    organization_id uuid, booking_id uuid, start_time timestamptz, end_time timestamptz DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_booking @api@.bookings;
    v_slot tstzrange;
    v_batch_key uuid;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'reschedule_booking', v_key,
        jsonb_build_object('booking_id', booking_id, 'start_time', start_time, 'end_time', end_time));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_booking := holdfast_private.check_movable(organization_id, booking_id);
    v_slot := holdfast_private.check_slot(start_time, end_time, v_booking.end_time - v_booking.start_time);
    v_batch_key := holdfast_private.place_hold(
        holdfast_private.active_specialist(organization_id, v_booking.specialist_id), v_booking.client_id,
        ARRAY[v_slot], holdfast_private.hold_life(NULL), v_booking.session_type_id, v_booking.time_zone, v_booking.id);
    v_response := holdfast_private.confirm_hold(
        holdfast_private.find_hold(organization_id, v_batch_key, 'confirmed'), '{}', NULL) - 'bookings';
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'reschedule_booking', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.reschedule_booking(uuid, uuid, timestamptz, timestamptz) IS
'Moves a pending or confirmed booking to another time, also one that overlaps the present one, and frees the old time: {"booking"}, with its old id, one more in reschedule_count and its history. Without end_time it keeps its length. When its client moves it and the specialist does not accept automatically, it is pending again; when the specialist does it, it is confirmed. To move it after asking the client, hold with session_id. The header Idempotency-Key is honoured. Errors: outside_availability (reasons), slot_conflict (then nothing has changed), booking_not_found, invalid_transition (to "rescheduled"), invalid_input, specialist_not_found, client_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.reschedule_booking(uuid, uuid, timestamptz, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reschedule_booking(uuid, uuid, timestamptz, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
