-- What is offered: windows minus the calendar, on the grid, within the rules. available_slots pages over it, and the
-- alternatives of a conflict are its first three.

CREATE FUNCTION holdfast_private.offered_slots(
    organization_id uuid, specialist_ids uuid[], client_id uuid, duration interval,
    from_time timestamptz, to_time timestamptz)
RETURNS TABLE (specialist_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_client_busy tstzmultirange;
BEGIN
    SELECT range_agg(c.during) INTO v_client_busy
    FROM holdfast_private.calendar AS c
    WHERE c.organization_id = offered_slots.organization_id AND c.resource_id = offered_slots.client_id
      AND c.during && tstzrange(from_time, to_time + duration)
      AND (c.expires_at IS NULL OR c.expires_at > v_now);

    RETURN QUERY
    WITH away AS MATERIALIZED (
        -- These are blocks in the calendar as well, but for what was booked before they were.
        SELECT t.specialist_id, range_agg(t.span) AS spans
        FROM (
            SELECT b.specialist_id, tstzrange(b.starts_at, b.ends_at) AS span
            FROM @api@.external_busy_times AS b
            WHERE b.organization_id = offered_slots.organization_id AND b.specialist_id = ANY (specialist_ids)
              AND b.starts_at < to_time + duration AND b.ends_at > from_time
            UNION ALL
            SELECT v.specialist_id, tstzrange(v.starts_at, v.ends_at)
            FROM @api@.specialist_vacation AS v
            WHERE v.organization_id = offered_slots.organization_id AND v.specialist_id = ANY (specialist_ids)
              AND v.status = 'approved' AND v.starts_at < to_time + duration AND v.ends_at > from_time) AS t
        GROUP BY t.specialist_id),
    asked AS (
        -- Specialists who are offered in the same way are searched in one call.
        SELECT s.buffer_before, s.buffer_after, r.slot_step, r.minimum_notice, r.booking_window, r.has_limits,
            array_agg(s.id ORDER BY s.id) AS ids,
            array_agg(s.concurrent_session_limit ORDER BY s.id) AS capacities
        FROM @api@.specialists AS s
        LEFT JOIN @api@.booking_rules AS own ON own.organization_id = s.organization_id AND own.specialist_id = s.id
        LEFT JOIN @api@.booking_rules AS everybody
            ON everybody.organization_id = s.organization_id AND everybody.specialist_id IS NULL
        -- as rules_of(), for all of them at once
        CROSS JOIN LATERAL (SELECT
            coalesce(own.slot_step, everybody.slot_step) AS slot_step,
            coalesce(own.minimum_notice, everybody.minimum_notice, '0') AS minimum_notice,
            coalesce(own.booking_window, everybody.booking_window) AS booking_window,
            num_nonnulls(own.specialist_daily_limit, own.specialist_weekly_limit, own.client_daily_limit, own.client_weekly_limit,
                everybody.specialist_daily_limit, everybody.specialist_weekly_limit, everybody.client_daily_limit,
                everybody.client_weekly_limit) > 0 AS has_limits) AS r
        WHERE s.organization_id = offered_slots.organization_id AND s.id = ANY (specialist_ids) AND s.status = 'active'
        GROUP BY s.buffer_before, s.buffer_after, r.slot_step, r.minimum_notice, r.booking_window, r.has_limits)
    SELECT f.resource_id, f.starts_at, f.ends_at
    FROM asked AS a
    CROSS JOIN LATERAL (
        SELECT array_agg(w.windows ORDER BY w.specialist_id) AS windows, array_agg(w.grid ORDER BY w.specialist_id) AS grid
        FROM holdfast_private.working_windows(offered_slots.organization_id, a.ids, from_time, to_time) AS w) AS w
    CROSS JOIN LATERAL holdfast.free_slots(
        'holdfast_private.calendar', offered_slots.organization_id, a.ids, w.windows, duration, a.slot_step,
        a.buffer_before, a.buffer_after,
        greatest(from_time, v_now + a.minimum_notice),
        -- the last start is before to_time, and no later than the window for booking
        least(to_time - interval '1 microsecond', v_now + a.booking_window) + duration,
        a.capacities, w.grid) AS f
    LEFT JOIN away ON away.specialist_id = f.resource_id
    WHERE NOT tstzrange(f.starts_at, f.ends_at) && coalesce(away.spans, '{}')
      AND NOT tstzrange(f.starts_at, f.ends_at) && coalesce(v_client_busy, '{}')
      AND NOT (a.has_limits AND EXISTS (
        SELECT FROM holdfast_private.limit_reasons(
            (SELECT s FROM @api@.specialists AS s
             WHERE s.organization_id = offered_slots.organization_id AND s.id = f.resource_id),
            offered_slots.client_id, tstzrange(f.starts_at, f.ends_at), false)));
END
$$;
COMMENT ON FUNCTION holdfast_private.offered_slots(uuid, uuid[], uuid, interval, timestamptz, timestamptz) IS
'The slots of a length that begin within a time and can be held now, of active specialists, for a client if one is named: within working hours, notice, booking window and limits, on each specialist''s grid, with nothing in the calendar of either.';
REVOKE ALL ON FUNCTION holdfast_private.offered_slots(uuid, uuid[], uuid, interval, timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.alternatives(specialist @api@.specialists, client_id uuid, slot tstzrange)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 3;
    v_found jsonb;
    v_reach interval;
BEGIN
    -- Mostly there is something on the same day; only then is it worth looking further.
    FOREACH v_reach IN ARRAY ARRAY[interval '1 day', interval '14 days'] LOOP
        SELECT coalesce(jsonb_agg(jsonb_build_object('start_time', o.starts_at, 'end_time', o.ends_at)), '[]') INTO v_found
        FROM (SELECT o.starts_at, o.ends_at
              FROM holdfast_private.offered_slots(
                  specialist.organization_id, ARRAY[specialist.id], alternatives.client_id, upper(slot) - lower(slot),
                  lower(slot), lower(slot) + v_reach) AS o
              ORDER BY o.starts_at
              LIMIT c_most) AS o;
        EXIT WHEN jsonb_array_length(v_found) = c_most;
    END LOOP;
    RETURN v_found;
END
$$;
COMMENT ON FUNCTION holdfast_private.alternatives(@api@.specialists, uuid, tstzrange) IS
'The next three offered slots of the same length, from the start of the one that is taken on and within 14 days: [{"start_time", "end_time"}].';
REVOKE ALL ON FUNCTION holdfast_private.alternatives(@api@.specialists, uuid, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.batch_alternatives(
    specialist @api@.specialists, client_id uuid, slots tstzrange[], time_zone text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 3;
    c_far CONSTANT int := 52; -- a longer batch is looked for nearby only
    v_reach interval;
    v_slot tstzrange;
    v_own interval[];
    v_shifts interval[];
BEGIN
    FOREACH v_reach IN ARRAY ARRAY[interval '1 day', interval '14 days'] LOOP
        v_shifts := NULL;
        FOREACH v_slot IN ARRAY slots LOOP
            -- By how much of the wall clock this one could move; a start that the clock gives twice is left to single holds.
            v_own := ARRAY(
                SELECT (o.starts_at AT TIME ZONE batch_alternatives.time_zone) - (lower(v_slot) AT TIME ZONE batch_alternatives.time_zone)
                FROM holdfast_private.offered_slots(
                    specialist.organization_id, ARRAY[specialist.id], batch_alternatives.client_id, upper(v_slot) - lower(v_slot),
                    lower(v_slot), lower(v_slot) + v_reach) AS o
                WHERE holdfast.local_instant(o.starts_at AT TIME ZONE batch_alternatives.time_zone, batch_alternatives.time_zone)
                    = o.starts_at);
            v_shifts := CASE WHEN v_shifts IS NULL THEN v_own
                ELSE ARRAY(SELECT unnest(v_shifts) INTERSECT SELECT unnest(v_own)) END;
            EXIT WHEN v_shifts = '{}';
        END LOOP;
        EXIT WHEN cardinality(v_shifts) >= c_most OR cardinality(slots) > c_far;
    END LOOP;
    RETURN (
        SELECT coalesce(jsonb_agg((b.batch -> 0) || jsonb_build_object('occurrences', b.batch) ORDER BY b.shift), '[]')
        FROM (
            SELECT u.shift, jsonb_agg(jsonb_build_object(
                'start_time', m.starts_at, 'end_time', m.starts_at + (upper(s.slot) - lower(s.slot))) ORDER BY s.place) AS batch
            FROM (SELECT t.shift FROM unnest(v_shifts) AS t (shift) ORDER BY t.shift LIMIT c_most) AS u
            CROSS JOIN unnest(slots) WITH ORDINALITY AS s (slot, place)
            CROSS JOIN LATERAL (SELECT holdfast.local_instant(
                (lower(s.slot) AT TIME ZONE batch_alternatives.time_zone) + u.shift, batch_alternatives.time_zone) AS starts_at) AS m
            GROUP BY u.shift) AS b);
END
$$;
COMMENT ON FUNCTION holdfast_private.batch_alternatives(@api@.specialists, uuid, tstzrange[], text) IS
'The next three shifts, within 14 days, by which a whole batch could move so that every occurrence is offered: all by as much of the wall clock. [{"start_time", "end_time" (of the first one), "occurrences": [{"start_time", "end_time"}]}]. A batch of more than 52 is looked for within a day.';
REVOKE ALL ON FUNCTION holdfast_private.batch_alternatives(@api@.specialists, uuid, tstzrange[], text) FROM PUBLIC;
