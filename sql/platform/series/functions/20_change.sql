-- Changing a series.

CREATE FUNCTION holdfast_private.new_series(series @api@.recurring_bookings, slots tstzrange[])
RETURNS @api@.recurring_bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @api@.recurring_bookings AS r (
        organization_id, specialist_id, client_id, session_type_id, rule, frequency, starts_local, time_zone, duration,
        start_date, end_date, continues_id, created_by)
    VALUES (
        series.organization_id, series.specialist_id, series.client_id, series.session_type_id, series.rule,
        holdfast_private.frequency_word(series.rule), series.starts_local, series.time_zone, series.duration,
        (lower(slots[1]) AT TIME ZONE series.time_zone)::date,
        (lower(slots[cardinality(slots)]) AT TIME ZONE series.time_zone)::date, series.continues_id, holdfast.uid())
    RETURNING r.* INTO series;
    RETURN series;
END
$$;
COMMENT ON FUNCTION holdfast_private.new_series(@api@.recurring_bookings, tstzrange[]) IS
'Writes a series, with the days of its first and last slot.';
REVOKE ALL ON FUNCTION holdfast_private.new_series(@api@.recurring_bookings, tstzrange[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.shift_bookings(
    series @api@.recurring_bookings, bookings uuid[], shift interval, duration interval)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
    v_start timestamptz;
    v_batch_key uuid;
BEGIN
    -- The last one first when they move ahead, and the other way round: so none moves onto one that has yet to go.
    FOR v_booking IN
        SELECT b.* FROM @api@.bookings AS b
        WHERE b.organization_id = series.organization_id AND b.id = ANY (bookings)
        ORDER BY CASE WHEN shift > '0' THEN b.start_time END DESC, b.start_time
    LOOP
        v_start := holdfast.local_instant((v_booking.start_time AT TIME ZONE series.time_zone) + shift, series.time_zone);
        v_batch_key := holdfast_private.place_hold(
            holdfast_private.active_specialist(series.organization_id, v_booking.specialist_id), v_booking.client_id,
            ARRAY[holdfast_private.check_slot(v_start, v_start + duration, NULL)], holdfast_private.hold_life(NULL),
            v_booking.session_type_id, v_booking.time_zone, v_booking.id);
        PERFORM holdfast_private.confirm_hold(holdfast_private.find_hold(series.organization_id, v_batch_key), '{}', NULL);
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.shift_bookings(@api@.recurring_bookings, uuid[], interval, interval) IS
'Moves bookings of a series by as much of the wall clock. Raises what moving one of them would.';
REVOKE ALL ON FUNCTION holdfast_private.shift_bookings(@api@.recurring_bookings, uuid[], interval, interval) FROM PUBLIC;

CREATE FUNCTION holdfast_private.continue_series(series @api@.recurring_bookings, bookings uuid[], duration interval)
RETURNS @api@.recurring_bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_new @api@.recurring_bookings := series;
    v_slots tstzrange[];
BEGIN
    -- Its occurrences are what the moved bookings are now; the rule goes on from the first of them.
    SELECT array_agg(tstzrange(b.start_time, b.end_time) ORDER BY b.start_time) INTO v_slots
    FROM @api@.bookings AS b WHERE b.organization_id = series.organization_id AND b.id = ANY (bookings);
    v_new.continues_id := series.id;
    v_new.starts_local := lower(v_slots[1]) AT TIME ZONE series.time_zone;
    v_new.duration := duration;
    v_new := holdfast_private.new_series(v_new, v_slots);
    DELETE FROM @api@.recurring_booking_occurrences AS o
    WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id AND o.booking_id = ANY (bookings);
    INSERT INTO @api@.recurring_booking_occurrences (
        organization_id, recurring_booking_id, original_start, specialist_id, client_id, booking_id)
    SELECT series.organization_id, v_new.id, b.start_time, series.specialist_id, series.client_id, b.id
    FROM @api@.bookings AS b WHERE b.organization_id = series.organization_id AND b.id = ANY (bookings);
    UPDATE @api@.recurring_bookings AS r SET is_active = false
    WHERE r.organization_id = series.organization_id AND r.id = series.id;
    RETURN v_new;
END
$$;
COMMENT ON FUNCTION holdfast_private.continue_series(@api@.recurring_bookings, uuid[], interval) IS
'Makes a series of bookings that were moved, and hands them over to it.';
REVOKE ALL ON FUNCTION holdfast_private.continue_series(@api@.recurring_bookings, uuid[], interval) FROM PUBLIC;

CREATE FUNCTION holdfast_private.detach_occurrence()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE @api@.recurring_booking_occurrences AS o SET is_detached = true
    WHERE o.organization_id = NEW.organization_id AND o.booking_id = NEW.id AND NOT o.is_detached;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.detach_occurrence() IS
'A booking that was moved was moved for itself, by whatever path; continue_series() takes those that move with their series.';
REVOKE ALL ON FUNCTION holdfast_private.detach_occurrence() FROM PUBLIC;
