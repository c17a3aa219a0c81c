-- Leave: finding it, what it hits, and its block in the calendar.

CREATE FUNCTION holdfast_private.check_leave_span(starts_at timestamptz, ends_at timestamptz)
RETURNS tstzrange
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF starts_at IS NULL OR NOT isfinite(starts_at) THEN
        PERFORM holdfast_private.raise_invalid('starts_at', 'must be a finite time');
    ELSIF ends_at IS NULL OR NOT isfinite(ends_at) OR ends_at <= starts_at THEN
        PERFORM holdfast_private.raise_invalid('ends_at', 'must be after starts_at');
    ELSIF ends_at > starts_at + interval '366 days' THEN
        PERFORM holdfast_private.raise_invalid('ends_at', 'must be at most 366 days after starts_at');
    ELSIF ends_at <= holdfast.clock() THEN
        PERFORM holdfast_private.raise_invalid('ends_at', 'is in the past');
    ELSIF starts_at > holdfast.clock() + interval '10 years' THEN
        PERFORM holdfast_private.raise_invalid('starts_at', 'is more than 10 years ahead');
    END IF;
    RETURN tstzrange(starts_at, ends_at);
END
$$;
COMMENT ON FUNCTION holdfast_private.check_leave_span(timestamptz, timestamptz) IS
'The range of a leave that may be asked for now: finite, at most 366 days, not over; invalid_input otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.check_leave_span(timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_leave(organization_id uuid, leave_id uuid)
RETURNS @api@.specialist_vacation
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_leave @api@.specialist_vacation;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF leave_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('leave_id', 'is required');
    END IF;
    SELECT v.* INTO v_leave FROM @api@.specialist_vacation AS v
    WHERE v.organization_id = find_leave.organization_id AND v.id = find_leave.leave_id
      AND (holdfast_private.can('manage_specialists') OR v.specialist_id = holdfast_private.own_specialist_id());
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('leave_not_found');
    END IF;
    -- The specialist's lock serves their leave as well; what was read before it may be old.
    PERFORM holdfast_private.manage_availability(organization_id, v_leave.specialist_id);
    SELECT v.* INTO v_leave FROM @api@.specialist_vacation AS v
    WHERE v.organization_id = find_leave.organization_id AND v.id = find_leave.leave_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('leave_not_found');
    END IF;
    RETURN v_leave;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_leave(uuid, uuid) IS
'A leave of the caller, or of anybody for an admin, with its specialist locked for change. leave_not_found otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.find_leave(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.may_approve_leave(organization_id uuid, specialist_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast_private.can('manage_specialists')
        OR NOT (holdfast_private.rules_of(organization_id, specialist_id)).leave_needs_approval;
