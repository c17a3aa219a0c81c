CREATE FUNCTION holdfast_private.cancel_hold(organization_id uuid, hold_key uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_hold holdfast_private.booking_holds;
    v_released int := 0;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_hold := holdfast_private.find_hold(organization_id, hold_key, 'released');
    IF v_hold.outcome IS NULL THEN
        PERFORM holdfast.release('holdfast_private.calendar', organization_id, v_hold.batch_key);
        UPDATE holdfast_private.booking_holds bh
        SET outcome = 'released', ended_at = holdfast.clock()
        WHERE bh.organization_id = cancel_hold.organization_id AND bh.batch_key = v_hold.batch_key
            AND bh.expires_at > holdfast.clock();
        GET DIAGNOSTICS v_released = ROW_COUNT;
    END IF;
    RETURN jsonb_build_object('released', v_released);
END
$$;
COMMENT ON FUNCTION holdfast_private.cancel_hold(uuid, uuid) IS
'Gives up a hold and all that was held with it: {"released": n}, the number of occurrences; 0 when it had lapsed or was cancelled before. Errors: hold_not_found (unknown or not yours), invalid_transition (it is a booking by now: cancel_booking).';
REVOKE ALL ON FUNCTION holdfast_private.cancel_hold(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.cancel_hold(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
