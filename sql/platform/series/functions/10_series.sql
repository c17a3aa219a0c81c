-- Series: from a rule to slots, from slots to bookings, and back to the series that they belong to.

CREATE FUNCTION holdfast_private.frequency_word(rule text)
RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN f.name = 'DAILY' AND f.step = '1' THEN 'daily'
        WHEN f.name = 'WEEKLY' AND f.step = '1' THEN 'weekly'
        WHEN f.name = 'WEEKLY' AND f.step = '2' THEN 'biweekly'
        WHEN f.name = 'MONTHLY' AND f.step = '1' THEN 'monthly'
        WHEN f.name = 'YEARLY' AND f.step = '1' THEN 'yearly'
        ELSE 'custom' END
    FROM (SELECT substring(upper(rule) FROM 'FREQ=([A-Z]+)') AS name,
                 coalesce(substring(upper(rule) FROM 'INTERVAL=0*([0-9]+)'), '1') AS step) AS f;
END;
COMMENT ON FUNCTION holdfast_private.frequency_word(text) IS 'A recurrence rule in a word.';
REVOKE ALL ON FUNCTION holdfast_private.frequency_word(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.series_slots(
    rule text, starts_local timestamp, time_zone text, duration interval, max_count int, exdates timestamp[])
RETURNS tstzrange[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 366;
    v_slots tstzrange[];
BEGIN
    IF max_count IS NULL OR max_count NOT BETWEEN 1 AND c_most THEN
        PERFORM holdfast_private.raise_invalid('max_count', format('must be from 1 to %s', c_most));
    END IF;
    SELECT array_agg(holdfast_private.check_slot(
               lower(o.slot), upper(o.slot), NULL, format('occurrences[%s].', o.place - 1)) ORDER BY o.place)
    INTO v_slots
    FROM holdfast.expand_rrule(rule, starts_local, time_zone, duration, max_count, NULL, coalesce(exdates, '{}'))
        WITH ORDINALITY AS o (slot, place);
    IF v_slots IS NULL THEN
        PERFORM holdfast_private.raise_invalid('rule', 'has no occurrence');
    ELSIF EXISTS (
        SELECT FROM (SELECT slot, lag(slot) OVER (ORDER BY slot) AS before FROM unnest(v_slots) AS s (slot)) AS s
        WHERE s.slot && s.before)
    THEN
        PERFORM holdfast_private.raise_invalid('rule', 'has occurrences that overlap');
    END IF;
    RETURN v_slots;
END
$$;
COMMENT ON FUNCTION holdfast_private.series_slots(text, timestamp, text, interval, int, timestamp[]) IS
'The slots of a series, each one checked like that of a single booking, none overlapping another. Raises invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.series_slots(text, timestamp, text, interval, int, timestamp[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.book_slots(
    series @api@.recurring_bookings, specialist @api@.specialists, slots tstzrange[], all_or_nothing boolean, session jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_batch_key uuid;
    v_tried record;
    v_slot tstzrange;
BEGIN
    IF all_or_nothing THEN
        v_batch_key := holdfast_private.place_hold(
            specialist, series.client_id, slots, holdfast_private.hold_life(NULL), series.session_type_id,
            series.time_zone, NULL);
        PERFORM holdfast_private.confirm_hold(
            holdfast_private.find_hold(series.organization_id, v_batch_key), session, NULL);
        INSERT INTO @api@.recurring_booking_occurrences (
            organization_id, recurring_booking_id, original_start, specialist_id, client_id, booking_id)
        SELECT series.organization_id, series.id, bh.start_time, series.specialist_id, series.client_id, bh.hold_key
        FROM holdfast_private.booking_holds AS bh
        WHERE bh.organization_id = series.organization_id AND bh.batch_key = v_batch_key;
        RETURN;
    END IF;
    FOREACH v_slot IN ARRAY slots LOOP
        v_tried := holdfast_private.try_place_hold(
            specialist, series.client_id, ARRAY[v_slot], holdfast_private.hold_life(NULL), series.session_type_id,
            series.time_zone, NULL);
        -- Somebody may have used the last session since that was looked at: an answer for this one, and no error for all.
        IF v_tried.refusal IS NULL AND to_regproc('holdfast_private.claim_session') IS NOT NULL THEN
            v_tried.refusal := holdfast_private.claim_session(series.organization_id, series.client_id, series.session_type_id);
            IF v_tried.refusal IS NOT NULL THEN
                PERFORM holdfast_private.undo_hold(series.organization_id, v_tried.batch_key);
                v_tried.batch_key := NULL;
            END IF;
        END IF;
        IF v_tried.refusal IS NULL THEN
            PERFORM holdfast_private.confirm_hold(
                holdfast_private.find_hold(series.organization_id, v_tried.batch_key), session, NULL);
        END IF;
        INSERT INTO @api@.recurring_booking_occurrences (
            organization_id, recurring_booking_id, original_start, specialist_id, client_id, booking_id, refusal)
        VALUES (series.organization_id, series.id, lower(v_slot), series.specialist_id, series.client_id,
                v_tried.batch_key, v_tried.refusal);
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.book_slots(@api@.recurring_bookings, @api@.specialists, tstzrange[], boolean, jsonb) IS
'Books the slots of a series: all or none, which raises outside_availability or slot_conflict, or each for itself, keeping why one could not be booked.';
REVOKE ALL ON FUNCTION holdfast_private.book_slots(@api@.recurring_bookings, @api@.specialists, tstzrange[], boolean, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.series_json(organization_id uuid, series_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'recurring_booking', to_jsonb(r),
            'occurrences', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'original_start', o.original_start, 'booking_id', o.booking_id, 'status', coalesce(b.status, 'refused'),
                    'start_time', b.start_time, 'end_time', b.end_time, 'refusal', o.refusal) ORDER BY o.original_start), '[]')
                FROM @api@.recurring_booking_occurrences AS o
                LEFT JOIN @api@.bookings AS b ON b.organization_id = o.organization_id AND b.id = o.booking_id
                WHERE o.organization_id = r.organization_id AND o.recurring_booking_id = r.id))
        FROM @api@.recurring_bookings AS r
        WHERE r.organization_id = series_json.organization_id AND r.id = series_json.series_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.series_json(uuid, uuid) IS
