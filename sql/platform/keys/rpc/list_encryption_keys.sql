CREATE FUNCTION holdfast_private.list_encryption_keys(organization_id uuid)
RETURNS TABLE (
    id uuid, key_type text, key_version int, algorithm text, created_at timestamptz, rotated_at timestamptz,
    destroyed_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_all boolean := holdfast_private.can('manage_platform');
    v_shared boolean := v_all
        OR organization_id = holdfast.org_id() AND holdfast_private.can('manage_organization');
BEGIN
    RETURN QUERY
        SELECT k.id, k.key_type, k.key_version, k.algorithm, k.created_at, k.rotated_at, k.destroyed_at
        FROM holdfast_private.keyring AS k
        WHERE v_all OR v_shared AND k.subject IS NULL
        ORDER BY k.key_type, k.key_version, k.id;
END
$$;
COMMENT ON FUNCTION holdfast_private.list_encryption_keys(uuid) IS
'What is known of the encryption keys, never the keys: [{"id", "key_type", "key_version", "algorithm", "created_at", "rotated_at", "destroyed_at"}]. Admins see the keys that serve everybody; who may manage the platform sees those of single persons too, without whose they are; others see none. The view encryption_keys is the same.';
REVOKE ALL ON FUNCTION holdfast_private.list_encryption_keys(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_encryption_keys(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
