CREATE FUNCTION holdfast_private.calendar_view(
    organization_id uuid,
    view text DEFAULT 'week',
    date date DEFAULT NULL,
    time_zone text DEFAULT NULL,
    specialist_id uuid DEFAULT NULL,
    client_id uuid DEFAULT NULL,
    statuses text[] DEFAULT NULL,
    search text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 5000;
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_own_client uuid := holdfast_private.own_client_id();
    v_own_specialist uuid := holdfast_private.own_specialist_id();
    v_all boolean := holdfast_private.can('manage_bookings');
    v_all_clients boolean := holdfast_private.can('manage_clients');
    v_clients boolean := holdfast_private.can('view_clients');
    v_busy_of uuid := coalesce(specialist_id, v_own_specialist);
    v_search text := holdfast_private.normal_text('search', search);
    v_first timestamptz;
    v_after timestamptz;
    v_answer jsonb;
BEGIN
    time_zone := coalesce(
        time_zone,
        (SELECT p.time_zone FROM @api@.profiles AS p WHERE p.organization_id = calendar_view.organization_id AND p.user_id = v_user),
        (SELECT s.time_zone FROM @api@.specialists AS s
         WHERE s.organization_id = calendar_view.organization_id AND s.id = v_own_specialist),
        (SELECT o.time_zone FROM @api@.organizations AS o WHERE o.id = calendar_view.organization_id));
    IF NOT holdfast.is_time_zone(time_zone) THEN
        PERFORM holdfast_private.raise_invalid('time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    ELSIF NOT (statuses <@ '{pending,confirmed,completed,cancelled,no_show}'::text[]) THEN
        PERFORM holdfast_private.raise_invalid('statuses', 'must be among pending, confirmed, completed, cancelled and no_show');
    END IF;
    date := coalesce(date, (holdfast.clock() AT TIME ZONE time_zone)::date);
    SELECT min(d.starts_at), max(d.ends_at) INTO v_first, v_after
    FROM holdfast_private.calendar_days(view, date, time_zone) AS d;

    WITH seen AS MATERIALIZED (
        SELECT b.start_time, b.end_time, b.id, jsonb_build_object(
            'booking_id', b.id, 'status', b.status, 'start_time', b.start_time, 'end_time', b.end_time,
            'specialist_id', b.specialist_id, 'specialist_name', s.display_name,
            'client_id', b.client_id, 'client_name', n.client_name,
            'session_type_id', b.session_type_id, 'session_type', t.name, 'meeting_link', b.meeting_link) AS content
        FROM @api@.bookings AS b
        JOIN @api@.specialists AS s ON s.organization_id = b.organization_id AND s.id = b.specialist_id
        JOIN @api@.clients AS c ON c.organization_id = b.organization_id AND c.id = b.client_id
        LEFT JOIN @api@.session_types AS t ON t.organization_id = b.organization_id AND t.id = b.session_type_id
        CROSS JOIN LATERAL (
            -- The policy of clients: themselves, the specialists who look after them, admins.
            SELECT CASE WHEN v_all_clients OR c.id = v_own_client
                             OR v_clients AND v_own_specialist = ANY (c.assigned_specialist_ids) THEN c.display_name END AS client_name) AS n
        WHERE b.organization_id = calendar_view.organization_id
          -- The policy of bookings: both parties, and who manages bookings.
          AND (v_all OR b.client_id = v_own_client OR b.specialist_id = v_own_specialist)
          -- None is longer than a day.
          AND b.start_time < v_after AND b.start_time >= v_first - interval '25 hours' AND b.end_time > v_first
          AND (calendar_view.specialist_id IS NULL OR b.specialist_id = calendar_view.specialist_id)
          AND (calendar_view.client_id IS NULL OR b.client_id = calendar_view.client_id)
          AND (statuses IS NULL AND b.status <> 'cancelled' OR b.status = ANY (statuses))
          AND (v_search IS NULL OR strpos(lower(n.client_name), lower(v_search)) > 0)
        ORDER BY b.start_time, b.id
        LIMIT c_most),
    busy AS MATERIALIZED (
        SELECT k.starts_at, k.ends_at, k.kind
        FROM holdfast_private.calendar AS k
        WHERE k.organization_id = calendar_view.organization_id AND k.resource_id = v_busy_of
          AND (v_all OR v_busy_of = v_own_specialist)
          AND k.during && tstzrange(v_first, v_after) AND k.kind <> 'busy'
          AND (k.expires_at IS NULL OR k.expires_at > holdfast.clock()))
    SELECT jsonb_build_object(
        'view', view, 'time_zone', time_zone, 'from', min(d.day), 'to', max(d.day),
        'truncated', (SELECT count(*) = c_most FROM seen),
        'days', jsonb_agg(jsonb_build_object(
            'date', d.day, 'starts_at', d.starts_at, 'ends_at', d.ends_at,
            'bookings', (
                SELECT coalesce(jsonb_agg(b.content ORDER BY b.start_time, b.id), '[]') FROM seen AS b
                WHERE b.start_time < d.ends_at AND b.end_time > d.starts_at),
            'busy', (
                SELECT coalesce(jsonb_agg(jsonb_build_object('start_time', k.starts_at, 'end_time', k.ends_at, 'kind', k.kind)
                                          ORDER BY k.starts_at), '[]') FROM busy AS k
                WHERE k.starts_at < d.ends_at AND k.ends_at > d.starts_at)) ORDER BY d.day))
    INTO v_answer
    FROM holdfast_private.calendar_days(view, date, time_zone) AS d;
    RETURN v_answer;
END
$$;
COMMENT ON FUNCTION holdfast_private.calendar_view(uuid, text, date, text, uuid, uuid, text[], text) IS
'The bookings that the caller may see in the day, the week (from Monday) or the month of a date: {"view", "time_zone", "from", "to", "truncated", "days": [{"date", "starts_at", "ends_at", "bookings": [{"booking_id", "status", "start_time", "end_time", "specialist_id", "specialist_name", "client_id", "client_name", "session_type_id", "session_type", "meeting_link"}], "busy": [{"start_time", "end_time", "kind"}]}]}, a row for each local day of time_zone (default the profile''s, the specialist''s, the organization''s). A booking across midnight is in both days. Cancelled ones are there only where statuses names them. client_name is null, and search, a part of it, finds nothing, where the caller may not see the client. busy is leave, other calendars and holds of the specialist asked for, for themselves and admins. At most 5,000 bookings. Errors: invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.calendar_view(uuid, text, date, text, uuid, uuid, text[], text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.calendar_view(uuid, text, date, text, uuid, uuid, text[], text)'::regprocedure, '@api@', '{authenticated,service_role}');
