CREATE FUNCTION holdfast_private.sessions_hold(organization_id uuid, json)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_body jsonb;
    v_therapist_id uuid;
    v_hold jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_body := holdfast_private.json_body($2);
    v_therapist_id := holdfast_private.json_uuid(
        'therapist_id', holdfast_private.either_key(v_body, 'therapist_id', 'specialist_id'));
    IF v_therapist_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('therapist_id', 'is required');
    END IF;
    v_hold := holdfast_private.request_hold(
        organization_id,
        v_therapist_id,
        holdfast_private.json_uuid('client_id', v_body -> 'client_id'),
        holdfast_private.json_time('start_time', v_body -> 'start_time'),
        holdfast_private.json_time('end_time', v_body -> 'end_time'),
        holdfast_private.json_uuid('session_type_id', v_body -> 'session_type_id'),
        holdfast_private.json_int('hold_seconds', v_body -> 'hold_seconds'),
        holdfast_private.json_text('time_zone', v_body -> 'time_zone', 100),
        holdfast_private.json_int('start_time_offset_minutes', v_body -> 'start_time_offset_minutes'),
        holdfast_private.json_int('end_time_offset_minutes', v_body -> 'end_time_offset_minutes'),
        v_body -> 'occurrences',
        holdfast_private.json_uuid('session_id', v_body -> 'session_id'),
        holdfast_private.json_text('idempotency_key', v_body -> 'idempotency_key', 255));
    IF v_hold ? 'code' THEN
        RETURN v_hold; -- an error that had to be remembered
    END IF;
    RETURN jsonb_build_object(
        'holdKey', v_hold -> 'hold_key',
        'startTime', v_hold #> '{holds,0,start_time}',
        'endTime', v_hold #> '{holds,0,end_time}',
        'expiresAt', v_hold -> 'expires_at',
        'holds', (
            SELECT jsonb_agg(jsonb_build_object(
                'holdKey', h.hold -> 'hold_key',
                'startTime', h.hold -> 'start_time',
                'endTime', h.hold -> 'end_time',
                'expiresAt', h.hold -> 'expires_at') ORDER BY h.place)
            FROM jsonb_array_elements(v_hold -> 'holds') WITH ORDINALITY AS h (hold, place)));
END
$$;
COMMENT ON FUNCTION holdfast_private.sessions_hold(uuid, json) IS
'request_hold for clients of the edge function sessions-hold: the body is {"therapist_id", "client_id", "start_time", "end_time", "session_id", "hold_seconds", "time_zone", "start_time_offset_minutes", "end_time_offset_minutes", "occurrences"}, and also session_type_id and idempotency_key; the answer is {"holdKey", "startTime", "endTime", "expiresAt", "holds": [{"holdKey", "startTime", "endTime", "expiresAt"}]}. Times are ISO 8601 with an offset. Errors as request_hold.';
REVOKE ALL ON FUNCTION holdfast_private.sessions_hold(uuid, json) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sessions_hold(uuid, json)'::regprocedure, '@api@', '{authenticated,service_role}');
