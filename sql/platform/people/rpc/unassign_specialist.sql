CREATE FUNCTION holdfast_private.unassign_specialist(organization_id uuid, specialist_id uuid, company_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_companies');
    DELETE FROM @api@.specialist_assignments AS a
    WHERE a.organization_id = unassign_specialist.organization_id AND a.company_id = unassign_specialist.company_id
      AND a.specialist_id = unassign_specialist.specialist_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('assignment_not_found');
    END IF;
    RETURN jsonb_build_object('company_id', company_id, 'specialist_ids', (
        SELECT coalesce(jsonb_agg(a.specialist_id ORDER BY a.specialist_id), '[]') FROM @api@.specialist_assignments AS a
        WHERE a.organization_id = unassign_specialist.organization_id AND a.company_id = unassign_specialist.company_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.unassign_specialist(uuid, uuid, uuid) IS
'Takes a specialist away from a company: {"company_id","specialist_ids":[…]}, what is left; a company with none may book all. For admins. Errors: forbidden, assignment_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.unassign_specialist(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.unassign_specialist(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
