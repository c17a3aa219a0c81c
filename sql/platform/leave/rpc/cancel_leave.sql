CREATE FUNCTION holdfast_private.cancel_leave(organization_id uuid, leave_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_leave @api@.specialist_vacation := holdfast_private.find_leave(organization_id, leave_id);
BEGIN
    IF v_leave.status NOT IN ('requested', 'approved') OR v_leave.ends_at <= holdfast.clock() THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_leave.status, 'to', 'cancelled'));
    END IF;
    UPDATE @api@.specialist_vacation AS v
    SET status = 'cancelled', decided_by = holdfast.uid(), decided_at = holdfast.clock()
    WHERE v.organization_id = cancel_leave.organization_id AND v.id = cancel_leave.leave_id
    RETURNING v.* INTO v_leave;
    PERFORM holdfast.unblock('holdfast_private.calendar', organization_id, v_leave.id);
    PERFORM holdfast_private.reblock_busy_times(
        holdfast_private.manage_availability(organization_id, v_leave.specialist_id),
        tstzmultirange(tstzrange(v_leave.starts_at, v_leave.ends_at)));
    RETURN jsonb_build_object('leave', to_jsonb(v_leave) - 'organization_id');
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_leave(uuid, uuid) IS
'Takes leave back that is not over, asked for or approved, and frees its time at once: {"leave"}. Bookings that it cancelled stay cancelled. Specialists their own, admins anybody''s. Errors: leave_not_found, invalid_transition, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.cancel_leave(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_leave(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
