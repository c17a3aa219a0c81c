CREATE FUNCTION holdfast_private.series_ics(organization_id uuid, recurring_booking_id uuid)
RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_series @api@.recurring_bookings;
    v_party text;
    v_bookings uuid[];
    v_events jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF recurring_booking_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('recurring_booking_id', 'is required');
    END IF;
    SELECT r.* INTO v_series FROM @api@.recurring_bookings AS r
    WHERE r.organization_id = series_ics.organization_id AND r.id = series_ics.recurring_booking_id;
    v_party := holdfast_private.booking_party(organization_id, v_series.specialist_id, v_series.client_id);
    IF v_series.id IS NULL OR v_party IS NULL THEN
        PERFORM holdfast.raise_error('recurring_booking_not_found');
    END IF;
    v_events := holdfast_private.series_events(v_series, v_party);
    IF v_events IS NOT NULL THEN
        RETURN holdfast.ics(v_events);
    END IF;
    SELECT coalesce(array_agg(o.booking_id), '{}') INTO v_bookings FROM @api@.recurring_booking_occurrences AS o
    WHERE o.organization_id = v_series.organization_id AND o.recurring_booking_id = v_series.id AND o.booking_id IS NOT NULL;
    RETURN holdfast.ics(holdfast_private.booking_events(organization_id, v_bookings, v_party));
END
$$;
COMMENT ON FUNCTION holdfast_private.series_ics(uuid, uuid) IS
'The bookings of a series as one iCalendar file, METHOD PUBLISH: one event with the RRULE and a UID of its own, EXDATEs for what was not booked or is cancelled, and an event with a RECURRENCE-ID for each booking that was changed for itself. Where the rule no longer says when the bookings are, or all are cancelled, an event for each, under the UID that it has in booking_ics and in feeds. So take the file of the series, or those of its bookings. Errors: recurring_booking_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.series_ics(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.series_ics(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
