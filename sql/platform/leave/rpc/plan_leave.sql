CREATE FUNCTION holdfast_private.plan_leave(
    organization_id uuid, specialist_id uuid, starts_at timestamptz, ends_at timestamptz)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_specialist @api@.specialists := holdfast_private.manage_availability(organization_id, specialist_id);
    v_span tstzrange := holdfast_private.check_leave_span(starts_at, ends_at);
BEGIN
    RETURN jsonb_build_object(
        'needs_approval', NOT holdfast_private.may_approve_leave(organization_id, v_specialist.id),
        'affected_bookings', holdfast_private.hit_bookings(organization_id, v_specialist.id, v_span, true));
END
$$;
COMMENT ON FUNCTION holdfast_private.plan_leave(uuid, uuid, timestamptz, timestamptz) IS
'What a leave from starts_at until ends_at would hit; nothing is changed: {"needs_approval", "affected_bookings": [{"booking_id", "client_id", "status", "start_time", "end_time", "substitutes": [ids of specialists who could take it over]}]}. Specialists ask for themselves, admins for anybody. Errors: invalid_input, specialist_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.plan_leave(uuid, uuid, timestamptz, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.plan_leave(uuid, uuid, timestamptz, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
