-- Which times a request names, and whether they make sense. Whether they are free is for the calendar alone.

CREATE FUNCTION holdfast_private.check_offset(field text, offset_minutes int, at timestamptz, time_zone text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF offset_minutes IS NULL THEN
        RETURN;
    ELSIF offset_minutes NOT BETWEEN -720 AND 840 THEN
        PERFORM holdfast_private.raise_invalid(field, 'must be minutes east of UTC, from -720 to 840');
    ELSIF offset_minutes * interval '1 minute' <> (at AT TIME ZONE time_zone) - (at AT TIME ZONE 'UTC') THEN
        PERFORM holdfast_private.raise_invalid(field, 'is not the offset of the time zone at that time');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_offset(text, int, timestamptz, text) IS
'Raises invalid_input unless the zone is so many minutes ahead of UTC at that time: positive east of Greenwich, so New York in winter is -300. Without a zone only the range is checked.';
REVOKE ALL ON FUNCTION holdfast_private.check_offset(text, int, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_slot(
    start_time timestamptz, end_time timestamptz, usual_length interval, path text DEFAULT '')
RETURNS tstzrange
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_longest CONSTANT interval := interval '24 hours';
    c_horizon CONSTANT interval := interval '10 years';
    v_now timestamptz := holdfast.clock();
BEGIN
    IF start_time IS NULL THEN
        PERFORM holdfast_private.raise_invalid(path || 'start_time', 'is required');
    ELSIF NOT isfinite(start_time) THEN
        PERFORM holdfast_private.raise_invalid(path || 'start_time', 'must be finite');
    ELSIF start_time < v_now THEN
        PERFORM holdfast_private.raise_invalid(path || 'start_time', 'is in the past');
    ELSIF start_time > v_now + c_horizon THEN
        PERFORM holdfast_private.raise_invalid(path || 'start_time', 'is more than 10 years ahead');
    END IF;
    end_time := coalesce(end_time, start_time + usual_length);
    IF end_time IS NULL THEN
        PERFORM holdfast_private.raise_invalid(path || 'end_time', 'is required');
    ELSIF NOT isfinite(end_time) THEN
        PERFORM holdfast_private.raise_invalid(path || 'end_time', 'must be finite');
    ELSIF end_time <= start_time THEN
        PERFORM holdfast_private.raise_invalid(path || 'end_time', 'must be after start_time');
    ELSIF end_time > start_time + c_longest THEN
        PERFORM holdfast_private.raise_invalid(path || 'end_time', 'must be at most 24 hours after start_time');
    END IF;
    RETURN tstzrange(start_time, end_time);
END
$$;
COMMENT ON FUNCTION holdfast_private.check_slot(timestamptz, timestamptz, interval, text) IS
'The range of a session that may be asked for now: finite, not begun, at most 24 hours long and 10 years ahead; invalid_input otherwise, with the path before the name of the field. Without an end it has the usual length.';
REVOKE ALL ON FUNCTION holdfast_private.check_slot(timestamptz, timestamptz, interval, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_occurrences(
    first tstzrange, usual_length interval, time_zone text, occurrences jsonb)
RETURNS tstzrange[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 366;
    v_slots tstzrange[] := ARRAY[first];
    v_slot tstzrange;
    v_item jsonb;
    v_path text;
    v_start timestamptz;
    v_end timestamptz;
    v_place bigint;
BEGIN
    occurrences := holdfast_private.json_list('occurrences', occurrences, c_most);
    FOR v_item, v_place IN
        SELECT o.item, o.place FROM jsonb_array_elements(occurrences) WITH ORDINALITY AS o (item, place)
    LOOP
        v_path := format('occurrences[%s]', v_place - 1);
        IF jsonb_typeof(v_item) <> 'object' THEN
            PERFORM holdfast_private.raise_invalid(v_path, 'must be an object');
        END IF;
        v_path := v_path || '.';
        v_start := holdfast_private.json_time(v_path || 'start_time', v_item -> 'start_time');
        v_end := holdfast_private.json_time(v_path || 'end_time', v_item -> 'end_time');
        v_slot := holdfast_private.check_slot(v_start, v_end, usual_length, v_path);
        PERFORM holdfast_private.check_offset(
            v_path || e.key, holdfast_private.json_int(v_path || e.key, v_item -> e.key), e.at, time_zone)
        FROM (VALUES ('start_time_offset_minutes', lower(v_slot)), ('end_time_offset_minutes', upper(v_slot))) AS e (key, at);
        IF v_slot <> ALL (v_slots) THEN
            IF EXISTS (SELECT FROM unnest(v_slots) AS s (slot) WHERE s.slot && v_slot) THEN
                PERFORM holdfast_private.raise_invalid(trim(trailing '.' FROM v_path), 'overlaps another occurrence');
            END IF;
            v_slots := v_slots || v_slot;
        END IF;
    END LOOP;
    RETURN v_slots;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_occurrences(tstzrange, interval, text, jsonb) IS
'The ranges of a series, the first one first and none twice, from [{"start_time", "end_time", "start_time_offset_minutes", "end_time_offset_minutes"}] of at most 366 elements. Without an end_time one has the usual length, if there is one. Raises invalid_input with the path of the field.';
REVOKE ALL ON FUNCTION holdfast_private.check_occurrences(tstzrange, interval, text, jsonb) FROM PUBLIC;
