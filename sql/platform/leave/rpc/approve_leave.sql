CREATE FUNCTION holdfast_private.approve_leave(
    organization_id uuid, leave_id uuid, decisions jsonb DEFAULT NULL, decision text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_leave @api@.specialist_vacation;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'approve_leave', v_key,
        jsonb_build_object('leave_id', leave_id, 'decisions', decisions, 'decision', decision));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_leave := holdfast_private.find_leave(organization_id, leave_id);
    IF NOT holdfast_private.may_approve_leave(organization_id, v_leave.specialist_id) THEN
        PERFORM holdfast.raise_error('forbidden');
    ELSIF v_leave.status <> 'requested' OR v_leave.ends_at <= holdfast.clock() THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_leave.status, 'to', 'approved'));
    END IF;
    v_response := holdfast_private.approve_leave_with(v_leave, decisions, decision);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'approve_leave', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.approve_leave(uuid, uuid, jsonb, text) IS
'Approves a leave that was asked for, and decides about every booking in it, all or nothing: {"leave", "cancelled": [booking ids], "reassigned": [{"booking_id", "specialist_id"}], "waitlisted": [{"booking_id", "waitlist_entry_id"}]}. decisions: [{"booking_id", "decision": "cancel", "reassign" or "waitlist", "specialist_id" (who takes it over at the same time; default whoever can)}]; decision for all others: cancel, reassign, waitlist, or refuse (the default, unless auto_cancel_bookings_during_vacation): then approval is refused while there are any. A cancelled booking says automatic_cancellation_reason specialist_leave; waitlist cancels as well, and the client waits for time with anyone of the pillar until 30 days after it; a reassigned one is pending where the new specialist does not accept automatically. The time is blocked in the calendar, so nothing can be booked into it. For admins, and the specialist where the rules ask for no approval. The header Idempotency-Key is honoured. Errors: leave_not_found, forbidden, invalid_transition, slot_conflict (affected_bookings that nobody decided about, a booking_id that nobody can take over, or somebody is booking there now), outside_availability, specialist_not_found, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.approve_leave(uuid, uuid, jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.approve_leave(uuid, uuid, jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');
