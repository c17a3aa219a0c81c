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
RETURNS TABLE (specialist_id uuid, windows tstzmultirange, grid tstzmultirange)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH days AS MATERIALIZED (
        -- Two days on either side, because zones and shifts over midnight reach across the bounds. Day 0 was a Sunday.
        SELECT d.day, (d.day - date '2000-01-02') % 7 AS day_of_week
        FROM (SELECT (from_time AT TIME ZONE 'UTC')::date - 2 + n AS day
              FROM generate_series(0, (to_time AT TIME ZONE 'UTC')::date - (from_time AT TIME ZONE 'UTC')::date + 4) AS n) AS d),
    all_shifts AS (
        -- Suspended shifts are no time, but say that there are hours. Instants without local_span(), which is dear by the thousand.
        SELECT t.specialist_id, range_agg(t.span) AS spans,
            range_agg(CASE WHEN NOT isempty(t.span) THEN tstzrange(lower(t.span), lower(t.span), '[]') END) AS starts
        FROM (
            SELECT h.specialist_id,
                CASE WHEN d.day IS NOT NULL THEN
                    (SELECT tstzrange(i.starts_at, greatest(i.starts_at, i.ends_at))
                     FROM (SELECT
                         holdfast.local_instant(d.day + h.start_time, h.working_hours_timezone) AS starts_at,
                         holdfast.local_instant(d.day + h.end_time
                             + CASE WHEN h.end_time <= h.start_time THEN interval '1 day' ELSE interval '0' END,
                             h.working_hours_timezone) AS ends_at
                         OFFSET 0) AS i)
                END AS span
            FROM @api@.specialist_working_hours AS h
            LEFT JOIN days AS d
                ON d.day_of_week = h.day_of_week AND h.is_working
                AND d.day >= coalesce(h.effective_from, d.day) AND d.day <= coalesce(h.effective_to, d.day)
            WHERE h.organization_id = working_windows.organization_id AND h.specialist_id = ANY (specialist_ids)
            OFFSET 0) AS t
        GROUP BY t.specialist_id),
    breaks AS (
        SELECT b.specialist_id, range_agg(holdfast_private.local_span(d.day, b.start_time, b.end_time, b.time_zone)) AS spans
        FROM @api@.specialist_breaks AS b
        JOIN days AS d
            ON d.day_of_week = coalesce(b.day_of_week, d.day_of_week)
            AND d.day >= coalesce(b.effective_from, d.day) AND d.day <= coalesce(b.effective_to, d.day)
            AND d.day <> ALL (b.exception_dates)
        WHERE b.organization_id = working_windows.organization_id AND b.specialist_id = ANY (specialist_ids)
        GROUP BY b.specialist_id),
    exceptions AS (
        SELECT t.specialist_id,
            range_agg(t.span) FILTER (WHERE t.is_available) AS opened,
            range_agg(tstzrange(lower(t.span), lower(t.span), '[]')) FILTER (WHERE t.is_available AND NOT isempty(t.span)) AS starts,
            range_agg(t.span) FILTER (WHERE NOT t.is_available) AS closed
        FROM (
            SELECT e.specialist_id, e.is_available,
                holdfast_private.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone) AS span
            FROM @api@.specialist_availability_exceptions AS e
            WHERE e.organization_id = working_windows.organization_id AND e.specialist_id = ANY (specialist_ids)
                AND e.exception_date >= (SELECT min(d.day) FROM days AS d)
                AND e.exception_date <= (SELECT max(d.day) FROM days AS d)
            OFFSET 0) AS t
        GROUP BY t.specialist_id)
    SELECT p.id,
        CASE WHEN s.specialist_id IS NOT NULL THEN coalesce(s.spans, '{}')
             WHEN (holdfast_private.rules_of(working_windows.organization_id, p.id)).require_working_hours THEN '{}'
             -- always open
             ELSE tstzmultirange(tstzrange(
                holdfast.local_instant((from_time AT TIME ZONE p.time_zone)::date, p.time_zone),
                holdfast.local_instant((SELECT max(d.day) FROM days AS d), p.time_zone)))
        END + coalesce(e.opened, '{}') - coalesce(b.spans, '{}') - coalesce(e.closed, '{}'),
        CASE WHEN s.specialist_id IS NOT NULL THEN coalesce(s.starts, '{}')
             ELSE (SELECT range_agg(tstzrange(m.at, m.at, '[]'))
                   FROM (SELECT holdfast.local_instant(d.day, p.time_zone) AS at FROM days AS d OFFSET 0) AS m)
        END + coalesce(e.starts, '{}')
    FROM unnest(specialist_ids) WITH ORDINALITY AS a (id, place)
    JOIN @api@.specialists AS p ON p.organization_id = working_windows.organization_id AND p.id = a.id
    LEFT JOIN all_shifts AS s ON s.specialist_id = p.id
    LEFT JOIN breaks AS b ON b.specialist_id = p.id
    LEFT JOIN exceptions AS e ON e.specialist_id = p.id
    ORDER BY a.place;
END
$$;
COMMENT ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) IS
'When each of the specialists works around the time between two instants, one row each in the order asked: shifts and open exceptions, without breaks and closed exceptions. Offered starts are counted from where a window begins, and anew from each start of a shift, an open exception or, for who is always open, a local day within it, which grid has as instants: so they never depend on the time that was asked about. Leave, external busy times and bookings are in the calendar.';
REVOKE ALL ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;
