CREATE FUNCTION holdfast_private.available_slots(
    organization_id uuid,
    specialist_id uuid DEFAULT NULL,
    specialist_ids uuid[] DEFAULT NULL,
    pillar_id uuid DEFAULT NULL,
    session_type_id uuid DEFAULT NULL,
    language text DEFAULT NULL,
    specialty text DEFAULT NULL,
    client_id uuid DEFAULT NULL,
    from_date date DEFAULT NULL,
    to_date date DEFAULT NULL,
    time_zone text DEFAULT NULL,
    duration_minutes int DEFAULT NULL,
    page_size int DEFAULT 50,
    cursor text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most_days CONSTANT int := 62;
    v_search holdfast_private.slot_search;
    v_day date;
    v_after record;
    v_slots jsonb := '[]';
    v_page jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_search := holdfast_private.slot_search(
        organization_id, array_remove(coalesce(specialist_ids, '{}') || specialist_id, NULL), pillar_id, session_type_id,
        language, specialty, client_id, time_zone, duration_minutes);
    from_date := coalesce(from_date, (holdfast.clock() AT TIME ZONE v_search.time_zone)::date);
    to_date := coalesce(to_date, from_date + 6);
    IF from_date NOT BETWEEN '1970-01-01' AND '9990-01-01' THEN
        PERFORM holdfast_private.raise_invalid('from_date', 'is out of range');
    ELSIF to_date < from_date OR to_date >= from_date + c_most_days THEN
        PERFORM holdfast_private.raise_invalid('to_date', format('must be from from_date to %s days after it', c_most_days - 1));
    ELSIF page_size IS NULL OR page_size NOT BETWEEN 1 AND 1000 THEN
        PERFORM holdfast_private.raise_invalid('page_size', 'must be from 1 to 1000');
    END IF;
    SELECT * INTO v_after FROM holdfast_private.read_cursor(cursor);
    v_day := greatest(from_date, (v_after.starts_at AT TIME ZONE v_search.time_zone)::date);

    -- Day by day, so that the first page costs no more than the days it shows.
    WHILE v_day <= to_date AND jsonb_array_length(v_slots) <= page_size LOOP
        SELECT jsonb_agg(jsonb_build_object(
                'specialist_id', o.specialist_id, 'start_time', o.starts_at, 'end_time', o.ends_at,
                'local_date', (o.starts_at AT TIME ZONE v_search.time_zone)::date,
                'local_time', left((o.starts_at AT TIME ZONE v_search.time_zone)::time::text, 5))
            ORDER BY o.starts_at, o.specialist_id)
        INTO v_page
        FROM (
            SELECT o.* FROM holdfast_private.offered_slots(
                organization_id, v_search.specialist_ids, v_search.client_id, v_search.duration,
                holdfast.local_instant(v_day, v_search.time_zone), holdfast.local_instant(v_day + 1, v_search.time_zone)) AS o
            WHERE v_after.starts_at IS NULL OR (o.starts_at, o.specialist_id) > (v_after.starts_at, v_after.specialist_id)
            ORDER BY o.starts_at, o.specialist_id
            LIMIT page_size + 1 - jsonb_array_length(v_slots)) AS o;
        v_slots := v_slots || coalesce(v_page, '[]');
        v_day := v_day + 1;
    END LOOP;

    IF jsonb_array_length(v_slots) > page_size THEN
        v_slots := v_slots - page_size;
        cursor := format('%s~%s', v_slots -> -1 ->> 'start_time', v_slots -> -1 ->> 'specialist_id');
    ELSE
        cursor := NULL;
    END IF;
    RETURN jsonb_build_object('slots', v_slots, 'time_zone', v_search.time_zone,
        'duration_minutes', (extract(epoch FROM v_search.duration) / 60)::int, 'next_cursor', cursor);
END
$$;
COMMENT ON FUNCTION holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text) IS
'The times that can be booked: {"slots": [{"specialist_id", "start_time", "end_time", "local_date", "local_time"}], "time_zone", "duration_minutes", "next_cursor"}, by start, then specialist. Of one specialist, several, or all who match pillar_id, language (a BCP 47 tag) and specialty; with session_type_id the type''s pillar and length. Days are local days of time_zone (an IANA name; default the client''s, else the organization''s), from from_date (today) to to_date (six days later, at most 62 days in all). client_id (default the caller, if a client) leaves out what collides with their own bookings. The next page: the same call with cursor = next_cursor, null when there is none. Every slot can be held when it is read; a hold decides. Errors: invalid_input, specialist_not_found, client_not_found, session_type_not_found, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
