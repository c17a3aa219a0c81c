CREATE FUNCTION holdfast_private.mark_notifications_read(organization_id uuid, ids uuid[] DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_rows int;
BEGIN
    UPDATE @api@.notifications AS n SET read_at = holdfast.clock()
    WHERE n.organization_id = mark_notifications_read.organization_id AND n.user_id = v_user AND n.read_at IS NULL
        AND (ids IS NULL OR n.id = ANY (ids));
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN jsonb_build_object('read', v_rows);
END
$$;
COMMENT ON FUNCTION holdfast_private.mark_notifications_read(uuid, uuid[]) IS
'Marks the caller''s notifications as read, those named or all: {"read": how many were not before}. Errors: not_authenticated, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.mark_notifications_read(uuid, uuid[]) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.mark_notifications_read(uuid, uuid[])'::regprocedure, '@api@', '{authenticated,service_role}');
