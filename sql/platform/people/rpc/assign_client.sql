CREATE FUNCTION holdfast_private.assign_client(organization_id uuid, client_id uuid, specialist_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_clients');
    IF client_id IS NULL OR specialist_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid(CASE WHEN client_id IS NULL THEN 'client_id' ELSE 'specialist_id' END,
            'is required');
    END IF;
    INSERT INTO @api@.client_assignments AS a (organization_id, client_id, specialist_id, assigned_by)
    VALUES (assign_client.organization_id, assign_client.client_id, assign_client.specialist_id, holdfast.actor_id())
    ON CONFLICT DO NOTHING;
    RETURN holdfast_private.assignments_json(organization_id, client_id);
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.assign_client(uuid, uuid, uuid) IS
'Assigns a specialist to a client, who may then see the client: {"client_id","specialist_ids":[…]}, all that are assigned now. May be repeated. For admins. Errors: forbidden, client_not_found, specialist_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.assign_client(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.assign_client(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
