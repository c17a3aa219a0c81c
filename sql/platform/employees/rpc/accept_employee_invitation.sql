CREATE FUNCTION holdfast_private.accept_employee_invitation(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast.uid();
    v_answer jsonb;
BEGIN
    IF holdfast_private.token_kind_of(token) IS DISTINCT FROM 'employee_invitation' THEN
        RETURN holdfast_private.refuse_token('invalid');
    ELSIF v_user IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated', NULL, 'Sign in first, or sign up with the invitation.');
    END IF;
    v_answer := holdfast_private.accept_token('employee_invitation', token, v_user, holdfast.claim('email'));
    IF NOT v_answer ? 'organization_id' THEN
        RETURN v_answer;
    END IF;
    RETURN v_answer || (
        SELECT jsonb_build_object('employee', to_jsonb(e), 'company', jsonb_build_object('id', c.id, 'name', c.name), 'client_id', (
            SELECT cl.id FROM @api@.clients AS cl
            WHERE cl.organization_id = e.organization_id AND cl.user_id = e.user_id AND cl.active_id IS NOT NULL))
        FROM @api@.company_employees AS e
        JOIN @api@.companies AS c ON c.organization_id = e.organization_id AND c.id = e.company_id
        WHERE e.organization_id = (v_answer ->> 'organization_id')::uuid AND e.user_id = v_user);
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_employee_invitation(text) IS
'Accepts an employee''s invitation as whoever is signed in, whose token must carry the e-mail address that was invited: {"organization_id", "user_id", "roles", "employee", "company": {"id", "name"}, "client_id"}. They can book as that client at once; null when they are a client who was archived. accept_invitation does the same and says less; who has no account yet accepts by sign_up. Errors: not_authenticated, forbidden (another address, or another account in the organization has it, an employee already, the company is not active); token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.accept_employee_invitation(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.accept_employee_invitation(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
