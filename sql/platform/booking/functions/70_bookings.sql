-- The states of a booking, its JSON, and what a session object may say about it.

CREATE FUNCTION holdfast_private.check_transition(from_status text, to_status text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (from_status, to_status) NOT IN (
        ('new', 'pending'),
        ('new', 'confirmed'),
        ('pending', 'confirmed'),
        ('pending', 'cancelled'),
        ('confirmed', 'completed'),
        ('confirmed', 'cancelled'),
        ('confirmed', 'no_show'))
    THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', from_status, 'to', to_status));
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_transition(text, text) IS
'The state machine of bookings: raises invalid_transition unless it has this step; "new" is the state before the first. In addition, moving a confirmed booking may make it pending again.';
REVOKE ALL ON FUNCTION holdfast_private.check_transition(text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.booking_json(booking @api@.bookings)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN to_jsonb(booking) || jsonb_build_object('hold_key', booking.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_json(@api@.bookings) IS
'A booking as the RPCs return it: every column of bookings under its name, times in UTC, and hold_key, which is its id.';
REVOKE ALL ON FUNCTION holdfast_private.booking_json(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_session(organization_id uuid, session jsonb, path text)
RETURNS @api@.bookings
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_ours CONSTANT text[] := '{organization_id, id, hold_key, series_key, specialist_id, therapist_id, client_id, company_id,
        status, start_time, end_time, time_zone, created_at, created_by, updated_at, updated_by,
        notes, session_type_id, meeting_link, cpt, metadata}'::text[];
    v_fields @api@.bookings;
BEGIN
    v_fields.metadata := '{}';
    IF session IS NULL OR session = '{}' THEN
        RETURN v_fields;
    END IF;
    session := coalesce(holdfast_private.json_object(path, session), '{}');
    v_fields.notes := holdfast_private.json_text(path || '.notes', session -> 'notes', 10000);
    v_fields.meeting_link := holdfast_private.json_text(path || '.meeting_link', session -> 'meeting_link', 2048);
    IF v_fields.meeting_link !~* '^https?://[^[:space:]]+$' THEN
        PERFORM holdfast_private.raise_invalid(path || '.meeting_link', 'must be a URL that begins with https:// or http://');
    END IF;
    v_fields.cpt := holdfast_private.json_object(path || '.cpt', session -> 'cpt');
    v_fields.session_type_id := holdfast_private.json_uuid(path || '.session_type_id', session -> 'session_type_id');
    IF v_fields.session_type_id IS NOT NULL THEN
        PERFORM holdfast_private.session_length(organization_id, v_fields.session_type_id);
    END IF;
    v_fields.metadata := (session - c_ours)
        || coalesce(holdfast_private.json_object(path || '.metadata', session -> 'metadata'), '{}');
    RETURN v_fields;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_session(uuid, jsonb, text) IS
'What a session object sets of a booking: notes, session_type_id, meeting_link and cpt; metadata and all keys it does not know go to metadata; who, when and status are the hold''s and ignored here. Raises invalid_input with the path of the field.';
REVOKE ALL ON FUNCTION holdfast_private.check_session(uuid, jsonb, text) FROM PUBLIC;
