CREATE FUNCTION holdfast_private.move_series(
    organization_id uuid,
    recurring_booking_id uuid,
    scope text,
    original_start timestamptz,
    new_start_local timestamp,
    duration_minutes int DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_series @api@.recurring_bookings;
    v_bookings uuid[];
    v_duration interval;
    v_continued @api@.recurring_bookings;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'move_series', v_key, jsonb_build_object(
        'recurring_booking_id', recurring_booking_id, 'scope', scope, 'original_start', original_start,
        'new_start_local', new_start_local, 'duration_minutes', duration_minutes));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_series := holdfast_private.find_series(organization_id, recurring_booking_id);
    IF new_start_local IS NULL OR NOT isfinite(new_start_local) THEN
        PERFORM holdfast_private.raise_invalid('new_start_local', 'must be a finite time');
    ELSIF original_start IS NULL OR NOT isfinite(original_start) THEN
        PERFORM holdfast_private.raise_invalid('original_start', 'must be a finite time');
    ELSIF duration_minutes NOT BETWEEN 1 AND 1440 THEN
        PERFORM holdfast_private.raise_invalid('duration_minutes', 'must be from 1 to 1440');
    END IF;
    v_duration := coalesce(duration_minutes * interval '1 minute', v_series.duration);
    v_bookings := holdfast_private.series_bookings(v_series, scope, original_start, 'rescheduled');
    PERFORM holdfast_private.shift_bookings(
        v_series, v_bookings, new_start_local - (original_start AT TIME ZONE v_series.time_zone), v_duration);
    IF scope <> 'this' THEN
        v_continued := holdfast_private.continue_series(v_series, v_bookings, v_duration);
    END IF;
    UPDATE @api@.recurring_bookings AS r
    SET sequence = r.sequence + 1, updated_at = holdfast.clock()
    WHERE r.organization_id = v_series.organization_id AND r.id = v_series.id;
    v_response := holdfast_private.series_json(organization_id, coalesce(v_continued.id, v_series.id));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'move_series', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.move_series(uuid, uuid, text, timestamptz, timestamp, int) IS
'Moves bookings of a series that have not begun, all or none: scope this (the occurrence original_start), this_and_following, or all. new_start_local is where that occurrence goes on the wall clock of the series; the others move by as much of the wall clock. duration_minutes changes their length. For this_and_following and all, a new series continues the old one and is returned; for this, the old one is. The header Idempotency-Key is honoured. Errors: recurring_booking_not_found, outside_availability, slot_conflict, invalid_transition (none of them is on and ahead), invalid_input, specialist_not_found and client_not_found (no longer active), idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.move_series(uuid, uuid, text, timestamptz, timestamp, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.move_series(uuid, uuid, text, timestamptz, timestamp, int)'::regprocedure, '@api@', '{authenticated,service_role}');
