CREATE FUNCTION holdfast_private.set_company_organization(
    organization_id uuid, company_id uuid, company_organization_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    PERFORM FROM @api@.companies AS c
    WHERE c.organization_id = set_company_organization.organization_id AND c.id = set_company_organization.company_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_not_found');
    ELSIF company_organization_id IS NULL THEN
        DELETE FROM @api@.company_organization_members AS m
        WHERE m.organization_id = set_company_organization.organization_id AND m.company_id = set_company_organization.company_id;
    ELSE
        INSERT INTO @api@.company_organization_members AS m (organization_id, company_id, company_organization_id, added_by)
        VALUES (set_company_organization.organization_id, set_company_organization.company_id,
                set_company_organization.company_organization_id, holdfast.uid())
        ON CONFLICT ON CONSTRAINT company_organization_members_pkey DO UPDATE
        SET company_organization_id = excluded.company_organization_id, added_by = excluded.added_by, added_at = excluded.added_at
        WHERE m.company_organization_id <> excluded.company_organization_id;
    END IF;
    RETURN jsonb_build_object('company_id', company_id, 'company_organization', (
        SELECT to_jsonb(g) FROM @api@.company_organizations AS g
        WHERE g.organization_id = set_company_organization.organization_id
          AND g.id = set_company_organization.company_organization_id));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.set_company_organization(uuid, uuid, uuid) IS
'Puts a company into a group, out of the one that it was in; null into none: {"company_id", "company_organization"}. For admins. Errors: forbidden, company_not_found, company_organization_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.set_company_organization(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_company_organization(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
