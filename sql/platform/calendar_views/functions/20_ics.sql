-- Bookings as events of iCalendar.

CREATE FUNCTION holdfast_private.plain_words(value text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN regexp_replace(value, '[[:cntrl:]]+', ' ', 'g');
END
$$;
COMMENT ON FUNCTION holdfast_private.plain_words(text) IS 'A text on one line, without control characters.';
REVOKE ALL ON FUNCTION holdfast_private.plain_words(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.booking_events(organization_id uuid, bookings uuid[], party text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'uid', concat(b.id, '@', b.organization_id),
            'sequence', b.reschedule_count + (b.status = 'cancelled')::int,
            'starts_at', b.start_time,
            'ends_at', b.end_time,
            'status', CASE b.status WHEN 'cancelled' THEN 'CANCELLED' WHEN 'pending' THEN 'TENTATIVE' ELSE 'CONFIRMED' END,
            'summary', 'Session with ' || holdfast_private.plain_words(CASE party
                WHEN 'client' THEN s.display_name
                WHEN 'specialist' THEN c.display_name
                ELSE concat(s.display_name, ' and ', c.display_name) END),
            'url', holdfast_private.plain_words(b.meeting_link))) ORDER BY b.start_time, b.id), '[]')
        FROM @api@.bookings AS b
        JOIN @api@.specialists AS s ON s.organization_id = b.organization_id AND s.id = b.specialist_id
        JOIN @api@.clients AS c ON c.organization_id = b.organization_id AND c.id = b.client_id
        WHERE b.organization_id = booking_events.organization_id AND b.id = ANY (bookings));
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_events(uuid, uuid[], text) IS
'Bookings as holdfast.ics() takes them, for one of their parties: with whom, when, where; nothing clinical. The uid of a booking never changes, and its sequence grows with every move and with its cancellation.';
REVOKE ALL ON FUNCTION holdfast_private.booking_events(uuid, uuid[], text) FROM PUBLIC;
