CREATE FUNCTION holdfast_private.join_waitlist(
    organization_id uuid,
    client_id uuid,
    earliest timestamptz,
    latest timestamptz,
    specialist_id uuid DEFAULT NULL,
    pillar_id uuid DEFAULT NULL,
    session_type_id uuid DEFAULT NULL,
    duration_minutes int DEFAULT NULL,
    days_of_week int[] DEFAULT NULL,
    time_zone text DEFAULT NULL,
    priority int DEFAULT 0,
    idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 20;
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_party text;
    v_key text;
    v_response jsonb;
    v_search holdfast_private.slot_search;
    v_entry @api@.waitlist_entries;
BEGIN
    IF client_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('client_id', 'is required');
    END IF;
    v_party := holdfast_private.booking_party(organization_id, NULL, client_id);
    IF v_party IS NULL OR priority <> 0 AND v_party = 'client' THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'join_waitlist', v_key,
        jsonb_build_object(
            'client_id', client_id, 'earliest', earliest, 'latest', latest, 'specialist_id', specialist_id,
            'pillar_id', pillar_id, 'session_type_id', session_type_id, 'duration_minutes', duration_minutes,
            'days_of_week', days_of_week, 'time_zone', time_zone, 'priority', priority));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_search := holdfast_private.slot_search(
        organization_id, array_remove(ARRAY[specialist_id], NULL), pillar_id, session_type_id, NULL, NULL, client_id, time_zone,
        duration_minutes);
    IF cardinality(v_search.specialist_ids) = 0 THEN
        PERFORM holdfast.raise_error('specialist_not_found', NULL, 'No active specialist matches whom the client may book.');
    ELSIF earliest IS NULL OR NOT isfinite(earliest) THEN
        PERFORM holdfast_private.raise_invalid('earliest', 'must be a finite time');
    ELSIF latest IS NULL OR NOT isfinite(latest) OR latest > holdfast.clock() + interval '10 years' THEN
        PERFORM holdfast_private.raise_invalid('latest', 'must be at most 10 years ahead');
    ELSIF latest < greatest(earliest, holdfast.clock()) + v_search.duration THEN
        PERFORM holdfast_private.raise_invalid('latest', 'leaves no time for a session');
    ELSIF cardinality(days_of_week) NOT BETWEEN 1 AND 7 OR NOT days_of_week <@ '{0,1,2,3,4,5,6}' THEN
        PERFORM holdfast_private.raise_invalid('days_of_week', 'must be days from 0, Sunday, to 6, Saturday');
    ELSIF c_most <= (SELECT count(*) FROM @api@.waitlist_entries AS e
                     WHERE e.organization_id = join_waitlist.organization_id AND e.client_id = join_waitlist.client_id
                       AND e.status IN ('waiting', 'offered')) THEN
        PERFORM holdfast_private.raise_invalid('client_id', format('waits %s times already', c_most));
    END IF;
    INSERT INTO @api@.waitlist_entries AS e (
        organization_id, client_id, specialist_id, pillar_id, session_type_id, duration, earliest, latest, days_of_week,
        time_zone, priority)
    VALUES (organization_id, client_id, specialist_id,
        CASE WHEN specialist_id IS NULL THEN coalesce(pillar_id, (
            SELECT y.pillar_id FROM @api@.session_types AS y
            WHERE y.organization_id = join_waitlist.organization_id AND y.id = join_waitlist.session_type_id)) END,
        session_type_id, v_search.duration, earliest, latest, days_of_week, v_search.time_zone, coalesce(priority, 0))
    RETURNING e.* INTO v_entry;
    v_response := jsonb_build_object('waitlist_entry', to_jsonb(v_entry));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'join_waitlist', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.join_waitlist(uuid, uuid, timestamptz, timestamptz, uuid, uuid, uuid, int, int[], text, int, text) IS
'Waits for time between earliest and latest, with a specialist, or anyone of a pillar, or anyone: {"waitlist_entry"}. As long as duration_minutes or the session type says (60); days_of_week (0 = Sunday) are local days of time_zone. When time is freed, it is held for the next in line, who finds it in waitlist_offers. For clients themselves and who may manage bookings; only the latter set a priority. Errors: invalid_input, forbidden, client_not_found, specialist_not_found (nobody matches), session_type_not_found, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.join_waitlist(uuid, uuid, timestamptz, timestamptz, uuid, uuid, uuid, int, int[], text, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.join_waitlist(uuid, uuid, timestamptz, timestamptz, uuid, uuid, uuid, int, int[], text, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
