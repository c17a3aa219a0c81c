CREATE FUNCTION holdfast_private.request_hold_any(
    organization_id uuid,
    client_id uuid,
    start_time timestamptz,
    end_time timestamptz DEFAULT NULL,
    specialist_ids uuid[] DEFAULT NULL,
    pillar_id uuid DEFAULT NULL,
    language text DEFAULT NULL,
    specialty text DEFAULT NULL,
    session_type_id uuid DEFAULT NULL,
    strategy text DEFAULT 'round_robin',
    preferred_specialist_id uuid DEFAULT NULL,
    hold_seconds int DEFAULT 300,
    time_zone text DEFAULT NULL,
    idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text;
    v_response jsonb;
    v_search holdfast_private.slot_search;
    v_slot tstzrange;
    v_life interval;
    v_placed record;
    v_refusal jsonb;
BEGIN
    IF client_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('client_id', 'is required');
    ELSIF holdfast_private.booking_party(organization_id, NULL, client_id) IS NULL THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_hold_any', v_key,
        jsonb_build_object(
            'client_id', client_id, 'start_time', start_time, 'end_time', end_time, 'specialist_ids', specialist_ids,
            'pillar_id', pillar_id, 'language', language, 'specialty', specialty, 'session_type_id', session_type_id,
            'strategy', strategy, 'preferred_specialist_id', preferred_specialist_id, 'hold_seconds', hold_seconds,
            'time_zone', time_zone));
    IF v_response IS NOT NULL THEN
        RETURN CASE WHEN v_response ? 'refused' THEN holdfast_private.answer_refused(v_response)
            ELSE v_response || holdfast_private.replay_hold(organization_id, v_response) END;
    END IF;

    IF strategy IS NULL OR strategy NOT IN ('round_robin', 'least_loaded', 'weighted') THEN
        PERFORM holdfast_private.raise_invalid('strategy', 'must be round_robin, least_loaded or weighted');
    ELSIF cardinality(specialist_ids) > 1000 THEN
        PERFORM holdfast_private.raise_invalid('specialist_ids', 'must have at most 1000 elements');
    END IF;
    v_life := holdfast_private.hold_life(hold_seconds);
    PERFORM holdfast_private.active_client(organization_id, client_id);
    v_search := holdfast_private.slot_search(
        organization_id, array_remove(coalesce(specialist_ids, '{}'), NULL), pillar_id, session_type_id, language, specialty,
        client_id, time_zone, NULL);
    v_slot := holdfast_private.check_slot(
        start_time, end_time, holdfast_private.session_length(organization_id, session_type_id));
    IF cardinality(v_search.specialist_ids) = 0 THEN
        PERFORM holdfast.raise_error('specialist_not_found', NULL, 'No active specialist matches whom the client may book.');
    END IF;
    v_refusal := holdfast_private.why_not_entitled(organization_id, client_id, session_type_id, 1);
    IF v_refusal IS NOT NULL THEN
        v_response := holdfast_private.refuse_hold(organization_id, client_id,
            CASE WHEN cardinality(v_search.specialist_ids) = 1 THEN v_search.specialist_ids[1] END, session_type_id, v_slot,
            v_search.time_zone, v_refusal);
        PERFORM holdfast.finish_request(
            'holdfast_private.idempotency', organization_id, v_user, 'request_hold_any', v_key, v_response);
        RETURN holdfast_private.answer_refused(v_response);
    END IF;
    v_placed := holdfast_private.place_hold_any(
        organization_id, v_search.specialist_ids, client_id, v_slot, v_life, session_type_id, time_zone, strategy,
        preferred_specialist_id);
    v_response := holdfast_private.hold_json(organization_id, v_placed.batch_key)
        || jsonb_build_object('specialist_id', v_placed.chosen_id);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_hold_any', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.request_hold_any(uuid, uuid, timestamptz, timestamptz, uuid[], uuid, text, text, uuid, text, uuid, int, text, text) IS
'Holds time with any one specialist for a client: the answer of request_hold with "specialist_id". Of specialist_ids, or of all who match pillar_id, language and specialty (with session_type_id the type''s pillar and length), and whom the client may book. Chosen in fair order among those who are available and free, never one who is busy: round_robin by turns, least_loaded by the bookings and holds of the week, weighted by turns in proportion to specialist_weights; preferred_specialist_id first, if they match. Choices of one organization wait for each other. For clients themselves and who may manage bookings. Errors: slot_conflict (all who are available are taken; alternatives are the next times of any of them, with specialist_id), outside_availability (reasons of each, with specialist_id), specialist_not_found (nobody matches), those of request_hold that are the client''s, invalid_input, forbidden, client_not_found, session_type_not_found, hold_expired, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.request_hold_any(uuid, uuid, timestamptz, timestamptz, uuid[], uuid, text, text, uuid, text, uuid, int, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_hold_any(uuid, uuid, timestamptz, timestamptz, uuid[], uuid, text, text, uuid, text, uuid, int, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
