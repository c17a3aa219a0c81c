CREATE FUNCTION holdfast_private.cancel_series(
    organization_id uuid,
    recurring_booking_id uuid,
    scope text DEFAULT 'all',
    original_start timestamptz DEFAULT NULL,
    reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_series @api@.recurring_bookings := holdfast_private.find_series(organization_id, recurring_booking_id);
    v_reason text := holdfast_private.normal_text('reason', reason, 2000);
BEGIN
    UPDATE @api@.bookings AS b
    SET status = 'cancelled',
        cancelled_at = holdfast.clock(),
        cancellation_requested_by = holdfast_private.booking_party(v_series.organization_id, b.specialist_id, b.client_id),
        cancellation_reason = v_reason
    WHERE b.organization_id = v_series.organization_id
      AND b.id IN (SELECT s.id FROM holdfast_private.series_bookings(v_series, scope, cancel_series.original_start) AS s);
    UPDATE @api@.recurring_booking_occurrences AS o SET is_detached = true
    WHERE scope = 'this' AND o.organization_id = v_series.organization_id AND o.recurring_booking_id = v_series.id
      AND o.original_start = cancel_series.original_start;
    UPDATE @api@.recurring_bookings AS r
    SET is_active = scope = 'this' AND r.is_active, sequence = r.sequence + 1, updated_at = holdfast.clock()
    WHERE r.organization_id = v_series.organization_id AND r.id = v_series.id;
    RETURN holdfast_private.series_json(organization_id, v_series.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text) IS
'Cancels bookings of a series that have not begun, and frees their time: scope this (the occurrence original_start), this_and_following, or all. Those that were changed for themselves stay unless they are the one named. Returns the series as book_series does. Errors: recurring_booking_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_series(uuid, uuid, text, timestamptz, text)'::regprocedure, '@api@', '{authenticated,service_role}');
