CREATE FUNCTION holdfast_private.unassign_client(organization_id uuid, client_id uuid, specialist_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_clients');
    UPDATE @api@.client_assignments AS a
    SET ended_at = now()
    WHERE a.organization_id = unassign_client.organization_id AND a.client_id = unassign_client.client_id
      AND a.specialist_id = unassign_client.specialist_id AND a.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('assignment_not_found');
    END IF;
    RETURN holdfast_private.assignments_json(organization_id, client_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.unassign_client(uuid, uuid, uuid) IS
'Ends the assignment of a specialist to a client, who is no longer visible to them: {"client_id","specialist_ids":[…]}, what is left. For admins. Errors: forbidden, assignment_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.unassign_client(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.unassign_client(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
