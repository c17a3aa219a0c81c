CREATE FUNCTION holdfast_private.reject_employee_invitation(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast_private.token_kind_of(token) IS DISTINCT FROM 'employee_invitation' THEN
        RETURN holdfast_private.refuse_token('invalid');
    END IF;
    RETURN holdfast_private.reject_invitation(token);
END
$$;
COMMENT ON FUNCTION holdfast_private.reject_employee_invitation(text) IS
'Declines an employee''s invitation, signed in or not: {"rejected": true}. The employee becomes inactive, the seat is free. Errors, answered and not raised: token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.reject_employee_invitation(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reject_employee_invitation(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
