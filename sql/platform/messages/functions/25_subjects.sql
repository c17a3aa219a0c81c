-- What an e-mail about a booking, or to a user, needs, as things are when a worker takes it.

CREATE FUNCTION holdfast_private.booking_mail(organization_id uuid, about jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_party text := about ->> 'party';
    v_booking @api@.bookings;
    v_specialist uuid;
    v_method text;
    v_mail jsonb;
BEGIN
    SELECT b.* INTO v_booking FROM @api@.bookings AS b
    WHERE b.organization_id = booking_mail.organization_id AND b.id = (about ->> 'booking_id')::uuid;
    v_specialist := v_booking.specialist_id;
    -- For who had the booking before it is off, at the time that it had then; where it is now is not theirs to know.
    IF v_party = 'former' THEN
        v_booking.specialist_id := (about ->> 'specialist_id')::uuid;
        v_booking.status := 'cancelled';
        v_booking.meeting_link := NULL;
        v_booking.start_time := (about ->> 'start_time')::timestamptz;
        v_booking.end_time := (about ->> 'end_time')::timestamptz;
    END IF;
    v_method := CASE v_booking.status WHEN 'cancelled' THEN 'CANCEL' ELSE 'REQUEST' END;
    SELECT jsonb_build_object(
        'email', CASE v_party WHEN 'client' THEN coalesce(c.email, cp.email) ELSE sp.email END,
        'user_id', CASE v_party WHEN 'client' THEN c.user_id ELSE s.user_id END,
        'locale', CASE v_party WHEN 'client' THEN cp.locale ELSE sp.locale END,
        'variables', jsonb_build_object(
            'name', CASE v_party WHEN 'client' THEN c.display_name ELSE s.display_name END,
            'client', c.display_name,
            'specialist', n.display_name,
            'start_time', to_char(v_booking.start_time AT TIME ZONE z.time_zone, 'YYYY-MM-DD HH24:MI'),
            'end_time', to_char(v_booking.end_time AT TIME ZONE z.time_zone, 'YYYY-MM-DD HH24:MI'),
            'time_zone', z.time_zone,
            'status', v_booking.status,
            'meeting_link', v_booking.meeting_link,
            'reason', coalesce(v_booking.decline_reason, v_booking.cancellation_reason)))
    INTO v_mail
    FROM @api@.clients AS c
    JOIN @api@.specialists AS n ON n.organization_id = v_booking.organization_id AND n.id = v_specialist
    JOIN @api@.specialists AS s ON s.organization_id = v_booking.organization_id AND s.id = v_booking.specialist_id
    LEFT JOIN @api@.profiles AS cp ON cp.organization_id = c.organization_id AND cp.user_id = c.user_id
    LEFT JOIN @api@.profiles AS sp ON sp.organization_id = s.organization_id AND sp.user_id = s.user_id
    CROSS JOIN LATERAL (
        SELECT CASE v_party WHEN 'client' THEN coalesce(cp.time_zone, c.time_zone, v_booking.time_zone)
                          ELSE coalesce(sp.time_zone, s.time_zone) END AS time_zone) AS z
    WHERE c.organization_id = v_booking.organization_id AND c.id = v_booking.client_id;
    RETURN v_mail || jsonb_build_object(
        'booking_id', v_booking.id,
        'attachments', jsonb_build_array(jsonb_build_object(
            'filename', 'session.ics',
            'content_type', 'text/calendar; charset=utf-8; method=' || v_method,
            'content', holdfast.ics(
                jsonb_build_array(
                    holdfast_private.booking_events(
                        v_booking.organization_id, ARRAY[v_booking.id], CASE v_party WHEN 'former' THEN 'specialist' ELSE v_party END) -> 0
                    || CASE v_party WHEN 'former' THEN jsonb_build_object(
                        'status', 'CANCELLED', 'starts_at', v_booking.start_time, 'ends_at', v_booking.end_time, 'url', NULL)
                        ELSE '{}' END
                    || holdfast_private.invited(v_booking, v_party)),
                v_method))));
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_mail(uuid, jsonb) IS
'What an e-mail about a booking needs, for one party (client, specialist, or the former specialist), as things are now: {"email","user_id","locale","variables","booking_id","attachments"}. Times are those of the reader''s zone.';
REVOKE ALL ON FUNCTION holdfast_private.booking_mail(uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.user_mail(organization_id uuid, about jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('email', p.email, 'user_id', p.user_id, 'locale', p.locale,
            'variables', coalesce(about -> 'variables', '{}') || jsonb_build_object('name', coalesce(p.display_name, p.email))
                || coalesce(to_jsonb(s), '{}'))
        FROM @api@.profiles AS p
        LEFT JOIN LATERAL (
            SELECT d.company, d.plan, d.on_date AS date
            FROM holdfast_private.subscriptions_turning(user_mail.organization_id, (about ->> 'subscription_id')::uuid) AS d
            WHERE about ? 'subscription_id') AS s ON true
        WHERE p.organization_id = user_mail.organization_id AND p.user_id = (about ->> 'user_id')::uuid);
END
$$;
COMMENT ON FUNCTION holdfast_private.user_mail(uuid, jsonb) IS
'What an e-mail to a user needs: {"email","user_id","locale","variables"}. about is {"user_id", "variables": what its templates may use besides name, "subscription_id": of whose company and plan they speak}; variables hold nothing personal.';
REVOKE ALL ON FUNCTION holdfast_private.user_mail(uuid, jsonb) FROM PUBLIC;
