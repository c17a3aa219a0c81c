-- The engine: from wall-clock rules to windows of instants. Everything that asks what is free, asks here.

CREATE FUNCTION holdfast_private.local_span(day date, start_time time, end_time time, time_zone text)
RETURNS tstzrange
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- Without times it is the whole day, midnight to midnight on the wall clock, which may last 23 or 25 hours. Where the
    -- clock jumps, a start may be moved past an end that is not: then there is no such time.
    SELECT tstzrange(t.starts_at, greatest(t.starts_at, t.ends_at))
    FROM (
        SELECT
            holdfast.local_instant(day + coalesce(start_time, time '00:00'), time_zone) AS starts_at,
            holdfast.local_instant(
                day + coalesce(end_time, time '00:00')
                    + CASE WHEN start_time IS NULL OR end_time <= start_time THEN interval '1 day' ELSE interval '0' END,
                time_zone) AS ends_at) AS t;
END;
COMMENT ON FUNCTION holdfast_private.local_span(date, time, time, text) IS
'A stretch of a local day as instants; an end at or before the start is on the next day, no times mean the whole day.';
REVOKE ALL ON FUNCTION holdfast_private.local_span(date, time, time, text) FROM PUBLIC;

-- In PL/pgSQL, which keeps the plan: planning this costs more than running it.
CREATE FUNCTION holdfast_private.working_windows(
    organization_id uuid, specialist_ids uuid[], from_time timestamptz, to_time timestamptz)
RETURNS TABLE (specialist_id uuid, windows tstzmultirange)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT p.id, s.place, p.time_zone,
            -- two days on either side, because zones and shifts over midnight reach across the bounds
            from_time::date - 2 AS first_day, to_time::date + 2 AS last_day
        FROM unnest(specialist_ids) WITH ORDINALITY AS s (id, place)
        JOIN @api@.specialists AS p
            ON p.organization_id = working_windows.organization_id AND p.id = s.id),
    shifts AS (
        SELECT h.specialist_id, range_agg(holdfast_private.local_span(
                   d.day::date, h.start_time, h.end_time, h.working_hours_timezone)) AS spans
        FROM asked AS a
        JOIN @api@.specialist_working_hours AS h
            ON h.organization_id = working_windows.organization_id AND h.specialist_id = a.id AND h.is_working
        CROSS JOIN LATERAL generate_series(
            greatest(a.first_day, h.effective_from)::timestamp, least(a.last_day, h.effective_to)::timestamp,
            interval '1 day') AS d (day)
        WHERE extract(dow FROM d.day) = h.day_of_week
        GROUP BY h.specialist_id),
    breaks AS (
        SELECT b.specialist_id, range_agg(holdfast_private.local_span(
                   d.day::date, b.start_time, b.end_time, b.time_zone)) AS spans
        FROM asked AS a
        JOIN @api@.specialist_breaks AS b
            ON b.organization_id = working_windows.organization_id AND b.specialist_id = a.id
        CROSS JOIN LATERAL generate_series(
            greatest(a.first_day, b.effective_from)::timestamp, least(a.last_day, b.effective_to)::timestamp,
            interval '1 day') AS d (day)
        WHERE (b.day_of_week IS NULL OR extract(dow FROM d.day) = b.day_of_week)
            AND d.day::date <> ALL (b.exception_dates)
        GROUP BY b.specialist_id),
    exceptions AS (
        SELECT e.specialist_id,
            range_agg(holdfast_private.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone))
                FILTER (WHERE e.is_available) AS opened,
            range_agg(holdfast_private.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone))
                FILTER (WHERE NOT e.is_available) AS closed
        FROM asked AS a
        JOIN @api@.specialist_availability_exceptions AS e
            ON e.organization_id = working_windows.organization_id AND e.specialist_id = a.id
            AND e.exception_date BETWEEN a.first_day AND a.last_day
        GROUP BY e.specialist_id)
    SELECT a.id,
        CASE WHEN holdfast_private.keeps_hours(working_windows.organization_id, a.id) THEN coalesce(s.spans, '{}')
             ELSE tstzmultirange(tstzrange(
                holdfast.local_instant(a.first_day, a.time_zone), holdfast.local_instant(a.last_day, a.time_zone)))
        END + coalesce(e.opened, '{}') - coalesce(b.spans, '{}') - coalesce(e.closed, '{}')
    FROM asked AS a
    LEFT JOIN shifts AS s ON s.specialist_id = a.id
    LEFT JOIN breaks AS b ON b.specialist_id = a.id
    LEFT JOIN exceptions AS e ON e.specialist_id = a.id
    ORDER BY a.place;
END
$$;
COMMENT ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) IS
'When each of the specialists works around the time between two instants, one row each in the order asked: shifts and open exceptions, without breaks and closed exceptions. Windows are whole, not cut at the bounds, because offered starts are counted from where a window begins. Leave, external busy times and bookings are in the calendar.';
REVOKE ALL ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;
