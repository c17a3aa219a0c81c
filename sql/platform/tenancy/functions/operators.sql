CREATE FUNCTION holdfast_private.require_operator(organization_id uuid)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT holdfast_private.can('manage_platform') THEN
        PERFORM holdfast_private.require_permission(organization_id, 'manage_organization');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_operator(uuid) IS
'Only who may manage the platform, or the organization, passes: they may know how the installation is. Everybody else is not_authenticated or forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.require_operator(uuid) FROM PUBLIC;
