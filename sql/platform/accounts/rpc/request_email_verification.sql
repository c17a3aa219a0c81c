CREATE FUNCTION holdfast_private.request_email_verification(email text DEFAULT NULL, organization_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_organization uuid := holdfast_private.named_organization(organization_id);
    v_email text;
    v_profile @api@.profiles;
BEGIN
    v_email := coalesce(holdfast_private.normal_email('email', request_email_verification.email), (
        SELECT p.email FROM @api@.profiles AS p
        WHERE p.organization_id = holdfast.org_id() AND p.user_id = holdfast.uid()));
    IF v_email IS NULL THEN
        PERFORM holdfast_private.raise_invalid('email', 'is required');
    END IF;
    SELECT p.* INTO v_profile FROM @api@.profiles AS p
    WHERE p.organization_id = v_organization AND p.email = v_email;
    PERFORM holdfast_private.request_token(v_organization, 'email_verification', v_email, v_profile.user_id,
        v_profile.user_id IS NULL OR v_profile.email_verification_status = 'verified'
        OR holdfast_private.account_status(v_organization, v_profile.user_id) <> 'active');
    RETURN jsonb_build_object('requested', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.request_email_verification(text, uuid) IS
'Asks for a link by which an e-mail address is verified (without one: the caller''s own), good for 24 hours and 5 attempts; links asked for before are void. {"requested": true} whether or not somebody has the address, after the same work. organization_id is needed where there is more than one. Anybody may ask. Errors: invalid_input, rate_limited (5 an hour for an address, 20 from one place).';
REVOKE ALL ON FUNCTION holdfast_private.request_email_verification(text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_email_verification(text, uuid)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
