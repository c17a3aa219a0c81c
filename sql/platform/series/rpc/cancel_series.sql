CREATE FUNCTION holdfast_private.cancel_series(
    organization_id uuid,
    recurring_booking_id uuid,
    scope text DEFAULT 'all',
    original_start timestamptz DEFAULT NULL,
    reason text DEFAULT NULL)
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
    v_reason text := holdfast_private.normal_text('reason', reason, 2000);
    v_bookings uuid[];
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'cancel_series', v_key, jsonb_build_object(
        'recurring_booking_id', recurring_booking_id, 'scope', scope, 'original_start', original_start, 'reason', reason));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_series := holdfast_private.find_series(organization_id, recurring_booking_id);
    v_bookings := holdfast_private.series_bookings(v_series, scope, original_start, 'cancelled');
    UPDATE @api@.bookings AS b
    SET status = 'cancelled',
        cancelled_at = holdfast.clock(),
        cancellation_requested_by = holdfast_private.booking_party(b.organization_id, b.specialist_id, b.client_id),
        cancellation_reason = v_reason
    WHERE b.organization_id = v_series.organization_id AND b.id = ANY (v_bookings);
    UPDATE @api@.recurring_bookings AS r
    SET is_active = scope = 'this' AND r.is_active, sequence = r.sequence + 1, updated_at = holdfast.clock()
    WHERE r.organization_id = v_series.organization_id AND r.id = v_series.id;
    v_response := holdfast_private.series_json(organization_id, v_series.id);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'cancel_series', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text) IS
'Cancels bookings of a series that have not begun, and frees their time: scope this (the occurrence original_start), this_and_following, or all. Those that were changed for themselves stay unless they are the one named. Returns the series as book_series does. The header Idempotency-Key is honoured. Errors: recurring_booking_not_found, invalid_transition (none of them is on and ahead), invalid_input, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text)'::regprocedure, '@api@', '{authenticated,service_role}');
