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
    v_after_start timestamptz;
    v_after_id uuid;
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
    IF cursor IS NOT NULL THEN
        SELECT c.starts_at, c.specialist_id INTO v_after_start, v_after_id FROM holdfast_private.read_cursor(cursor) AS c;
    END IF;
    v_day := greatest(from_date, (v_after_start AT TIME ZONE v_search.time_zone)::date);

    -- Where limits are counted, the nearest day first, which mostly is enough. Without, the kernel stops by itself.
    IF holdfast_private.has_limits(organization_id, v_search.specialist_ids) AND v_day < to_date THEN
        v_page := holdfast_private.slots_between(organization_id, v_search,
            holdfast.local_instant(v_day, v_search.time_zone), holdfast.local_instant(v_day + 1, v_search.time_zone),
            page_size, v_after_start, v_after_id);
    END IF;
    IF v_page IS NULL OR v_page -> 'next_cursor' = 'null' THEN
        v_page := holdfast_private.slots_between(organization_id, v_search,
            holdfast.local_instant(least(v_day, to_date), v_search.time_zone), holdfast.local_instant(to_date + 1, v_search.time_zone),
            page_size, v_after_start, v_after_id);
    END IF;
    RETURN v_page;
END
$$;
COMMENT ON FUNCTION holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text) IS
'The times that can be booked: {"slots": [{"specialist_id", "start_time", "end_time", "local_date", "local_time"}], "time_zone", "duration_minutes", "next_cursor"}, by start, then specialist. Of one specialist, several, or all who match pillar_id, language (a BCP 47 tag) and specialty; with session_type_id the type''s pillar and length. Days are local days of time_zone (an IANA name; default the client''s, else the organization''s), from from_date (today) to to_date (six days later, at most 62 days in all). client_id (default the caller, if a client) leaves out what collides with their own bookings. The next page: the same call with cursor = next_cursor, null when there is none. Every slot can be held when it is read; a hold decides. Errors: invalid_input, specialist_not_found, client_not_found, session_type_not_found, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.available_slots(uuid, uuid, uuid[], uuid, uuid, text, text, uuid, date, date, text, int, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
