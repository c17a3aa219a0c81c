CREATE FUNCTION holdfast_private.forget_ip(organization_id uuid, entry_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_entry jsonb;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    WITH allowed AS (
        DELETE FROM @api@.ip_allowlist AS l
        WHERE l.organization_id = forget_ip.organization_id AND l.id = forget_ip.entry_id
        RETURNING to_jsonb(l) AS entry),
    blocked AS (
        DELETE FROM @api@.ip_blocklist AS l
        WHERE l.organization_id = forget_ip.organization_id AND l.id = forget_ip.entry_id
        RETURNING to_jsonb(l) AS entry)
    SELECT e.entry INTO v_entry FROM (SELECT a.entry FROM allowed AS a UNION ALL SELECT b.entry FROM blocked AS b) AS e;
    IF v_entry IS NULL THEN
        PERFORM holdfast.raise_error('entry_not_found');
    END IF;
    PERFORM holdfast_private.security_event(organization_id, (v_entry ->> 'user_id')::uuid, 'ip_forgotten', v_entry, 'success');
    RETURN jsonb_build_object('entry', v_entry);
END
$$;
COMMENT ON FUNCTION holdfast_private.forget_ip(uuid, uuid) IS
'Takes an entry off ip_allowlist or ip_blocklist: {"entry"}. For admins. Errors: forbidden, entry_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.forget_ip(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.forget_ip(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