END
$$;
COMMENT ON FUNCTION holdfast_private.may_approve_leave(uuid, uuid) IS
'Whether the caller, who may manage a specialist''s leave, may approve it: an admin, or where the rules ask for no approval.';
REVOKE ALL ON FUNCTION holdfast_private.may_approve_leave(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.bookings_in(organization_id uuid, specialist_id uuid, during tstzrange)
RETURNS SETOF @api@.bookings
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT b.* FROM @api@.bookings AS b
    WHERE b.organization_id = bookings_in.organization_id AND b.specialist_id = bookings_in.specialist_id
      AND b.start_time < upper(during) AND b.start_time > lower(during) - interval '1 day' AND b.end_time > lower(during)
      AND b.start_time >= holdfast.clock() AND b.status IN ('pending', 'confirmed')
    ORDER BY b.start_time, b.id;
END;
COMMENT ON FUNCTION holdfast_private.bookings_in(uuid, uuid, tstzrange) IS
'The bookings of a specialist that a leave hits: on, not begun, at least partly within it.';
REVOKE ALL ON FUNCTION holdfast_private.bookings_in(uuid, uuid, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.substitutes(booking @api@.bookings)
RETURNS SETOF @api@.specialists
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot tstzrange := tstzrange(booking.start_time, booking.end_time);
BEGIN
    RETURN QUERY
    SELECT s.*
    FROM @api@.specialists AS s
    JOIN @api@.specialists AS away ON away.organization_id = booking.organization_id AND away.id = booking.specialist_id
    WHERE s.organization_id = booking.organization_id AND s.id <> booking.specialist_id AND s.status = 'active'
      AND s.pillar_id IS NOT DISTINCT FROM away.pillar_id
      AND holdfast_private.may_book(booking.organization_id, booking.client_id, s.id)
      AND NOT EXISTS (SELECT FROM holdfast_private.rule_reasons(s, v_slot))
      AND NOT EXISTS (SELECT FROM holdfast_private.calendar_reasons(s, NULL, v_slot))
    ORDER BY holdfast_private.is_assigned(booking.organization_id, booking.client_id, s.id) DESC,
        holdfast_private.sessions_within(booking.organization_id, s.id,
            tstzrange(booking.start_time - interval '3 days', booking.end_time + interval '3 days')),
        s.id
    LIMIT 20;
END
$$;
COMMENT ON FUNCTION holdfast_private.substitutes(@api@.bookings) IS
'Who could take over a booking at its time: of the same pillar and free, first who looks after the client already, then who has least to do.';
REVOKE ALL ON FUNCTION holdfast_private.substitutes(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.hit_bookings(organization_id uuid, specialist_id uuid, during tstzrange, with_substitutes boolean)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                'booking_id', b.id, 'client_id', b.client_id, 'status', b.status,
                'start_time', b.start_time, 'end_time', b.end_time)
            || CASE WHEN with_substitutes THEN jsonb_build_object('substitutes',
                   (SELECT coalesce(jsonb_agg(s.id), '[]') FROM holdfast_private.substitutes(b) AS s))
               ELSE '{}' END
            ORDER BY b.start_time, b.id), '[]')
        FROM holdfast_private.bookings_in(hit_bookings.organization_id, hit_bookings.specialist_id, during) AS b);
END
$$;
COMMENT ON FUNCTION holdfast_private.hit_bookings(uuid, uuid, tstzrange, boolean) IS
'The bookings that a leave hits, as JSON, with the specialists who could take each over if that is asked for.';
REVOKE ALL ON FUNCTION holdfast_private.hit_bookings(uuid, uuid, tstzrange, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.block_leave(leave @api@.specialist_vacation)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_span tstzrange := tstzrange(leave.starts_at, leave.ends_at);
    v_specialist @api@.specialists;
    v_spared tstzmultirange;
    v_part tstzrange;
    v_conflict jsonb;
BEGIN
    SELECT s.* INTO v_specialist FROM @api@.specialists AS s
    WHERE s.organization_id = leave.organization_id AND s.id = leave.specialist_id;
    -- Busy times of other calendars give way and come back around it. Sessions under way, and the buffers of those just
    -- before and after, keep their time.
    PERFORM holdfast.unblock('holdfast_private.calendar', b.organization_id, b.id)
    FROM @api@.external_busy_times AS b
    WHERE b.organization_id = leave.organization_id AND b.specialist_id = leave.specialist_id
      AND b.ends_at > leave.starts_at AND b.starts_at < leave.ends_at;
    SELECT range_agg(c.during) INTO v_spared
    FROM holdfast.conflicts('holdfast_private.calendar', leave.organization_id, ARRAY[leave.specialist_id], ARRAY[v_span]) AS c
    WHERE c.kind = 'busy' AND (c.starts_at < v_now OR NOT tstzrange(c.starts_at, c.ends_at) && v_span);
    FOR v_part IN SELECT p.part FROM unnest(tstzmultirange(v_span) - coalesce(v_spared, '{}')) AS p (part) LOOP
        v_conflict := holdfast.try_block('holdfast_private.calendar', leave.organization_id, leave.specialist_id, v_part,
            'busy-unavailable', leave.id, v_specialist.concurrent_session_limit);
        IF v_conflict IS NOT NULL THEN
            PERFORM holdfast.raise_error('slot_conflict', v_conflict || '{"alternatives": []}',
                'Somebody is booking within the leave; look at plan_leave again.');
        END IF;
    END LOOP;
    PERFORM holdfast_private.reblock_busy_times(v_specialist, tstzmultirange(v_span));
END
$$;
COMMENT ON FUNCTION holdfast_private.block_leave(@api@.specialist_vacation) IS
'Blocks the time of a leave in the calendar, in every lane; slot_conflict where something stands in it still.';
REVOKE ALL ON FUNCTION holdfast_private.block_leave(@api@.specialist_vacation) FROM PUBLIC;
