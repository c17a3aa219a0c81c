CREATE FUNCTION holdfast_private.sessions_confirm(organization_id uuid, json)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_body jsonb;
    v_hold_key uuid;
    v_hold holdfast_private.booking_holds;
    v_occurrences jsonb := jsonb '[]';
    v_item jsonb;
    v_place bigint;
    v_path text;
    v_key uuid;
    v_confirmed jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_body := holdfast_private.json_body($2);
    v_hold_key := holdfast_private.json_uuid('hold_key', holdfast_private.either_key(v_body, 'hold_key', 'holdKey'));
    v_hold := holdfast_private.find_hold(organization_id, v_hold_key);
    PERFORM holdfast_private.check_session_times(v_hold, v_hold_key, v_body, '');
    FOR v_item, v_place IN
        SELECT o.item, o.place - 1
        FROM jsonb_array_elements(holdfast_private.json_list('occurrences', v_body -> 'occurrences', 366))
            WITH ORDINALITY AS o (item, place)
    LOOP
        v_path := format('occurrences[%s]', v_place);
        IF jsonb_typeof(v_item) <> 'object' THEN
            PERFORM holdfast_private.raise_invalid(v_path, 'must be an object');
        END IF;
        v_key := holdfast_private.json_uuid(
            v_path || '.hold_key', holdfast_private.either_key(v_item, 'hold_key', 'holdKey'));
        PERFORM holdfast_private.check_session_times(v_hold, v_key, v_item, v_path || '.');
        v_occurrences := v_occurrences || jsonb_build_object('hold_key', v_key, 'session', v_item -> 'session');
    END LOOP;
    v_confirmed := holdfast_private.confirm_booking(
        organization_id, v_hold_key, v_body -> 'session', v_occurrences,
        holdfast_private.json_text(
            'idempotency_key', holdfast_private.either_key(v_body, 'idempotency_key', 'idempotencyKey'), 255));
    RETURN jsonb_build_object(
        'session', holdfast_private.session_json(v_confirmed -> 'booking'),
        'sessions', (
            SELECT jsonb_agg(holdfast_private.session_json(b.booking) ORDER BY b.place)
            FROM jsonb_array_elements(v_confirmed -> 'bookings') WITH ORDINALITY AS b (booking, place)));
END
$$;
COMMENT ON FUNCTION holdfast_private.sessions_confirm(uuid, json) IS
'confirm_booking for clients of the edge function sessions-confirm: the body is {"hold_key", "session", "time_zone", "start_time_offset_minutes", "end_time_offset_minutes", "idempotency_key", "occurrences": [{"hold_key", "session", "time_zone", "start_time_offset_minutes", "end_time_offset_minutes"}]}, the keys but session also in camelCase; the answer is {"session", "sessions"}, bookings that also have therapist_id. Errors as confirm_booking.';
REVOKE ALL ON FUNCTION holdfast_private.sessions_confirm(uuid, json) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sessions_confirm(uuid, json)'::regprocedure, '@api@', '{authenticated,service_role}');
