CREATE FUNCTION holdfast_private.request_password_reset(email text, organization_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_organization uuid := holdfast_private.named_organization(organization_id);
    v_email text := holdfast_private.normal_email('email', holdfast_private.required_text('email', email, 254));
    v_user uuid := (SELECT p.user_id FROM @api@.profiles AS p WHERE p.organization_id = v_organization AND p.email = v_email);
    v_may boolean := v_user IS NOT NULL;
BEGIN
    -- Each of them is asked whatever the others say.
    v_may := (holdfast_private.current_password(v_organization, v_user) IS NOT NULL) AND v_may;
    v_may := (holdfast_private.account_status(v_organization, v_user) = 'active') AND v_may;
    v_may := (holdfast_private.lock_left(v_organization, v_email) IS NULL) AND v_may;
    PERFORM holdfast_private.request_token(v_organization, 'password_reset', v_email, v_user, NOT v_may);
    RETURN jsonb_build_object('requested', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.request_password_reset(text, uuid) IS
'Asks for a link by which a new password is set, good for one hour and once; links asked for before are void. {"requested": true} whether or not somebody has the address, after the same work; nothing is mailed when nobody has it, or the account is locked or suspended. organization_id is needed where there is more than one. Errors: invalid_input, rate_limited (5 an hour for an address, 20 from one place).';
REVOKE ALL ON FUNCTION holdfast_private.request_password_reset(text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_password_reset(text, uuid)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
