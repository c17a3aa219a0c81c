CREATE FUNCTION holdfast_private.block_ip(
    organization_id uuid, ip_address text, user_id uuid DEFAULT NULL, description text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_actor uuid := holdfast_private.require_permission(organization_id, 'manage_members');
    v_row @api@.ip_blocklist;
    v_constraint text;
    v_column text;
BEGIN
    INSERT INTO @api@.ip_blocklist AS l (organization_id, user_id, ip_address, description, created_by)
    VALUES (block_ip.organization_id, block_ip.user_id, holdfast_private.read_address('ip_address', block_ip.ip_address),
            holdfast_private.normal_text('description', block_ip.description), v_actor)
    RETURNING l.* INTO v_row;
    PERFORM holdfast_private.security_event(organization_id, user_id, 'ip_blocked', to_jsonb(v_row), 'success');
    RETURN jsonb_build_object('entry', to_jsonb(v_row));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.block_ip(uuid, text, uuid, text) IS
'Puts an address or network on ip_blocklist, for one user or (null) everybody: {"entry"}. It counts at sign-in and whenever a login session is refreshed or an API key exchanged. For admins. Errors: forbidden, user_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.block_ip(uuid, text, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.block_ip(uuid, text, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
