CREATE FUNCTION holdfast_private.extend_hold(organization_id uuid, hold_key uuid, hold_seconds int)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_hold holdfast_private.booking_holds;
    v_life interval;
    v_expires_at timestamptz;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_hold := holdfast_private.find_hold(organization_id, hold_key, 'extended');
    IF hold_seconds IS NULL THEN
        PERFORM holdfast_private.raise_invalid('hold_seconds', 'is required');
    END IF;
    v_life := holdfast_private.hold_life(hold_seconds);
    v_expires_at := holdfast.extend('holdfast_private.calendar', organization_id, v_hold.batch_key, v_life);
    UPDATE holdfast_private.booking_holds bh
    SET expires_at = v_expires_at
    WHERE bh.organization_id = extend_hold.organization_id AND bh.batch_key = v_hold.batch_key;
    RETURN holdfast_private.hold_json(organization_id, v_hold.batch_key);
END
$$;
COMMENT ON FUNCTION holdfast_private.extend_hold(uuid, uuid, int) IS
'Lets a hold, and all that was held with it, live for hold_seconds from now, but never longer than the setting holdfast.max_hold_life from when it was made: the answer of request_hold with the new expires_at. Errors: hold_not_found, hold_expired, invalid_transition (it is a booking by now), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.extend_hold(uuid, uuid, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.extend_hold(uuid, uuid, int)'::regprocedure, '@api@', '{authenticated,service_role}');
