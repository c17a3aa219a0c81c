CREATE FUNCTION holdfast_private.remove_company_organization(organization_id uuid, company_organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    -- Locked, so that no company joins it meanwhile.
    PERFORM FROM @api@.company_organizations AS g
    WHERE g.organization_id = remove_company_organization.organization_id
      AND g.id = remove_company_organization.company_organization_id
    FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_organization_not_found');
    END IF;
    DELETE FROM @api@.company_organization_members AS m
    WHERE m.organization_id = remove_company_organization.organization_id
      AND m.company_organization_id = remove_company_organization.company_organization_id;
    DELETE FROM @api@.company_organizations AS g
    WHERE g.organization_id = remove_company_organization.organization_id
      AND g.id = remove_company_organization.company_organization_id;
    RETURN jsonb_build_object('removed', company_organization_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.remove_company_organization(uuid, uuid) IS
'Removes a group; its companies stay: {"removed"}. For admins. Errors: forbidden, company_organization_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.remove_company_organization(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.remove_company_organization(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
