CREATE FUNCTION holdfast_private.revoke_employee_invitation(organization_id uuid, employee_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_employee @api@.company_employees;
BEGIN
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    PERFORM holdfast_private.close_invitations(organization_id, ARRAY[v_employee.id]);
    UPDATE @api@.company_employees AS e SET status = 'inactive'
    WHERE e.organization_id = revoke_employee_invitation.organization_id AND e.id = v_employee.id AND e.status = 'invited';
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', e.status, 'to', 'revoked'))
        FROM @api@.company_employees AS e
        WHERE e.organization_id = revoke_employee_invitation.organization_id AND e.id = v_employee.id;
    END IF;
    RETURN holdfast_private.invitation_json(organization_id, v_employee.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_employee_invitation(uuid, uuid) IS
'Takes the invitation of an employee back who has not answered: {"employee", "invitation"}. The link is void, the employee inactive, the seat free. For admins, and for the company''s own HR. Errors: employee_not_found, forbidden, invalid_transition (not invited).';
REVOKE ALL ON FUNCTION holdfast_private.revoke_employee_invitation(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_employee_invitation(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
