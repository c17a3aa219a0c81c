-- What is offered: windows minus the calendar, on the grid, within the rules. available_slots pages over it, and the
-- alternatives of a conflict are its first three.

CREATE FUNCTION holdfast_private.has_limits(organization_id uuid, specialist_ids uuid[])
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM @api@.booking_rules AS r
        WHERE r.organization_id = has_limits.organization_id
          AND (r.specialist_id = ANY (specialist_ids) OR r.specialist_id IS NULL)
          AND num_nonnulls(r.specialist_daily_limit, r.specialist_weekly_limit, r.client_daily_limit, r.client_weekly_limit) > 0);
END
$$;
COMMENT ON FUNCTION holdfast_private.has_limits(uuid, uuid[]) IS
'Whether the sessions a day or week of any of the specialists, or of clients with them, are limited.';
REVOKE ALL ON FUNCTION holdfast_private.has_limits(uuid, uuid[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.offered_slots(
    organization_id uuid, specialist_ids uuid[], client_id uuid, duration interval,
    from_time timestamptz, to_time timestamptz, max_count int DEFAULT NULL,
    after_start timestamptz DEFAULT NULL, after_id uuid DEFAULT NULL)
RETURNS TABLE (specialist_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
BEGIN
    IF NOT holdfast_private.has_limits(organization_id, specialist_ids) THEN
        RETURN QUERY
        SELECT o.resource_id, o.starts_at, o.ends_at
        FROM holdfast.offered_slots('holdfast_private.calendar', 'holdfast_private.bookable_specialists',
            'holdfast_private.specialist_schedules', organization_id, specialist_ids, duration, from_time, to_time, client_id,
            max_count, after_start, after_id) AS o;
        RETURN;
    END IF;
    -- Each is weighed against the limits, until there are enough.
    RETURN QUERY
    SELECT o.resource_id, o.starts_at, o.ends_at
    FROM holdfast.offered_slots('holdfast_private.calendar', 'holdfast_private.bookable_specialists',
        'holdfast_private.specialist_schedules', organization_id, specialist_ids, duration, from_time, to_time, client_id,
        NULL, after_start, after_id) AS o
    WHERE NOT EXISTS (
        SELECT FROM holdfast_private.limit_reasons(
            (SELECT s FROM @api@.specialists AS s
             WHERE s.organization_id = offered_slots.organization_id AND s.id = o.resource_id),
            client_id, tstzrange(o.starts_at, o.ends_at), false))
    LIMIT max_count;
END
$$;
COMMENT ON FUNCTION holdfast_private.offered_slots(uuid, uuid[], uuid, interval, timestamptz, timestamptz, int, timestamptz, uuid) IS
'The slots of a length that begin within a time and can be held now, of active specialists, for a client if one is named: within working hours, notice, booking window and limits, on each specialist''s grid, with nothing in the calendar of either. By start, then specialist; the first max_count after one, where that is said.';
REVOKE ALL ON FUNCTION holdfast_private.offered_slots(uuid, uuid[], uuid, interval, timestamptz, timestamptz, int, timestamptz, uuid) FROM PUBLIC;

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
        FROM holdfast_private.offered_slots(
            specialist.organization_id, ARRAY[specialist.id], alternatives.client_id, upper(slot) - lower(slot),
            lower(slot), lower(slot) + v_reach, c_most) AS o;
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