'A series as the RPCs return it: {"recurring_booking", "occurrences": [{"original_start", "booking_id", "status", "start_time", "end_time", "refusal"}]}.';
REVOKE ALL ON FUNCTION holdfast_private.series_json(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_series(organization_id uuid, recurring_booking_id uuid)
RETURNS @api@.recurring_bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_series @api@.recurring_bookings;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF recurring_booking_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('recurring_booking_id', 'is required');
    END IF;
    BEGIN
        SELECT r.* INTO v_series FROM @api@.recurring_bookings AS r
        WHERE r.organization_id = find_series.organization_id AND r.id = find_series.recurring_booking_id
        FOR UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_series.id IS NULL
        OR holdfast_private.booking_party(organization_id, v_series.specialist_id, v_series.client_id) IS NULL THEN
        PERFORM holdfast.raise_error('recurring_booking_not_found');
    END IF;
    RETURN v_series;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_series(uuid, uuid) IS
'A series, locked for change, that the caller is a party to; recurring_booking_not_found otherwise, and request_in_progress as find_booking.';
REVOKE ALL ON FUNCTION holdfast_private.find_series(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.series_bookings(
    series @api@.recurring_bookings, scope text, original_start timestamptz, next_status text)
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_named @api@.recurring_booking_occurrences;
    v_bookings uuid[];
BEGIN
    IF scope IS NULL OR scope NOT IN ('this', 'this_and_following', 'all') THEN
        PERFORM holdfast_private.raise_invalid('scope', 'must be this, this_and_following or all');
    END IF;
    SELECT o.* INTO v_named FROM @api@.recurring_booking_occurrences AS o
    WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id
      AND o.original_start = series_bookings.original_start;
    IF v_named.organization_id IS NULL AND (scope <> 'all' OR original_start IS NOT NULL) THEN
        PERFORM holdfast_private.raise_invalid('original_start', 'is not an occurrence of the series');
    END IF;
    -- All of them are locked before the calendar is, by id, as whoever changes a single one does it: no two can wait for each other.
    PERFORM holdfast_private.find_booking(series.organization_id, o.booking_id)
    FROM (
        SELECT o.booking_id FROM @api@.recurring_booking_occurrences AS o
        WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id AND o.booking_id IS NOT NULL
          AND CASE scope
                WHEN 'this' THEN o.original_start = series_bookings.original_start
                WHEN 'this_and_following' THEN o.original_start >= series_bookings.original_start
                ELSE true END
        ORDER BY o.booking_id
        OFFSET 0) AS o;
    -- What they are now, which a snapshot from before the locks would not show.
    SELECT array_agg(b.id ORDER BY b.start_time) INTO v_bookings
    FROM @api@.recurring_booking_occurrences AS o
    JOIN @api@.bookings AS b ON b.organization_id = o.organization_id AND b.id = o.booking_id
    WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id
      AND b.status IN ('pending', 'confirmed') AND b.start_time > holdfast.clock()
      AND CASE scope
            WHEN 'this' THEN o.original_start = series_bookings.original_start
            WHEN 'all' THEN NOT o.is_detached
            ELSE o.original_start = series_bookings.original_start
                OR o.original_start > series_bookings.original_start AND NOT o.is_detached END;
    IF v_bookings IS NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object(
            'from', CASE WHEN scope <> 'this' THEN 'over'
                         ELSE coalesce((SELECT b.status FROM @api@.bookings AS b
                                        WHERE b.organization_id = series.organization_id AND b.id = v_named.booking_id), 'refused') END,
            'to', next_status), 'Only bookings that are on and have not begun can be changed with their series.');
    END IF;
    RETURN v_bookings;
END
$$;
COMMENT ON FUNCTION holdfast_private.series_bookings(@api@.recurring_bookings, text, timestamptz, text) IS
'The bookings of a series that a change applies to, locked, first to last: those that are on and have not begun, of this, this_and_following or all occurrences; one that was changed for itself only when it is named. Raises invalid_input, and invalid_transition to next_status when there is none.';
REVOKE ALL ON FUNCTION holdfast_private.series_bookings(@api@.recurring_bookings, text, timestamptz, text) FROM PUBLIC;
