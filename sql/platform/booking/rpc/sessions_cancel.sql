CREATE FUNCTION holdfast_private.sessions_cancel(organization_id uuid, json)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_body jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_body := holdfast_private.json_body($2);
    RETURN holdfast_private.cancel_hold(
        organization_id,
        holdfast_private.json_uuid('hold_key', holdfast_private.either_key(v_body, 'hold_key', 'holdKey')));
END
$$;
COMMENT ON FUNCTION holdfast_private.sessions_cancel(uuid, json) IS
'cancel_hold for clients of the edge function sessions-cancel: the body is {"hold_key"} or {"holdKey"}, of any hold of the batch; the answer is {"released": n}. Errors as cancel_hold.';
REVOKE ALL ON FUNCTION holdfast_private.sessions_cancel(uuid, json) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sessions_cancel(uuid, json)'::regprocedure, '@api@', '{authenticated,service_role}');
