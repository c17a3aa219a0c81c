CREATE FUNCTION holdfast_private.confirm_booking(
    organization_id uuid,
    hold_key uuid,
    session jsonb DEFAULT '{}',
    occurrences jsonb DEFAULT NULL,
    idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text;
    v_response jsonb;
BEGIN
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'confirm_booking', v_key,
        jsonb_build_object('hold_key', hold_key, 'session', session, 'occurrences', occurrences));
    IF v_response IS NOT NULL THEN
        RETURN v_response || jsonb_build_object('booking', v_response #> '{bookings,0}');
    END IF;

    v_response := holdfast_private.confirm_hold(
        holdfast_private.find_hold(organization_id, hold_key, 'confirmed'), session, occurrences);
    -- The first booking is kept once: twice, it would be long enough to be compressed, which costs more than all else of this row.
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'confirm_booking', v_key, v_response - 'booking');
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.confirm_booking(uuid, uuid, jsonb, jsonb, text) IS
'Makes bookings of a hold and of all that was held with it, or of nothing: {"booking", "bookings"}, the first one and all. A booking''s id is its hold_key. It is confirmed where the specialist accepts automatically or confirms it themselves, and pending until they accept otherwise; either way the time is taken. session sets notes, session_type_id, meeting_link and cpt; who and when are the hold''s, and naming others is invalid_input; status is ignored; every other key is kept in metadata. occurrences, [{"hold_key", "session"}], says more of single ones. A hold with session_id moves that booking instead, which keeps its id and history. The same idempotency_key (or header Idempotency-Key, and it may be the one of the hold) gives the same answer again; without one, confirming twice is invalid_transition. Errors: hold_not_found (unknown, cancelled, or not yours), hold_expired, invalid_transition, quota_exhausted, subscription_inactive, employment_inactive, approval_required, invalid_input, specialist_not_found, client_not_found, session_type_not_found, booking_not_found, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.confirm_booking(uuid, uuid, jsonb, jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.confirm_booking(uuid, uuid, jsonb, jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');
