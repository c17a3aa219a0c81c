CREATE FUNCTION holdfast_private.sign_in(
    email text, password text, code text DEFAULT NULL, organization_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_organization uuid := holdfast_private.named_organization(organization_id);
    v_email text := holdfast_private.normal_email('email', holdfast_private.required_text('email', email, 254));
    v_profile @api@.profiles;
    v_refusal jsonb;
    v_status text;
    v_password record;
    v_factor uuid;
BEGIN
    IF password IS NULL THEN
        PERFORM holdfast_private.raise_invalid('password', 'is required');
    END IF;
    PERFORM holdfast_private.limit_address('sign_in', 100, interval '5 minutes');
    SELECT p.* INTO v_profile FROM @api@.profiles AS p
    WHERE p.organization_id = v_organization AND p.email = v_email;
    v_refusal := holdfast_private.begin_attempt(v_organization, v_email, v_profile.user_id);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;

    -- Whoever does not exist is refused after the same work as whoever does.
    SELECT v.* INTO v_password
    FROM holdfast.password_verify(password, holdfast_private.current_password(v_organization, v_profile.user_id)) AS v;
    v_status := holdfast_private.account_status(v_organization, v_profile.user_id);
    IF NOT v_password.matches OR v_status = 'deleted' THEN
        RETURN holdfast_private.fail_attempt(v_organization, v_email, v_profile.user_id, 'credentials');
    END IF;

    -- From here on it is them, and they are told what is in the way.
    IF NOT holdfast_private.address_allowed(v_organization, v_profile.user_id, holdfast.request_ip()) THEN
        PERFORM holdfast_private.record_attempt(v_organization, v_email, v_profile.user_id, false, 'address');
        RETURN holdfast.answer_error('forbidden', '{"reason": "address"}', 'Nobody may sign in from this address.');
    ELSIF v_status = 'suspended' THEN
        PERFORM holdfast_private.record_attempt(v_organization, v_email, v_profile.user_id, false, 'suspended');
        RETURN holdfast.answer_error('forbidden', '{"reason": "suspended"}', 'The account is suspended. Ask an administrator.');
    ELSIF (holdfast_private.account_settings_of(v_organization)).require_verified_email
        AND v_profile.email_verification_status <> 'verified'
    THEN
        PERFORM holdfast_private.record_attempt(v_organization, v_email, v_profile.user_id, false, 'unverified');
        RETURN holdfast.answer_error('forbidden', '{"reason": "email_unverified"}', 'Verify the e-mail address first.');
    END IF;
    v_factor := holdfast_private.verified_factor(v_organization, v_profile.user_id);
    IF v_factor IS NOT NULL AND code IS NULL THEN
        RETURN '{"second_factor_required": true, "methods": ["authenticator", "backup_code"]}';
    ELSIF v_factor IS NOT NULL AND NOT holdfast_private.check_code(v_organization, v_factor, code) THEN
        RETURN holdfast_private.fail_attempt(v_organization, v_email, v_profile.user_id, 'second_factor');
    END IF;
    IF v_password.needs_rehash THEN
        UPDATE holdfast_private.passwords AS w SET password_hash = holdfast.password_hash(sign_in.password)
        WHERE w.organization_id = v_organization AND w.user_id = v_profile.user_id AND w.replaced_at IS NULL;
    END IF;
    IF v_factor IS NULL AND holdfast_private.needs_factor(v_organization, v_profile.user_id) THEN
        RETURN jsonb_build_object('second_factor_enrolment_required', true) || to_jsonb(holdfast_private.access_token(
            NULL, NULL, NULL, jsonb_build_object('enrolment', jsonb_build_object(
                'organization_id', v_organization, 'user_id', v_profile.user_id))));
    END IF;
    PERFORM holdfast_private.record_attempt(v_organization, v_email, v_profile.user_id, true);
    PERFORM holdfast_private.see_device(v_organization, v_profile.user_id);
    RETURN holdfast_private.open_session(v_organization, v_profile.user_id, v_factor IS NOT NULL);
END
$$;
COMMENT ON FUNCTION holdfast_private.sign_in(text, text, text, uuid) IS
'Signs in with a password, and where one is enrolled a code of the second factor or a backup code: {"access_token" (15 minutes), "token_type", "expires_in", "refresh_token", "session_id", "session_expires_at", "user"}. With the right password but no code: {"second_factor_required": true, "methods"}. Where a role asks for a second factor and there is none: {"second_factor_enrolment_required": true, "access_token", "expires_in"}, a token that opens nothing but enroll_second_factor and confirm_second_factor. organization_id is needed where there is more than one. Errors, answered and not raised: not_authenticated (whatever was wrong, or nobody has the address: the same answer after the same work), locked (after 5 failures, for 15 minutes, whether or not somebody has the address), forbidden with reason suspended, email_unverified or address (after the right password only). Raised: rate_limited, invalid_input, keys_unavailable.';
REVOKE ALL ON FUNCTION holdfast_private.sign_in(text, text, text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sign_in(text, text, text, uuid)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
