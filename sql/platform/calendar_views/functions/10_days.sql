-- The days of a calendar view.

CREATE FUNCTION holdfast_private.calendar_days(view text, date date, time_zone text)
RETURNS TABLE (day date, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_first date;
    v_after date;
BEGIN
    IF view IS NULL OR view NOT IN ('day', 'week', 'month') THEN
        PERFORM holdfast_private.raise_invalid('view', 'must be day, week or month');
    ELSIF NOT holdfast.is_time_zone(time_zone) THEN
        PERFORM holdfast_private.raise_invalid('time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    ELSIF (date BETWEEN '1970-01-05' AND '2199-12-31') IS NOT TRUE THEN
        PERFORM holdfast_private.raise_invalid('date', 'must be from 1970-01-05 to 2199-12-31');
    END IF;
    v_first := date_trunc(view, date::timestamp)::date;  -- weeks begin on Monday
    v_after := (v_first + ('1 ' || view)::interval)::date;
    RETURN QUERY
    SELECT v_first + n,
           holdfast.local_instant((v_first + n)::timestamp, time_zone), holdfast.local_instant((v_first + n + 1)::timestamp, time_zone)
    FROM generate_series(0, v_after - v_first - 1) AS n;
END
$$;
COMMENT ON FUNCTION holdfast_private.calendar_days(text, date, text) IS
'The local days of the day, the week from Monday, or the month that a date is in, from their first instant to the next day''s: 23 to 25 hours, and none where a zone left a day out. Raises invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.calendar_days(text, date, text) FROM PUBLIC;
