CREATE FUNCTION holdfast_private.reject_leave(organization_id uuid, leave_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_leave @api@.specialist_vacation := holdfast_private.find_leave(organization_id, leave_id);
BEGIN
    IF NOT holdfast_private.can('manage_specialists') THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'A specialist takes leave back: cancel_leave.');
    ELSIF v_leave.status <> 'requested' THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_leave.status, 'to', 'rejected'));
    END IF;
    UPDATE @api@.specialist_vacation AS v
    SET status = 'rejected', decided_by = holdfast.uid(), decided_at = holdfast.clock()
    WHERE v.organization_id = reject_leave.organization_id AND v.id = reject_leave.leave_id
    RETURNING v.* INTO v_leave;
    RETURN jsonb_build_object('leave', to_jsonb(v_leave) - 'organization_id');
END
$$;
COMMENT ON FUNCTION holdfast_private.reject_leave(uuid, uuid) IS
'An admin rejects a leave that was asked for: {"leave"}. Errors: leave_not_found, forbidden, invalid_transition, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.reject_leave(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reject_leave(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
