CREATE FUNCTION holdfast_private.resend_employee_invitation(organization_id uuid, employee_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT int := 5;
    c_window CONSTANT interval := interval '1 hour';
    v_employee @api@.company_employees;
    v_company @api@.companies;
    v_recent int;
    v_oldest timestamptz;
BEGIN
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    v_company := holdfast_private.lock_company(organization_id, v_employee.company_id);
    PERFORM holdfast_private.close_invitations(organization_id, ARRAY[v_employee.id]);
    -- Again: whoever had the company or the link before may have changed them.
    v_employee := holdfast_private.find_employee(organization_id, employee_id);
    IF v_employee.company_id <> v_company.id THEN
        PERFORM holdfast.raise_error('employee_not_found');
    ELSIF v_employee.user_id IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_employee.status, 'to', 'invited'),
            'They have an account already.');
    ELSIF v_employee.email IS NULL THEN
        PERFORM holdfast_private.raise_invalid('email', 'is required');
    END IF;
    SELECT count(*), min(t.created_at) INTO v_recent, v_oldest
    FROM @api@.account_tokens AS t
    WHERE t.organization_id = v_employee.organization_id AND t.kind = 'employee_invitation' AND t.email = v_employee.email
      AND t.created_at > holdfast.clock() - c_window;
    IF v_recent >= c_most THEN
        PERFORM holdfast.raise_error('rate_limited', jsonb_build_object('retry_after_seconds',
            greatest(1, ceil(extract(epoch FROM v_oldest + c_window - holdfast.clock()))::int)));
    END IF;
    PERFORM holdfast_private.send_invitations(v_company, ARRAY[v_employee.id]);
    RETURN holdfast_private.invitation_json(organization_id, v_employee.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.resend_employee_invitation(uuid, uuid) IS
'Mails an employee who has no account yet a new link, for the first time or again, also when the last one was declined or ran out: {"employee", "invitation"}. The link before is void. At most 5 an hour for one address. For admins, and for the company''s own HR. Errors: employee_not_found, forbidden, invalid_transition (has an account), invalid_input (has no address), seats_exhausted, rate_limited, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.resend_employee_invitation(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.resend_employee_invitation(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
