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

CREATE FUNCTION holdfast_private.invited(booking @api@.bookings, party text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'organizer', jsonb_strip_nulls(jsonb_build_object('name', holdfast_private.plain_words(s.display_name),
                'email', CASE WHEN party <> 'client' THEN p.email END)),
            'attendees', CASE WHEN c.email IS NULL THEN jsonb '[]' ELSE jsonb_build_array(jsonb_build_object(
                'name', holdfast_private.plain_words(c.display_name), 'email', c.email)) END)
        FROM @api@.specialists AS s
        JOIN @api@.clients AS c ON c.organization_id = booking.organization_id AND c.id = booking.client_id
        LEFT JOIN @api@.profiles AS p ON p.organization_id = s.organization_id AND p.user_id = s.user_id
        WHERE s.organization_id = booking.organization_id AND s.id = booking.specialist_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.invited(@api@.bookings, text) IS
'Who invites to a booking and who is invited, as holdfast.ics() takes them: the specialist, whose address their clients are not told, and the client, if they have an address.';
REVOKE ALL ON FUNCTION holdfast_private.invited(@api@.bookings, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.bounded_rule(rule text, until timestamptz)
RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(p.part, ';' ORDER BY p.place) || to_char(until AT TIME ZONE 'UTC', '";UNTIL="YYYYMMDD"T"HH24MISS"Z"')
    FROM string_to_table(regexp_replace(rule, '^RRULE:', '', 'i'), ';') WITH ORDINALITY AS p (part, place)
    WHERE p.part !~* '^(COUNT|UNTIL)=';
END;
COMMENT ON FUNCTION holdfast_private.bounded_rule(text, timestamptz) IS 'A recurrence rule that ends with an occurrence.';
REVOKE ALL ON FUNCTION holdfast_private.bounded_rule(text, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.series_changes(series @api@.recurring_bookings)
RETURNS int
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- With those that went on under another rule, so that it never falls when they leave.
    WITH RECURSIVE family AS (
        SELECT series.id AS id, series.sequence AS changes
        UNION ALL
        SELECT r.id, r.sequence + 1
        FROM family AS f
        JOIN @api@.recurring_bookings AS r ON r.organization_id = series.organization_id AND r.continues_id = f.id)
    SELECT (SELECT sum(f.changes) FROM family AS f)::int + coalesce(sum(b.reschedule_count + (b.status = 'cancelled')::int), 0)::int
    FROM family AS f
    JOIN @api@.recurring_booking_occurrences AS o ON o.organization_id = series.organization_id AND o.recurring_booking_id = f.id
    JOIN @api@.bookings AS b ON b.organization_id = o.organization_id AND b.id = o.booking_id;
END;
COMMENT ON FUNCTION holdfast_private.series_changes(@api@.recurring_bookings) IS
'How often a series and its bookings have changed: the SEQUENCE of its file.';
REVOKE ALL ON FUNCTION holdfast_private.series_changes(@api@.recurring_bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.series_events(series @api@.recurring_bookings, party text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 1000;
    v_booked timestamptz[];
    v_live timestamptz[];
    v_rule text;
    v_starts timestamptz[];
    v_again timestamptz[];
    v_events jsonb;
    v_model jsonb;
    v_uid jsonb;
BEGIN
    -- The events of its live bookings, each with the start that the rule gave it.
    SELECT jsonb_agg(e.event || jsonb_build_object('recurrence_id', o.original_start, 'time_zone', series.time_zone)
               ORDER BY o.original_start),
        array_agg(o.original_start ORDER BY o.original_start)
    INTO v_events, v_live
    FROM @api@.recurring_booking_occurrences AS o
    JOIN @api@.bookings AS b ON b.organization_id = o.organization_id AND b.id = o.booking_id AND b.status <> 'cancelled'
    CROSS JOIN LATERAL (
        SELECT holdfast_private.booking_events(b.organization_id, ARRAY[b.id], party) -> 0 AS event) AS e
    WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id;
    SELECT array_agg(o.original_start ORDER BY o.original_start) INTO v_booked
    FROM @api@.recurring_booking_occurrences AS o
    WHERE o.organization_id = series.organization_id AND o.recurring_booking_id = series.id;
    IF v_live IS NULL THEN
        RETURN NULL;
    END IF;
    v_rule := holdfast_private.bounded_rule(series.rule, v_booked[cardinality(v_booked)]);
    v_starts := ARRAY(SELECT lower(o.slot) FROM holdfast.expand_rrule(
        v_rule, series.starts_local, series.time_zone, series.duration, c_most) AS o (slot));
    IF cardinality(v_starts) = 0 OR cardinality(v_starts) >= c_most OR NOT v_booked <@ v_starts THEN
        RETURN NULL; -- bookings that moved together went on under the words of the old rule
    END IF;
    -- Calendars take DTSTART for an occurrence, so it is the first one, if the rule goes on from there in the same way.
    v_again := ARRAY(SELECT lower(o.slot) FROM holdfast.expand_rrule(
        v_rule, v_starts[1] AT TIME ZONE series.time_zone, series.time_zone, series.duration, c_most) AS o (slot));
    IF v_again <> v_starts THEN
        RETURN NULL;
    END IF;
    v_uid := jsonb_build_object('uid', concat(series.id, '@', series.organization_id),
        'sequence', holdfast_private.series_changes(series));
    v_model := (v_events -> 0) - 'recurrence_id' || v_uid || jsonb_build_object(
        'starts_at', v_starts[1], 'ends_at', v_starts[1] + series.duration, 'rrule', v_rule,
        'exdates', (SELECT coalesce(jsonb_agg(s.start ORDER BY s.start), '[]')
                    FROM unnest(v_starts) AS s (start) WHERE s.start <> ALL (v_live)));
    RETURN jsonb_build_array(v_model) || (
        SELECT coalesce(jsonb_agg(e.event || v_uid ORDER BY e.place), '[]')
        FROM jsonb_array_elements(v_events) WITH ORDINALITY AS e (event, place)
        WHERE (e.event ->> 'starts_at')::timestamptz <> (e.event ->> 'recurrence_id')::timestamptz
           OR (e.event ->> 'ends_at')::timestamptz - (e.event ->> 'starts_at')::timestamptz <> series.duration
           OR e.event - '{uid,sequence,starts_at,ends_at,recurrence_id}'::text[]
              <> v_model - '{uid,sequence,starts_at,ends_at,rrule,exdates}'::text[]);
END
$$;
COMMENT ON FUNCTION holdfast_private.series_events(@api@.recurring_bookings, text) IS
'A series as holdfast.ics() takes it: one event with its rule, EXDATEs for what is not booked or cancelled, and an event with a RECURRENCE-ID for each booking that is otherwise than the rule says. Null where the rule does not say when its bookings were, or none is on.';
REVOKE ALL ON FUNCTION holdfast_private.series_events(@api@.recurring_bookings, text) FROM PUBLIC;
