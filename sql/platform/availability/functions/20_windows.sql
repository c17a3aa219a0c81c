-- The engine: from wall-clock rules to windows of instants. Everything that asks what is free, asks here.

-- In PL/pgSQL, which keeps the plan: planning this costs more than running it.
CREATE FUNCTION holdfast_private.working_windows(
    organization_id uuid, specialist_ids uuid[], from_time timestamptz, to_time timestamptz)
RETURNS TABLE (specialist_id uuid, windows tstzmultirange, grid tstzmultirange)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
#variable_conflict use_column
DECLARE
    -- Two days on either side, because zones and shifts over midnight reach across the bounds.
    v_first date := (from_time AT TIME ZONE 'UTC')::date - 2;
    v_last date := (to_time AT TIME ZONE 'UTC')::date + 2;
BEGIN
    RETURN QUERY
    WITH all_shifts AS (
        -- Suspended shifts are no time, but say that there are hours.
        SELECT t.specialist_id, range_agg(t.spans) AS spans, range_agg(holdfast.starts_of(t.spans)) AS starts
        FROM (
            SELECT h.specialist_id, CASE WHEN h.is_working THEN holdfast.local_spans(v_first, v_last, h.day_of_week,
                h.start_time, h.end_time, h.working_hours_timezone, h.effective_from, h.effective_to) END AS spans
            FROM @api@.specialist_working_hours AS h
            WHERE h.organization_id = working_windows.organization_id AND h.specialist_id = ANY (specialist_ids)
            OFFSET 0) AS t
        GROUP BY t.specialist_id),
    breaks AS (
        SELECT b.specialist_id, range_agg(holdfast.local_spans(v_first, v_last, b.day_of_week,
            b.start_time, b.end_time, b.time_zone, b.effective_from, b.effective_to, b.exception_dates)) AS spans
        FROM @api@.specialist_breaks AS b
        WHERE b.organization_id = working_windows.organization_id AND b.specialist_id = ANY (specialist_ids)
        GROUP BY b.specialist_id),
    exceptions AS (
        SELECT t.specialist_id,
            range_agg(t.span) FILTER (WHERE t.is_available) AS opened,
            range_agg(tstzrange(lower(t.span), lower(t.span), '[]')) FILTER (WHERE t.is_available AND NOT isempty(t.span)) AS starts,
            range_agg(t.span) FILTER (WHERE NOT t.is_available) AS closed
        FROM (
            SELECT e.specialist_id, e.is_available,
                holdfast.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone) AS span
            FROM @api@.specialist_availability_exceptions AS e
            WHERE e.organization_id = working_windows.organization_id AND e.specialist_id = ANY (specialist_ids)
                AND e.exception_date BETWEEN v_first AND v_last
            OFFSET 0) AS t
        GROUP BY t.specialist_id)
    SELECT p.id,
        CASE WHEN s.specialist_id IS NOT NULL THEN coalesce(s.spans, '{}')
             WHEN (holdfast_private.rules_of(working_windows.organization_id, p.id)).require_working_hours THEN '{}'
             -- always open
             ELSE tstzmultirange(tstzrange(
                holdfast.local_instant((from_time AT TIME ZONE p.time_zone)::date, p.time_zone),
                holdfast.local_instant(v_last, p.time_zone)))
        END + coalesce(e.opened, '{}') - coalesce(b.spans, '{}') - coalesce(e.closed, '{}'),
        CASE WHEN s.specialist_id IS NOT NULL THEN coalesce(s.starts, '{}')
             ELSE (SELECT range_agg(tstzrange(m.at, m.at, '[]'))
                   FROM (SELECT holdfast.local_instant(v_first + n, p.time_zone) AS at
                         FROM generate_series(0, v_last - v_first) AS n OFFSET 0) AS m)
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
