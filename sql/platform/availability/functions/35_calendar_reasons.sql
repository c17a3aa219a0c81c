-- What in the calendar keeps a slot from being held. Only explain_slot asks: a hold finds out for itself, under its lock.

CREATE FUNCTION holdfast_private.check_span(start_time timestamptz, end_time timestamptz)
RETURNS tstzrange
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF start_time IS NULL OR NOT isfinite(start_time) THEN
        PERFORM holdfast_private.raise_invalid('start_time', 'must be a finite time');
    ELSIF end_time IS NULL OR NOT isfinite(end_time) OR end_time <= start_time THEN
        PERFORM holdfast_private.raise_invalid('end_time', 'must be after start_time');
    ELSIF end_time > start_time + interval '24 hours' THEN
        PERFORM holdfast_private.raise_invalid('end_time', 'must be at most 24 hours after start_time');
    END IF;
    RETURN tstzrange(start_time, end_time);
END
$$;
COMMENT ON FUNCTION holdfast_private.check_span(timestamptz, timestamptz) IS
'The range of two times, which may be past; invalid_input unless it is finite, the right way round and at most 24 hours long.';
REVOKE ALL ON FUNCTION holdfast_private.check_span(timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.calendar_reasons(specialist @api@.specialists, client_id uuid, slot tstzrange)
RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_occupied tstzrange := tstzrange(
        lower(slot) - specialist.buffer_before, upper(slot) + specialist.buffer_after);
    v_taken_lanes int;
BEGIN
    SELECT count(DISTINCT c.lane) FILTER (WHERE c.lane < specialist.concurrent_session_limit) INTO v_taken_lanes
    FROM holdfast.conflicts('holdfast_private.calendar', specialist.organization_id,
        ARRAY[specialist.id], ARRAY[v_occupied]) AS c;
    IF v_taken_lanes >= specialist.concurrent_session_limit THEN
        RETURN QUERY
        SELECT DISTINCT CASE
            WHEN NOT tstzrange(c.starts_at, c.ends_at) && slot THEN holdfast_private.reason('buffer', slot)
            WHEN c.expires_at IS NOT NULL
                THEN holdfast_private.reason('held', slot, jsonb_build_object('free_at', c.expires_at))
            ELSE holdfast_private.reason('booked', slot) END
        FROM holdfast.conflicts('holdfast_private.calendar', specialist.organization_id,
            ARRAY[specialist.id], ARRAY[v_occupied]) AS c
        WHERE c.kind <> 'busy-unavailable';
    END IF;
    IF client_id IS NOT NULL AND EXISTS (
        SELECT FROM holdfast.conflicts('holdfast_private.calendar', specialist.organization_id,
            ARRAY[client_id], ARRAY[slot]))
    THEN
        RETURN NEXT holdfast_private.reason('client_busy', slot);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.calendar_reasons(@api@.specialists, uuid, tstzrange) IS
'What is in the way of a slot: booked, held, buffer (only the time around it is taken), client_busy. Leave and other calendars are told by the rules.';
REVOKE ALL ON FUNCTION holdfast_private.calendar_reasons(@api@.specialists, uuid, tstzrange) FROM PUBLIC;
