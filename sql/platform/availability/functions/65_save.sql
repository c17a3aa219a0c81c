-- What saving a specialist's availability has in common: who may, and which bookings it leaves outside.

CREATE FUNCTION holdfast_private.manage_availability(organization_id uuid, specialist_id uuid)
RETURNS @api@.specialists
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_specialist @api@.specialists;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF specialist_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('specialist_id', 'is required');
    END IF;
    BEGIN
        SELECT s.* INTO v_specialist FROM @api@.specialists AS s
        WHERE s.organization_id = manage_availability.organization_id AND s.id = manage_availability.specialist_id
        FOR NO KEY UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_specialist.id IS NULL
        OR NOT (holdfast_private.can('manage_specialists') OR v_specialist.id = holdfast_private.own_specialist_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('specialist_not_found');
    END IF;
    RETURN v_specialist;
END
$$;
COMMENT ON FUNCTION holdfast_private.manage_availability(uuid, uuid) IS
'A specialist whose availability the caller may change, theirs or an admin''s of any, locked so that changes of it come one after the other. specialist_not_found when it does not exist or is not theirs.';
REVOKE ALL ON FUNCTION holdfast_private.manage_availability(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.zone_for(specialist @api@.specialists, time_zone text)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT holdfast.is_time_zone(time_zone) THEN
        PERFORM holdfast_private.raise_invalid('time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    END IF;
    RETURN coalesce(time_zone, specialist.time_zone);
END
$$;
COMMENT ON FUNCTION holdfast_private.zone_for(@api@.specialists, text) IS
'The zone that wall-clock times are meant in: the one named, or the specialist''s.';
REVOKE ALL ON FUNCTION holdfast_private.zone_for(@api@.specialists, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.affected_bookings(specialist @api@.specialists)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_affected jsonb;
BEGIN
    WITH taken AS MATERIALIZED (
        SELECT DISTINCT c.kind, CASE c.kind WHEN 'busy' THEN c.reference ELSE c.batch_key END AS key, c.starts_at, c.ends_at
        FROM holdfast_private.calendar AS c
        WHERE c.organization_id = specialist.organization_id AND c.resource_id = specialist.id
          AND c.during && tstzrange(v_now, NULL) AND c.starts_at >= v_now
          AND (c.kind = 'busy' OR c.kind = 'busy-tentative' AND c.expires_at > v_now))
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               CASE t.kind WHEN 'busy' THEN 'booking_id' ELSE 'hold_key' END, t.key,
               'start_time', t.starts_at, 'end_time', t.ends_at,
               'reason', holdfast_private.hours_reason(specialist, tstzrange(t.starts_at, t.ends_at)))
           ORDER BY t.starts_at, t.key), '[]')
    INTO v_affected
    FROM taken AS t
    CROSS JOIN holdfast_private.working_windows(
        specialist.organization_id, ARRAY[specialist.id], v_now, (SELECT max(m.ends_at) FROM taken AS m)) AS w
    WHERE NOT w.windows @> tstzrange(t.starts_at, t.ends_at);
    RETURN v_affected;
END
$$;
COMMENT ON FUNCTION holdfast_private.affected_bookings(@api@.specialists) IS
'The bookings and live holds to come that lie outside of when a specialist works now: [{"booking_id" or "hold_key", "start_time", "end_time", "reason"}]. They stand; somebody has to decide about them.';
REVOKE ALL ON FUNCTION holdfast_private.affected_bookings(@api@.specialists) FROM PUBLIC;

CREATE FUNCTION holdfast_private.block_busy_time(busy @api@.external_busy_times, capacity int)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_span tstzrange := tstzrange(busy.starts_at, busy.ends_at);
    v_taken tstzmultirange;
    v_booked boolean;
    v_part tstzrange;
BEGIN
    IF holdfast.try_block('holdfast_private.calendar', busy.organization_id, busy.specialist_id, v_span,
                          'busy-unavailable', busy.id, capacity) IS NULL
    THEN
        RETURN true;
    END IF;
    SELECT range_agg(c.during), bool_or(c.kind <> 'busy-unavailable') INTO v_taken, v_booked
    FROM holdfast.conflicts('holdfast_private.calendar', busy.organization_id,
        ARRAY[busy.specialist_id], ARRAY[v_span]) AS c;
    FOR v_part IN SELECT p.part FROM unnest(tstzmultirange(v_span) - coalesce(v_taken, '{}')) AS p (part) LOOP
        v_booked := (holdfast.try_block('holdfast_private.calendar', busy.organization_id, busy.specialist_id, v_part,
                                        'busy-unavailable', busy.id, capacity) IS NOT NULL) OR v_booked;
    END LOOP;
    RETURN NOT coalesce(v_booked, false);
END
$$;
COMMENT ON FUNCTION holdfast_private.block_busy_time(@api@.external_busy_times, int) IS
'Blocks a busy time of another calendar, or what of it is not taken yet; whether nothing but other time off was there.';
REVOKE ALL ON FUNCTION holdfast_private.block_busy_time(@api@.external_busy_times, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.reblock_busy_times(specialist @api@.specialists, touched tstzmultirange)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_busy @api@.external_busy_times;
BEGIN
    FOR v_busy IN
        SELECT b.* FROM @api@.external_busy_times AS b
        WHERE b.organization_id = specialist.organization_id AND b.specialist_id = specialist.id
          AND b.ends_at > lower(touched) AND b.starts_at < upper(touched)
          AND touched && tstzrange(b.starts_at, b.ends_at)
        ORDER BY b.starts_at, b.id
    LOOP
        PERFORM holdfast.unblock('holdfast_private.calendar', v_busy.organization_id, v_busy.id);
        UPDATE @api@.external_busy_times AS b
        SET is_blocked = holdfast_private.block_busy_time(v_busy, specialist.concurrent_session_limit)
        WHERE b.organization_id = v_busy.organization_id AND b.id = v_busy.id;
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.reblock_busy_times(@api@.specialists, tstzmultirange) IS
'Blocks the busy times of other calendars anew that overlap a time in which something changed, because one of them may have been covered by what is gone.';
REVOKE ALL ON FUNCTION holdfast_private.reblock_busy_times(@api@.specialists, tstzmultirange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_busy_time(path text, item jsonb, during tstzrange)
RETURNS @api@.external_busy_times
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_busy @api@.external_busy_times;
BEGIN
    IF jsonb_typeof(item) <> 'object' THEN
        PERFORM holdfast_private.raise_invalid(path, 'must be an object');
    END IF;
    v_busy.starts_at := holdfast_private.json_time(path || '.start_time', item -> 'start_time');
    v_busy.ends_at := holdfast_private.json_time(path || '.end_time', item -> 'end_time');
    IF v_busy.starts_at IS NULL THEN
        PERFORM holdfast_private.raise_invalid(path || '.start_time', 'is required');
    ELSIF v_busy.ends_at IS NULL THEN
        PERFORM holdfast_private.raise_invalid(path || '.end_time', 'is required');
    ELSIF v_busy.ends_at <= v_busy.starts_at OR v_busy.ends_at > v_busy.starts_at + interval '366 days' THEN
        PERFORM holdfast_private.raise_invalid(path || '.end_time', 'must be after start_time, by at most 366 days');
    ELSIF NOT during && tstzrange(v_busy.starts_at, v_busy.ends_at) THEN
        PERFORM holdfast_private.raise_invalid(path, 'is not between from_time and to_time');
    END IF;
    v_busy.external_id := coalesce(
        nullif(holdfast_private.json_text(path || '.external_id', item -> 'external_id', 500), ''),
        to_char(v_busy.starts_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z/"') || to_char(v_busy.ends_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    RETURN v_busy;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_busy_time(text, jsonb, tstzrange) IS
'One busy time of another calendar from JSON; invalid_input with the path of the field.';
REVOKE ALL ON FUNCTION holdfast_private.read_busy_time(text, jsonb, tstzrange) FROM PUBLIC;
