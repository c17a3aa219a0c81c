-- The bodies that edge functions took before: snake_case in, camelCase out, therapist for specialist. The work is that of
-- request_hold, confirm_booking and cancel_hold.

CREATE FUNCTION holdfast_private.either_key(body jsonb, VARIADIC keys text[])
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key text;
BEGIN
    FOREACH v_key IN ARRAY keys LOOP
        IF body -> v_key <> 'null' THEN
            RETURN body -> v_key;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.either_key(jsonb, text[]) IS 'The value of the first of these keys that is there and not null.';
REVOKE ALL ON FUNCTION holdfast_private.either_key(jsonb, text[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.session_json(booking jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN booking || jsonb_build_object('therapist_id', booking -> 'specialist_id');
END
$$;
COMMENT ON FUNCTION holdfast_private.session_json(jsonb) IS 'A booking under the words of a session: with therapist_id too.';
REVOKE ALL ON FUNCTION holdfast_private.session_json(jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_session_times(
    hold holdfast_private.booking_holds, hold_key uuid, body jsonb, path text)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_zone text := holdfast_private.json_text(
        path || 'time_zone', holdfast_private.either_key(body, 'time_zone', 'timeZone'), 100);
    v_start_offset int := holdfast_private.json_int(path || 'start_time_offset_minutes',
        holdfast_private.either_key(body, 'start_time_offset_minutes', 'startTimeOffsetMinutes'));
    v_end_offset int := holdfast_private.json_int(path || 'end_time_offset_minutes',
        holdfast_private.either_key(body, 'end_time_offset_minutes', 'endTimeOffsetMinutes'));
    v_hold holdfast_private.booking_holds;
BEGIN
    IF NOT holdfast.is_time_zone(v_zone) THEN
        PERFORM holdfast_private.raise_invalid(path || 'time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    END IF;
    SELECT bh.* INTO v_hold
    FROM holdfast_private.booking_holds bh
    WHERE bh.organization_id = hold.organization_id AND bh.batch_key = hold.batch_key
        AND bh.hold_key = check_session_times.hold_key;
    PERFORM holdfast_private.check_offset(path || 'start_time_offset_minutes', v_start_offset, v_hold.start_time, v_zone);
    PERFORM holdfast_private.check_offset(path || 'end_time_offset_minutes', v_end_offset, v_hold.end_time, v_zone);
END
$$;
COMMENT ON FUNCTION holdfast_private.check_session_times(holdfast_private.booking_holds, uuid, jsonb, text) IS
'Raises invalid_input where a body names a zone that does not exist, or offsets that the zone does not have at the time of that hold of the batch.';
REVOKE ALL ON FUNCTION holdfast_private.check_session_times(holdfast_private.booking_holds, uuid, jsonb, text) FROM PUBLIC;
