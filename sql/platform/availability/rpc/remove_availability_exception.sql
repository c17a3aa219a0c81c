CREATE FUNCTION holdfast_private.remove_availability_exception(organization_id uuid, exception_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_exception @api@.specialist_availability_exceptions;
    v_specialist @api@.specialists;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF exception_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('exception_id', 'is required');
    END IF;
    SELECT e.* INTO v_exception FROM @api@.specialist_availability_exceptions AS e
    WHERE e.organization_id = remove_availability_exception.organization_id
      AND e.id = remove_availability_exception.exception_id
      AND (holdfast_private.can('manage_specialists') OR e.specialist_id = holdfast_private.own_specialist_id());
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('exception_not_found');
    END IF;
    v_specialist := holdfast_private.manage_availability(organization_id, v_exception.specialist_id);
    DELETE FROM @api@.specialist_availability_exceptions AS e
    WHERE e.organization_id = remove_availability_exception.organization_id
      AND e.id = remove_availability_exception.exception_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('exception_not_found');
    END IF;
    RETURN jsonb_build_object('exception', to_jsonb(v_exception) - 'organization_id',
        'affected_bookings', holdfast_private.affected_bookings(v_specialist));
END
$$;
COMMENT ON FUNCTION holdfast_private.remove_availability_exception(uuid, uuid) IS
'Takes an exception back: {"exception", "affected_bookings"} as set_working_hours. Specialists their own, admins anybody''s. Errors: exception_not_found (unknown or not yours), invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.remove_availability_exception(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.remove_availability_exception(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
