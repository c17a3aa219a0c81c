CREATE FUNCTION holdfast_private.list_encryption_keys(organization_id uuid)
RETURNS TABLE (
    id uuid, key_type text, key_version int, algorithm text, created_at timestamptz, rotated_at timestamptz,
    destroyed_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_all boolean := holdfast_private.can('manage_platform');
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT v_all THEN
        PERFORM holdfast_private.require_permission(organization_id, 'manage_organization');
    END IF;
    RETURN QUERY
        SELECT k.id, k.key_type, k.key_version, k.algorithm, k.created_at, k.rotated_at, k.destroyed_at
        FROM holdfast_private.keyring AS k
        WHERE v_all OR k.subject IS NULL
        ORDER BY k.key_type, k.key_version, k.id;
END
$$;
COMMENT ON FUNCTION holdfast_private.list_encryption_keys(uuid) IS
'What is known of the encryption keys, never the keys: [{"id", "key_type", "key_version", "algorithm", "created_at", "rotated_at", "destroyed_at"}]. Admins see the keys that serve everybody; who may manage the platform sees those of single persons too, without whose they are. The view encryption_keys shows the same, and nothing to others. Errors: not_authenticated, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.list_encryption_keys(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_encryption_keys(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
