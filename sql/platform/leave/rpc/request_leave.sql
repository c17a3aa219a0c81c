CREATE FUNCTION holdfast_private.request_leave(
    organization_id uuid,
    specialist_id uuid,
    starts_at timestamptz,
    ends_at timestamptz,
    kind text DEFAULT 'vacation',
    reason text DEFAULT NULL,
    time_zone text DEFAULT NULL,
    auto_cancel_bookings_during_vacation boolean DEFAULT false,
    decisions jsonb DEFAULT NULL,
    decision text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_specialist @api@.specialists;
    v_span tstzrange;
    v_leave @api@.specialist_vacation;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_leave', v_key, jsonb_build_object(
        'specialist_id', specialist_id, 'starts_at', starts_at, 'ends_at', ends_at, 'kind', kind, 'reason', reason,
        'time_zone', time_zone, 'auto_cancel', auto_cancel_bookings_during_vacation, 'decisions', decisions,
        'decision', decision));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_specialist := holdfast_private.manage_availability(organization_id, specialist_id);
    v_span := holdfast_private.check_leave_span(starts_at, ends_at);
    IF kind IS NULL OR kind NOT IN ('vacation', 'sick', 'training', 'other') THEN
        PERFORM holdfast_private.raise_invalid('kind', 'must be vacation, sick, training or other');
    ELSIF EXISTS (SELECT FROM @api@.specialist_vacation AS v
                  WHERE v.organization_id = request_leave.organization_id AND v.specialist_id = request_leave.specialist_id
                    AND v.status IN ('requested', 'approved')
                    AND v.starts_at < request_leave.ends_at AND v.ends_at > request_leave.starts_at)
    THEN
        PERFORM holdfast_private.raise_invalid('starts_at', 'overlaps other leave');
    END IF;
    PERFORM holdfast_private.read_leave_decisions(decisions, decision);
    INSERT INTO @api@.specialist_vacation AS v (
        organization_id, specialist_id, starts_at, ends_at, time_zone, kind, reason, auto_cancel_bookings_during_vacation,
        requested_by)
    VALUES (
        request_leave.organization_id, request_leave.specialist_id, request_leave.starts_at, request_leave.ends_at,
        holdfast_private.zone_for(v_specialist, request_leave.time_zone), request_leave.kind,
        holdfast_private.normal_text('reason', request_leave.reason, 2000),
        coalesce(request_leave.auto_cancel_bookings_during_vacation, false), holdfast.uid())
    RETURNING v.* INTO v_leave;
    IF holdfast_private.may_approve_leave(organization_id, specialist_id) THEN
        v_response := holdfast_private.approve_leave_with(v_leave, decisions, decision);
    ELSE
        v_response := jsonb_build_object('leave', to_jsonb(v_leave) - 'organization_id',
            'affected_bookings', holdfast_private.hit_bookings(organization_id, specialist_id, v_span, false));
    END IF;
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'request_leave', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.request_leave(uuid, uuid, timestamptz, timestamptz, text, text, text, boolean, jsonb, text) IS
'Asks for leave of a specialist, kind vacation, sick, training or other. Where booking_rules.leave_needs_approval and the caller is no admin it waits: {"leave", "affected_bookings"}. Otherwise it is approved at once, with decisions and decision as approve_leave takes them: {"leave", "cancelled", "reassigned", "waitlisted"}. auto_cancel_bookings_during_vacation: approving cancels what nobody decided about. Clients never see the reason. The header Idempotency-Key is honoured. Specialists ask for themselves, admins for anybody. Errors: slot_conflict (affected_bookings that nobody decided about, or somebody is booking there now; then nothing has changed), outside_availability (a reassignment), invalid_input (also overlapping leave), specialist_not_found, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.request_leave(uuid, uuid, timestamptz, timestamptz, text, text, text, boolean, jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_leave(uuid, uuid, timestamptz, timestamptz, text, text, text, boolean, jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');
