CREATE FUNCTION holdfast_private.calendar_feed(token text)
RETURNS @api@."*/*"
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_feed holdfast_private.calendar_feeds := holdfast_private.find_feed(token);
    v_now timestamptz := holdfast.clock();
    v_bookings uuid[];
BEGIN
    SELECT coalesce(array_agg(b.id), '{}') INTO v_bookings
    FROM (
        SELECT b.id FROM @api@.bookings AS b
        WHERE b.organization_id = v_feed.organization_id
          AND CASE v_feed.scope WHEN 'client' THEN b.client_id ELSE b.specialist_id END = v_feed.owner_id
          AND b.start_time >= v_now - interval '30 days' AND b.start_time < v_now + interval '1 year'
          AND b.status <> 'cancelled'
        ORDER BY b.start_time
        LIMIT 5000) AS b;
    PERFORM set_config('response.headers',
        '[{"Content-Type": "text/calendar; charset=utf-8"}, {"Cache-Control": "private, no-store"}]', true);
    RETURN holdfast.ics(
        holdfast_private.booking_events(v_feed.organization_id, v_bookings, v_feed.scope), 'PUBLISH',
        (SELECT holdfast_private.plain_words(o.name) FROM @api@.organizations AS o WHERE o.id = v_feed.organization_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.calendar_feed(text) IS
'The calendar that a secret address opens, as text/calendar: GET /rpc/calendar_feed?token=…, by anybody who has the token, signed in or not. The bookings of its owner of the last 30 days and the coming year that are not cancelled; with whom and when, nothing clinical. Errors: token_invalid (unknown, revoked, or its owner is no longer active).';
REVOKE ALL ON FUNCTION holdfast_private.calendar_feed(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.calendar_feed(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
