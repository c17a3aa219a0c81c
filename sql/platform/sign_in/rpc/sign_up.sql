CREATE FUNCTION holdfast_private.sign_up(
    email text, password text, display_name text DEFAULT NULL, invitation text DEFAULT NULL, organization_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_email text := holdfast_private.normal_email('email', holdfast_private.required_text('email', email, 254));
    v_name text := holdfast_private.normal_text('display_name', display_name);
    v_kind text := holdfast_private.token_kind_of(invitation);
    v_organization uuid;
    v_settings @api@.account_settings;
    v_user uuid := gen_random_uuid();
    v_known uuid;
    v_answer jsonb;
BEGIN
    PERFORM holdfast_private.limit_address('sign_up', 20, interval '1 hour');
    IF invitation IS NOT NULL THEN
        IF v_kind IS NULL OR NOT EXISTS (SELECT FROM holdfast_private.token_kinds AS k WHERE k.kind = v_kind AND k.joins) THEN
            RETURN holdfast_private.refuse_token('invalid');
        END IF;
        -- The token proves the address; an account that nobody can sign in to yet becomes theirs.
        SELECT p.organization_id, p.user_id INTO v_organization, v_known
        FROM holdfast_private.find_secret(invitation, split_part(invitation, '_', 1)) AS f
        JOIN @api@.profiles AS p ON p.organization_id = f.organization_id AND p.email = v_email
        WHERE f.matches;
        IF holdfast_private.current_password(v_organization, v_known) IS NOT NULL THEN
            PERFORM holdfast.raise_error('forbidden', NULL, 'There is an account with this address: sign in, and accept_invitation.');
        END IF;
        v_user := coalesce(v_known, v_user);
        v_answer := holdfast_private.accept_token(v_kind, invitation, v_user, v_email);
        IF NOT v_answer ? 'organization_id' THEN
            RETURN v_answer;
        END IF;
        v_organization := (v_answer ->> 'organization_id')::uuid;
        UPDATE @api@.profiles AS p
        SET display_name = coalesce(v_name, p.display_name), ip_address = holdfast.request_ip(), user_agent = holdfast_private.request_agent()
        WHERE p.organization_id = v_organization AND p.user_id = v_user;
        PERFORM holdfast_private.set_password(v_organization, v_user, 'password', password);
        RETURN v_answer;
    END IF;

    v_organization := holdfast_private.named_organization(organization_id);
    v_settings := holdfast_private.account_settings_of(v_organization);
    IF NOT v_settings.sign_up_open THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Signing up is by invitation.');
    END IF;
    PERFORM holdfast_private.check_password('password', password, v_organization,
        holdfast_private.password_words(v_organization, v_email, v_name));
    INSERT INTO @api@.profiles AS p (organization_id, user_id, email, display_name, ip_address, user_agent)
    VALUES (v_organization, v_user, v_email, v_name, holdfast.request_ip(), holdfast_private.request_agent())
    ON CONFLICT ON CONSTRAINT profiles_organization_id_email_key DO NOTHING;
    IF FOUND THEN
        PERFORM holdfast_private.set_password(v_organization, v_user, 'password', password);
        INSERT INTO @api@.user_roles AS u (organization_id, user_id, role, reason)
        VALUES (v_organization, v_user, v_settings.sign_up_role, 'sign_up');
        PERFORM holdfast_private.request_token(v_organization, 'email_verification', v_email, v_user, false);
        PERFORM holdfast_private.security_event(v_organization, v_user, 'sign_up', NULL, 'success');
    ELSE
        -- Somebody has the address. Whoever asks is not told, and waits as long.
        PERFORM holdfast.password_hash(password);
        SELECT p.user_id INTO v_known FROM @api@.profiles AS p
        WHERE p.organization_id = v_organization AND p.email = v_email AND p.email_verification_status = 'unverified';
        PERFORM holdfast_private.request_token(v_organization, 'email_verification', v_email, v_known, v_known IS NULL);
    END IF;
    RETURN jsonb_build_object('requested', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.sign_up(text, text, text, text, uuid) IS
'Makes an account: profile, password and role together or not at all. With an invitation, for the address that it was sent to, which is thereby verified: {"organization_id","user_id","roles"}. Without, where the organization''s settings say that anybody may: {"requested": true}, and a link to verify the address is mailed; the same answer when somebody has the address already, and then at most the link is mailed again. Errors: forbidden, invalid_input (password: too short, too easy to guess, known from a breach), rate_limited; token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.sign_up(text, text, text, text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sign_up(text, text, text, text, uuid)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
