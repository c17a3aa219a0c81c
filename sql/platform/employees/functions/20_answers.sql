-- What becomes of an invitation: it is accepted, declined, or runs out.

CREATE FUNCTION holdfast_private.become_client(employee @api@.company_employees)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.add_member(employee.organization_id, employee.user_id, 'client', employee.email,
        employee.display_name, 'employee_invitation');
    -- Whoever is treated already stays who they are, and is the company's from now on. One that was archived stays so.
    INSERT INTO @api@.clients AS c (organization_id, user_id, display_name, email, company_id, employee_id, created_by)
    VALUES (employee.organization_id, employee.user_id, employee.display_name, employee.email, employee.company_id, employee.id,
            employee.user_id)
    ON CONFLICT ON CONSTRAINT clients_organization_id_user_id_key DO UPDATE
    SET company_id = excluded.company_id, employee_id = excluded.employee_id
    WHERE c.deleted_at IS NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.become_client(@api@.company_employees) IS
'Lets an employee book: they have a profile, the role client, and a row of clients for which the company stands.';
REVOKE ALL ON FUNCTION holdfast_private.become_client(@api@.company_employees) FROM PUBLIC;

CREATE FUNCTION holdfast_private.join_by_employee_invitation(organization_id uuid, token_id uuid, user_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_invitation @api@.company_employee_invitations;
    v_employee @api@.company_employees;
BEGIN
    SELECT i.* INTO v_invitation FROM @api@.company_employee_invitations AS i
    WHERE i.organization_id = join_by_employee_invitation.organization_id AND i.token_id = join_by_employee_invitation.token_id
    FOR NO KEY UPDATE;
    SELECT e.* INTO v_employee FROM @api@.company_employees AS e
    WHERE e.organization_id = v_invitation.organization_id AND e.id = v_invitation.employee_id
    FOR NO KEY UPDATE;
    -- What was changed since by another way than an invitation's: the link says something else than the row.
    IF v_employee.status IS DISTINCT FROM 'invited' OR v_employee.user_id IS NOT NULL
       OR (v_employee.email, v_employee.company_id) IS DISTINCT FROM (v_invitation.email, v_invitation.company_id)
    THEN
        PERFORM holdfast.raise_error('token_expired');
    ELSIF NOT EXISTS (SELECT FROM @api@.companies AS c
                      WHERE c.organization_id = v_employee.organization_id AND c.id = v_employee.company_id AND c.status = 'active')
    THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The company is not active.');
    END IF;
    -- One company at a time. A former one, which let them go, lets go of the account too.
    UPDATE @api@.company_employees AS e SET user_id = NULL
    WHERE e.organization_id = v_employee.organization_id AND e.user_id = join_by_employee_invitation.user_id
      AND e.status = 'inactive';
    IF EXISTS (SELECT FROM @api@.company_employees AS e
               WHERE e.organization_id = v_employee.organization_id AND e.user_id = join_by_employee_invitation.user_id)
    THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'You are an employee already. The company that you work for has to end that first.');
    END IF;
    UPDATE @api@.company_employee_invitations AS i
    SET accepted_at = holdfast.clock(), user_id = join_by_employee_invitation.user_id
    WHERE i.organization_id = v_invitation.organization_id AND i.id = v_invitation.id;
    UPDATE @api@.company_employees AS e SET status = 'active', user_id = join_by_employee_invitation.user_id
    WHERE e.organization_id = v_employee.organization_id AND e.id = v_employee.id
    RETURNING e.* INTO v_employee;
    PERFORM holdfast_private.become_client(v_employee);
END
$$;
COMMENT ON FUNCTION holdfast_private.join_by_employee_invitation(uuid, uuid, uuid) IS
'What accepting an employee''s invitation gives: their row becomes active and theirs, and they can book. Errors: token_expired (it was taken back, or the employee changed), forbidden (an employee already, or the company is not active).';
REVOKE ALL ON FUNCTION holdfast_private.join_by_employee_invitation(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.follow_invitation_token()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_invitation @api@.company_employee_invitations;
BEGIN
    UPDATE @api@.company_employee_invitations AS i
    SET sent_at = NEW.issued_at, expires_at = NEW.expires_at, rejected_at = NEW.rejected_at
    WHERE i.organization_id = NEW.organization_id AND i.token_id = NEW.id
      AND num_nonnulls(i.accepted_at, i.rejected_at, i.revoked_at, i.expired_at) = 0
    RETURNING i.* INTO v_invitation;
    IF v_invitation.rejected_at IS NOT NULL THEN
        PERFORM holdfast_private.end_invited(v_invitation);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.follow_invitation_token() IS
'Trigger of account_tokens: an invitation knows when its link was sent, until when it is good, and that it was declined.';
REVOKE ALL ON FUNCTION holdfast_private.follow_invitation_token() FROM PUBLIC;

CREATE FUNCTION holdfast_private.end_invited(invitation @api@.company_employee_invitations)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE @api@.company_employees AS e SET status = 'inactive'
    WHERE e.organization_id = invitation.organization_id AND e.id = invitation.employee_id
      AND e.company_id = invitation.company_id AND e.status = 'invited';
END
$$;
COMMENT ON FUNCTION holdfast_private.end_invited(@api@.company_employee_invitations) IS
'Whoever did not accept has no seat any more.';
REVOKE ALL ON FUNCTION holdfast_private.end_invited(@api@.company_employee_invitations) FROM PUBLIC;
