CREATE FUNCTION holdfast_private.archive_client(organization_id uuid, client_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_client @api@.clients;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_clients');
    UPDATE @api@.clients AS c
    SET status = 'inactive', deleted_at = now()
    WHERE c.organization_id = archive_client.organization_id AND c.id = archive_client.client_id AND c.deleted_at IS NULL
    RETURNING c.* INTO v_client;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('client_not_found');
    END IF;
    UPDATE @api@.client_assignments AS a
    SET ended_at = now()
    WHERE a.organization_id = archive_client.organization_id AND a.client_id = archive_client.client_id
      AND a.ended_at IS NULL;
    RETURN jsonb_build_object('client', to_jsonb(v_client) || '{"assigned_specialist_ids": []}');
END
$$;
COMMENT ON FUNCTION holdfast_private.archive_client(uuid, uuid) IS
'Archives a client: {"client"}. Nothing is deleted; the client can no longer be booked, sees nothing of their own any more, and their assignments end. For admins. Errors: forbidden, client_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.archive_client(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.archive_client(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
