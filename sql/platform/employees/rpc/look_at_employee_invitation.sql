CREATE FUNCTION holdfast_private.look_at_employee_invitation(token text)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_answer jsonb := holdfast_private.peek_token(token);
BEGIN
    IF v_answer ->> 'kind' <> 'employee_invitation' THEN
        PERFORM holdfast.raise_error('token_invalid');
    ELSIF v_answer ->> 'state' <> 'valid' THEN
        RETURN v_answer;
    END IF;
    RETURN coalesce((
        SELECT v_answer || jsonb_build_object('organization', o.name, 'company', c.name, 'display_name', e.display_name)
        FROM holdfast_private.find_secret(token, split_part(token, '_', 1)) AS f
        JOIN @api@.company_employee_invitations AS i ON i.organization_id = f.organization_id AND i.token_id = f.token_id
        JOIN @api@.company_employees AS e ON e.organization_id = i.organization_id AND e.id = i.employee_id
        JOIN @api@.companies AS c ON c.organization_id = i.organization_id AND c.id = i.company_id
        JOIN @api@.organizations AS o ON o.id = i.organization_id
        WHERE e.status = 'invited' AND e.user_id IS NULL AND e.email = i.email AND e.company_id = i.company_id),
        (v_answer - 'email') || '{"state": "expired"}');
END
$$;
COMMENT ON FUNCTION holdfast_private.look_at_employee_invitation(text) IS
'What the link of an employee''s invitation is worth, without using it, however often it is looked at: {"state": "valid" | "used" | "expired", "kind", "expires_at"}, and while it is valid "email", "organization", "company" and "display_name". Prefer POST, since addresses are logged. Error: token_invalid.';
REVOKE ALL ON FUNCTION holdfast_private.look_at_employee_invitation(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.look_at_employee_invitation(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
