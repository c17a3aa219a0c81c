-- Reading the rows of a week (shifts and breaks) from JSON, and finding those that overlap each other.

CREATE FUNCTION holdfast_private.json_clock(field text, value jsonb)
RETURNS time
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value IS NULL OR value = 'null' OR jsonb_typeof(value) <> 'string'
        OR value #>> '{}' !~ '^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$'
    THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be a time of day, like 09:30');
    END IF;
    RETURN (value #>> '{}')::time;
END
$$;
COMMENT ON FUNCTION holdfast_private.json_clock(text, jsonb) IS
'A JSON string as a wall-clock time, 00:00 to 24:00; invalid_input for anything else, null too.';
REVOKE ALL ON FUNCTION holdfast_private.json_clock(text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_week_row(path text, item jsonb, today date)
RETURNS holdfast_private.week_row
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row holdfast_private.week_row;
BEGIN
    IF jsonb_typeof(item) <> 'object' THEN
        PERFORM holdfast_private.raise_invalid(path, 'must be an object');
    ELSIF jsonb_typeof(item -> 'is_working') NOT IN ('boolean', 'null') THEN
        PERFORM holdfast_private.raise_invalid(path || '.is_working', 'must be true or false');
    END IF;
    v_row.day_of_week := holdfast_private.json_int(path || '.day_of_week', item -> 'day_of_week');
    v_row.start_time := holdfast_private.json_clock(path || '.start_time', item -> 'start_time');
    v_row.end_time := holdfast_private.json_clock(path || '.end_time', item -> 'end_time');
    v_row.is_working := coalesce((item ->> 'is_working')::boolean, true);
    v_row.effective_from := holdfast_private.json_date(path || '.effective_from', item -> 'effective_from');
    v_row.effective_to := holdfast_private.json_date(path || '.effective_to', item -> 'effective_to');
    v_row.exception_dates := ARRAY(
        SELECT holdfast_private.json_date(format('%s.exception_dates[%s]', path, d.place - 1), d.day)
        FROM jsonb_array_elements(holdfast_private.json_list(path || '.exception_dates', item -> 'exception_dates', 366))
            WITH ORDINALITY AS d (day, place));
    IF v_row.day_of_week NOT BETWEEN 0 AND 6 THEN
        PERFORM holdfast_private.raise_invalid(path || '.day_of_week', 'must be from 0, Sunday, to 6, Saturday');
    ELSIF v_row.start_time = '24:00' THEN
        PERFORM holdfast_private.raise_invalid(path || '.start_time', 'must be before 24:00');
    ELSIF v_row.effective_to < v_row.effective_from THEN
        PERFORM holdfast_private.raise_invalid(path || '.effective_to', 'must not be before effective_from');
    ELSIF v_row.effective_to < today THEN
        PERFORM holdfast_private.raise_invalid(path || '.effective_to', 'is in the past');
    ELSIF array_position(v_row.exception_dates, NULL) IS NOT NULL THEN
        PERFORM holdfast_private.raise_invalid(path || '.exception_dates', 'must be dates');
    END IF;
    RETURN v_row;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_week_row(text, jsonb, date) IS
'One shift or break from JSON; invalid_input with the path of the field, and for what is over before today.';
REVOKE ALL ON FUNCTION holdfast_private.read_week_row(text, jsonb, date) FROM PUBLIC;

CREATE FUNCTION holdfast_private.week_rows_meet(one holdfast_private.week_row, other holdfast_private.week_row)
RETURNS boolean
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- A row can meet one of the same day, of the day before and of the day after. Seconds count from the first row's midnight.
    SELECT one.is_working AND other.is_working AND EXISTS (
        SELECT
        FROM generate_series(coalesce(one.day_of_week, 0), coalesce(one.day_of_week, 6)) AS o (day)
        CROSS JOIN generate_series(-1, 1) AS d (later)
        CROSS JOIN LATERAL (SELECT
            extract(epoch FROM one.start_time) AS one_from,
            extract(epoch FROM one.end_time) + CASE WHEN one.end_time <= one.start_time THEN 86400 ELSE 0 END AS one_to,
            d.later * 86400 + extract(epoch FROM other.start_time) AS other_from,
            d.later * 86400 + extract(epoch FROM other.end_time)
                + CASE WHEN other.end_time <= other.start_time THEN 86400 ELSE 0 END AS other_to,
            greatest(one.effective_from, other.effective_from - d.later) AS first_day,
            least(one.effective_to, other.effective_to - d.later) AS last_day) AS t
        WHERE (other.day_of_week IS NULL OR other.day_of_week = (o.day + d.later + 7) % 7)
          AND t.one_from < t.other_to AND t.other_from < t.one_to
          -- the first such weekday that both count on
          AND (t.first_day IS NULL OR t.last_day IS NULL
               OR t.first_day + ((o.day - extract(dow FROM t.first_day)::int + 7) % 7) <= t.last_day));
END;
COMMENT ON FUNCTION holdfast_private.week_rows_meet(holdfast_private.week_row, holdfast_private.week_row) IS
'Whether two shifts, or two breaks, overlap on any day on which both count; shifts over midnight too.';
REVOKE ALL ON FUNCTION holdfast_private.week_rows_meet(holdfast_private.week_row, holdfast_private.week_row) FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_week(field text, items jsonb, today date)
RETURNS holdfast_private.week_row[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 100;
    v_rows holdfast_private.week_row[] := '{}';
    v_row holdfast_private.week_row;
    v_item jsonb;
    v_place int := 0;
    v_met int;
BEGIN
    IF items IS NULL OR items = 'null' THEN
        PERFORM holdfast_private.raise_invalid(field, 'is required; none is an empty array');
    END IF;
    FOR v_item IN SELECT i.item FROM jsonb_array_elements(holdfast_private.json_list(field, items, c_most)) AS i (item) LOOP
        v_row := holdfast_private.read_week_row(format('%s[%s]', field, v_place), v_item, today);
        SELECT min(r.place) - 1 INTO v_met
        FROM generate_subscripts(v_rows, 1) AS r (place)
        WHERE holdfast_private.week_rows_meet(v_rows[r.place], v_row);
        IF v_met IS NOT NULL THEN
            PERFORM holdfast_private.raise_invalid(format('%s[%s]', field, v_place), format('overlaps %s[%s]', field, v_met));
        END IF;
        v_rows := v_rows || v_row;
        v_place := v_place + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_week(text, jsonb, date) IS
'The shifts or breaks of a JSON array of at most 100; invalid_input with the path, and for rows that overlap each other or are over.';
REVOKE ALL ON FUNCTION holdfast_private.read_week(text, jsonb, date) FROM PUBLIC;
