CREATE FUNCTION holdfast_private.set_working_hours(
    organization_id uuid, specialist_id uuid, hours jsonb, time_zone text DEFAULT NULL, effective_from date DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_specialist @api@.specialists := holdfast_private.manage_availability(organization_id, specialist_id);
    v_zone text := holdfast_private.zone_for(v_specialist, time_zone);
    v_today date := (holdfast.clock() AT TIME ZONE v_zone)::date;
    v_rows holdfast_private.week_row[] := holdfast_private.read_week('hours', hours, v_today);
BEGIN
    IF effective_from NOT BETWEEN v_today AND v_today + 3660 THEN
        PERFORM holdfast_private.raise_invalid('effective_from',
            CASE WHEN effective_from < v_today THEN 'is in the past' ELSE 'is more than 10 years ahead' END);
    ELSIF EXISTS (SELECT FROM unnest(v_rows) AS r WHERE r.day_of_week IS NULL) THEN
        PERFORM holdfast_private.raise_invalid('hours.day_of_week', 'is required');
    END IF;
    DELETE FROM @api@.specialist_working_hours AS h
    WHERE h.organization_id = set_working_hours.organization_id AND h.specialist_id = set_working_hours.specialist_id
      AND (set_working_hours.effective_from IS NULL OR h.effective_from >= set_working_hours.effective_from);
    UPDATE @api@.specialist_working_hours AS h
    SET effective_to = set_working_hours.effective_from - 1
    WHERE h.organization_id = set_working_hours.organization_id AND h.specialist_id = set_working_hours.specialist_id
      AND coalesce(h.effective_to, 'infinity') >= set_working_hours.effective_from;
    INSERT INTO @api@.specialist_working_hours AS h (
        organization_id, specialist_id, day_of_week, start_time, end_time, is_working, effective_from, effective_to,
        working_hours_timezone)
    SELECT set_working_hours.organization_id, set_working_hours.specialist_id, r.day_of_week, r.start_time, r.end_time,
        r.is_working, greatest(r.effective_from, set_working_hours.effective_from), r.effective_to, v_zone
    FROM unnest(v_rows) AS r
    WHERE coalesce(r.effective_to, 'infinity') >= coalesce(set_working_hours.effective_from, '-infinity');
    RETURN jsonb_build_object(
        'hours', (SELECT coalesce(jsonb_agg(to_jsonb(h) - 'organization_id' ORDER BY h.effective_from NULLS FIRST, h.day_of_week, h.start_time), '[]')
                  FROM @api@.specialist_working_hours AS h
                  WHERE h.organization_id = set_working_hours.organization_id
                    AND h.specialist_id = set_working_hours.specialist_id),
        'affected_bookings', holdfast_private.affected_bookings(v_specialist));
END
$$;
COMMENT ON FUNCTION holdfast_private.set_working_hours(uuid, uuid, jsonb, text, date) IS
'Replaces the working hours of a specialist: {"hours": [rows], "affected_bookings": [{"booking_id" or "hold_key", "start_time", "end_time", "reason"}]}, the latter what is booked to come and now lies outside; it stands. hours: [{"day_of_week" (0 Sunday to 6), "start_time", "end_time" (wall clock; at or before the start means on the next day), "is_working", "effective_from", "effective_to"}], at most 100, in time_zone (an IANA name, default the specialist''s). From effective_from (a local day) on, hours until then stay; without it all are replaced. An empty array means available at all times, unless booking_rules.require_working_hours. Specialists set their own, admins anybody''s. Errors: invalid_input (also rows that overlap each other or are over), specialist_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.set_working_hours(uuid, uuid, jsonb, text, date) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_working_hours(uuid, uuid, jsonb, text, date)'::regprocedure, '@api@', '{authenticated,service_role}');
