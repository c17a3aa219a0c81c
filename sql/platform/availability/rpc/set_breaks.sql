CREATE FUNCTION holdfast_private.set_breaks(
    organization_id uuid, specialist_id uuid, breaks jsonb, time_zone text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_longest CONSTANT interval := interval '12 hours';
    v_specialist @api@.specialists := holdfast_private.manage_availability(organization_id, specialist_id);
    v_zone text := holdfast_private.zone_for(v_specialist, time_zone);
    v_rows holdfast_private.week_row[] := holdfast_private.read_week(
        'breaks', breaks, (holdfast.clock() AT TIME ZONE v_zone)::date);
    v_long bigint;
BEGIN
    SELECT min(r.place) - 1 INTO v_long
    FROM generate_subscripts(v_rows, 1) AS r (place)
    WHERE v_rows[r.place].end_time - v_rows[r.place].start_time
        + CASE WHEN v_rows[r.place].end_time <= v_rows[r.place].start_time THEN interval '1 day' ELSE '0' END > c_longest;
    IF v_long IS NOT NULL THEN
        PERFORM holdfast_private.raise_invalid(format('breaks[%s].end_time', v_long), 'must be at most 12 hours after start_time');
    END IF;
    DELETE FROM @api@.specialist_breaks AS b
    WHERE b.organization_id = set_breaks.organization_id AND b.specialist_id = set_breaks.specialist_id;
    INSERT INTO @api@.specialist_breaks AS b (
        organization_id, specialist_id, day_of_week, start_time, end_time, exception_dates, effective_from, effective_to, time_zone)
    SELECT set_breaks.organization_id, set_breaks.specialist_id, r.day_of_week, r.start_time, r.end_time,
        r.exception_dates, r.effective_from, r.effective_to, v_zone
    FROM unnest(v_rows) AS r
    WHERE r.is_working;
    RETURN jsonb_build_object(
        'breaks', (SELECT coalesce(jsonb_agg(to_jsonb(b) - 'organization_id' ORDER BY b.day_of_week NULLS FIRST, b.start_time), '[]')
                   FROM @api@.specialist_breaks AS b
                   WHERE b.organization_id = set_breaks.organization_id AND b.specialist_id = set_breaks.specialist_id),
        'affected_bookings', holdfast_private.affected_bookings(v_specialist));
END
$$;
COMMENT ON FUNCTION holdfast_private.set_breaks(uuid, uuid, jsonb, text) IS
'Replaces the regular breaks of a specialist: {"breaks": [rows], "affected_bookings"} as set_working_hours. breaks: [{"day_of_week" (0 Sunday to 6; null every day), "start_time", "end_time" (at most 12 hours later), "exception_dates" (local days without it), "effective_from", "effective_to"}], at most 100, in time_zone (an IANA name, default the specialist''s). Specialists set their own, admins anybody''s. Errors: invalid_input (also breaks that overlap each other or are over), specialist_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.set_breaks(uuid, uuid, jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_breaks(uuid, uuid, jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');
