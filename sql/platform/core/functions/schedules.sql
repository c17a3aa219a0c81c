-- When a job is due: cron's five fields, of numbers, as pg_cron reads them.

CREATE FUNCTION holdfast_private.cron_values(field text, lowest int, highest int)
RETURNS int[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_term text;
    v_parts text[];
    v_from int;
    v_to int;
    v_values int[] := '{}';
BEGIN
    IF field IS NULL THEN
        RETURN NULL;
    END IF;
    FOREACH v_term IN ARRAY string_to_array(field, ',') LOOP
        v_parts := regexp_match(v_term, '^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?$');
        IF v_parts IS NULL OR v_parts[3]::int = 0 THEN
            RETURN NULL;
        END IF;
        v_from := coalesce(v_parts[1]::int, lowest);
        v_to := CASE WHEN v_parts[1] IS NULL THEN highest ELSE coalesce(v_parts[2], v_parts[1])::int END;
        IF v_from < lowest OR v_to > highest OR v_from > v_to THEN
            RETURN NULL;
        END IF;
        v_values := v_values || ARRAY(SELECT generate_series(v_from, v_to, coalesce(v_parts[3]::int, 1)));
    END LOOP;
    RETURN v_values;
END
$$;
COMMENT ON FUNCTION holdfast_private.cron_values(text, int, int) IS
'The numbers that a field of a cron schedule stands for: *, 5, 1-5, */10, 1-30/2, and lists of these. Null for what is none of these.';
REVOKE ALL ON FUNCTION holdfast_private.cron_values(text, int, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.next_due(schedule text, after timestamptz, zone text DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_days CONSTANT int := 8 * 366;    -- from one 29 February to the next, at the turn of most centuries
    v_fields text[] := regexp_split_to_array(btrim(schedule), '\s+');
    v_zone text := coalesce(zone, holdfast.cron_zone());
    v_minutes int[] := holdfast_private.cron_values(v_fields[1], 0, 59);
    v_hours int[] := holdfast_private.cron_values(v_fields[2], 0, 23);
    v_days int[] := holdfast_private.cron_values(v_fields[3], 1, 31);
    v_months int[] := holdfast_private.cron_values(v_fields[4], 1, 12);
    v_weekdays int[] := holdfast_private.cron_values(v_fields[5], 0, 7);
    v_either boolean := v_fields[3] NOT LIKE '*%' AND v_fields[5] NOT LIKE '*%';
    v_day date := (after AT TIME ZONE v_zone)::date;
    v_on_day boolean;
    v_on_weekday boolean;
    v_due timestamptz;
BEGIN
    IF cardinality(v_fields) <> 5 OR num_nulls(v_minutes, v_hours, v_days, v_months, v_weekdays, after) > 0 THEN
        RETURN NULL;
    END IF;
    FOR i IN 1 .. c_days LOOP
        v_on_day := extract(day FROM v_day) = ANY (v_days);
        v_on_weekday := extract(dow FROM v_day) = ANY (v_weekdays) OR extract(isodow FROM v_day) = ANY (v_weekdays);
        IF extract(month FROM v_day) = ANY (v_months)
           AND (v_on_day AND v_on_weekday OR v_either AND (v_on_day OR v_on_weekday))
        THEN
            SELECT min(d.due) INTO v_due
            FROM unnest(v_hours) AS h (hour), unnest(v_minutes) AS m (minute),
                 LATERAL (SELECT (v_day + make_interval(hours => h.hour, mins => m.minute)) AT TIME ZONE v_zone AS due) AS d
            WHERE d.due > after;
            IF v_due IS NOT NULL THEN
                RETURN v_due;
            END IF;
        END IF;
        v_day := v_day + 1;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.next_due(text, timestamptz, text) IS
'When a schedule in cron''s five fields is next due after a time, in a zone, or in that of pg_cron; null when it never is, or is written in another way.';
REVOKE ALL ON FUNCTION holdfast_private.next_due(text, timestamptz, text) FROM PUBLIC;
