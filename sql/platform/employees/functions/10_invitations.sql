-- Invitations. The employee's row waits with the status invited, and holds the seat; the token is of the kind
-- employee_invitation, of the mechanism of module accounts. Locks in this order: company, token, invitation, employee.

CREATE FUNCTION holdfast_private.find_employee(organization_id uuid, employee_id uuid)
RETURNS @api@.company_employees
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_employee @api@.company_employees;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT e.* INTO v_employee FROM @api@.company_employees AS e
    WHERE e.organization_id = find_employee.organization_id AND e.id = find_employee.employee_id;
    IF NOT FOUND OR NOT (holdfast_private.can('manage_companies')
                         OR holdfast_private.can('manage_employees')
                            AND v_employee.company_id = holdfast_private.own_company_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('employee_not_found');
    ELSIF v_employee.role = 'hr' AND NOT holdfast_private.can('manage_companies') THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin changes HR.');
    END IF;
    RETURN v_employee;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_employee(uuid, uuid) IS
'An employee that the caller may change: an admin any, HR those of their own company who are not HR. Errors: not_authenticated, forbidden, employee_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.find_employee(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.lock_company(organization_id uuid, company_id uuid)
RETURNS @api@.companies
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_company @api@.companies;
BEGIN
    SELECT c.* INTO v_company FROM @api@.companies AS c
    WHERE c.organization_id = lock_company.organization_id AND c.id = lock_company.company_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_not_found');
    ELSIF v_company.status <> 'active' THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The company is not active.');
    END IF;
    RETURN v_company;
END
$$;
COMMENT ON FUNCTION holdfast_private.lock_company(uuid, uuid) IS
'A company, locked: whoever invites or adds its employees is alone with its seats. Errors: company_not_found, forbidden (it is not active).';
REVOKE ALL ON FUNCTION holdfast_private.lock_company(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.close_invitations(organization_id uuid, employee_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_tokens uuid[];
BEGIN
    -- Joined to unnest() here and below: a list of thousands is not for = ANY.
    v_tokens := ARRAY(
        SELECT i.token_id FROM unnest(close_invitations.employee_ids) AS c (id)
        JOIN @api@.company_employee_invitations AS i
            ON i.organization_id = close_invitations.organization_id AND i.employee_id = c.id
        WHERE num_nonnulls(i.accepted_at, i.rejected_at, i.revoked_at, i.expired_at) = 0 AND i.token_id IS NOT NULL);
    -- The token first: whoever is just accepting has it, and is then seen to have accepted.
    PERFORM FROM @api@.account_tokens AS t
    JOIN unnest(v_tokens) AS c (id) ON c.id = t.id
    WHERE t.organization_id = close_invitations.organization_id
    ORDER BY t.id
    FOR NO KEY UPDATE OF t;
    UPDATE @api@.company_employee_invitations AS i SET revoked_at = v_now
    FROM unnest(close_invitations.employee_ids) AS c (id)
    WHERE i.organization_id = close_invitations.organization_id AND i.employee_id = c.id
      AND num_nonnulls(i.accepted_at, i.rejected_at, i.revoked_at, i.expired_at) = 0;
    UPDATE @api@.account_tokens AS t SET void_at = v_now
    FROM unnest(v_tokens) AS c (id)
    WHERE t.organization_id = close_invitations.organization_id AND t.id = c.id AND t.void_at IS NULL
      AND num_nonnulls(t.accepted_at, t.rejected_at) = 0;
END
$$;
COMMENT ON FUNCTION holdfast_private.close_invitations(uuid, uuid[]) IS
'Takes the open invitations of employees back: their links are void from now on.';
REVOKE ALL ON FUNCTION holdfast_private.close_invitations(uuid, uuid[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.send_invitations(company @api@.companies, employee_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.close_invitations(company.organization_id, employee_ids);
    PERFORM FROM @api@.company_employees AS e
    JOIN unnest(employee_ids) AS c (id) ON c.id = e.id
    WHERE e.organization_id = company.organization_id
    ORDER BY e.id
    FOR NO KEY UPDATE OF e;
    WITH invited AS (
        SELECT e.id, e.email, row_number() OVER (ORDER BY e.email) AS place,
               jsonb_build_object('variables', jsonb_build_object('name', e.display_name, 'company', company.name)) AS details
        FROM @api@.company_employees AS e
        JOIN unnest(employee_ids) AS c (id) ON c.id = e.id
        WHERE e.organization_id = company.organization_id AND e.user_id IS NULL),
    tokens AS (
        SELECT t.* FROM holdfast_private.add_tokens(company.organization_id, 'employee_invitation',
            ARRAY(SELECT i.email FROM invited AS i ORDER BY i.place), ARRAY(SELECT i.details FROM invited AS i ORDER BY i.place)) AS t)
    INSERT INTO @api@.company_employee_invitations
        (organization_id, company_id, employee_id, email, token_id, invited_by_user_id, created_at, expires_at)
    SELECT company.organization_id, company.id, i.id, i.email, t.id, t.requested_by, t.created_at, t.expires_at
    FROM tokens AS t JOIN invited AS i ON i.email = t.email
    ORDER BY i.place;
    -- Whoever had no seat takes one now.
    UPDATE @api@.company_employees AS e SET status = 'invited'
    FROM unnest(employee_ids) AS c (id)
    WHERE e.organization_id = company.organization_id AND e.id = c.id AND e.user_id IS NULL AND e.status <> 'invited';
END
$$;
COMMENT ON FUNCTION holdfast_private.send_invitations(@api@.companies, uuid[]) IS
'Invites employees of a company that is locked, who have an address and no account: their open invitations are taken back, the mail is planned, and they have a seat from now on. Error: seats_exhausted.';
REVOKE ALL ON FUNCTION holdfast_private.send_invitations(@api@.companies, uuid[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.invitation_json(organization_id uuid, employee_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('employee', to_jsonb(e), 'invitation', to_jsonb(i))
        FROM @api@.company_employees AS e
        LEFT JOIN LATERAL (
            SELECT i.* FROM @api@.company_employee_invitations AS i
            WHERE i.organization_id = e.organization_id AND i.employee_id = e.id
            ORDER BY i.id DESC LIMIT 1) AS i ON true
        WHERE e.organization_id = invitation_json.organization_id AND e.id = invitation_json.employee_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.invitation_json(uuid, uuid) IS
'An employee and their last invitation: {"employee", "invitation"}.';
REVOKE ALL ON FUNCTION holdfast_private.invitation_json(uuid, uuid) FROM PUBLIC;
