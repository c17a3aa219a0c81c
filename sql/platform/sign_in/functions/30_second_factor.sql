-- The second factor: codes of an authenticator, each good once, and backup codes for when it is lost.

CREATE FUNCTION holdfast_private.verified_factor(organization_id uuid, user_id uuid)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT f.id FROM @api@.two_factor_auth AS f
        WHERE f.organization_id = verified_factor.organization_id AND f.user_id = verified_factor.user_id AND f.is_verified);
END
$$;
COMMENT ON FUNCTION holdfast_private.verified_factor(uuid, uuid) IS
'The second factor that somebody has to show; null when they have none.';
REVOKE ALL ON FUNCTION holdfast_private.verified_factor(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.needs_factor(organization_id uuid, user_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM @api@.user_roles AS u
        CROSS JOIN LATERAL holdfast_private.included_roles(needs_factor.organization_id, u.role) AS r (role)
        WHERE u.organization_id IN (needs_factor.organization_id, '00000000-0000-0000-0000-000000000000')
          AND u.user_id = needs_factor.user_id
          AND r.role = ANY ((holdfast_private.account_settings_of(needs_factor.organization_id)).second_factor_roles));
END
$$;
COMMENT ON FUNCTION holdfast_private.needs_factor(uuid, uuid) IS
'Whether one of somebody''s roles, or what it inherits, asks for a second factor.';
REVOKE ALL ON FUNCTION holdfast_private.needs_factor(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_code(organization_id uuid, factor_id uuid, code text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_secret holdfast_private.two_factor_secrets;
    v_step bigint;
BEGIN
    -- The lock before the look: of two who show one code, the second finds its step taken.
    SELECT s.* INTO v_secret FROM holdfast_private.two_factor_secrets AS s
    WHERE s.organization_id = check_code.organization_id AND s.id = check_code.factor_id
    FOR NO KEY UPDATE;
    IF code ~ '^\s*[0-9]{3}\s*[0-9]{3}\s*$' THEN
        v_step := holdfast.totp_verify(
            holdfast_private.unseal_value('two_factor_secrets.secret_key', organization_id, factor_id, v_secret.secret_key),
            code, v_secret.last_step);
        IF v_step IS NULL THEN
            RETURN false;
        END IF;
        UPDATE holdfast_private.two_factor_secrets AS s SET last_step = v_step
        WHERE s.organization_id = check_code.organization_id AND s.id = check_code.factor_id;
    ELSE
        IF v_secret.backup_salt IS NULL THEN
            RETURN false;
        END IF;
        UPDATE holdfast_private.user_backup_codes AS b SET used_at = holdfast.clock()
        WHERE b.organization_id = check_code.organization_id AND b.factor_id = check_code.factor_id AND b.used_at IS NULL
          AND b.code_hash = (SELECT holdfast.backup_code_hash(check_code.code, v_secret.backup_salt));
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    UPDATE @api@.two_factor_auth AS f SET last_used = holdfast.clock()
    WHERE f.organization_id = check_code.organization_id AND f.id = check_code.factor_id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_code(uuid, uuid, text) IS
'Whether a code is that of a factor now, or one of its backup codes; it is used up by that. Error: keys_unavailable (for a code of the authenticator, without the root key; backup codes need none).';
REVOKE ALL ON FUNCTION holdfast_private.check_code(uuid, uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.make_backup_codes(organization_id uuid, factor_id uuid)
RETURNS text[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_salt bytea := uuid_send(gen_random_uuid());
    v_codes text[] := holdfast.backup_codes();
BEGIN
    DELETE FROM holdfast_private.user_backup_codes AS b
    WHERE b.organization_id = make_backup_codes.organization_id AND b.factor_id = make_backup_codes.factor_id;
    UPDATE holdfast_private.two_factor_secrets AS s SET backup_salt = v_salt
    WHERE s.organization_id = make_backup_codes.organization_id AND s.id = make_backup_codes.factor_id;
    INSERT INTO holdfast_private.user_backup_codes AS b (organization_id, factor_id, code_hash)
    SELECT make_backup_codes.organization_id, make_backup_codes.factor_id, holdfast.backup_code_hash(c, v_salt)
    FROM unnest(v_codes) AS c;
    RETURN v_codes;
END
$$;
COMMENT ON FUNCTION holdfast_private.make_backup_codes(uuid, uuid) IS
'New backup codes for a factor, told this once; those before are void.';
REVOKE ALL ON FUNCTION holdfast_private.make_backup_codes(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.own_place(organization_id uuid, OUT organization uuid, OUT user_id uuid, OUT email text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    organization := organization_id;
    user_id := holdfast.uid();
    IF user_id IS NULL AND holdfast.claim('iss') = 'holdfast' THEN
        -- It has no sub, so it is nobody to everything else.
        organization := holdfast.claim('enrolment.organization_id')::uuid;
        user_id := holdfast.claim('enrolment.user_id')::uuid;
    ELSIF user_id IS NOT NULL THEN
        PERFORM holdfast_private.require_actor(organization_id);
    END IF;
    IF user_id IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated');
    END IF;
    SELECT p.email INTO email FROM @api@.profiles AS p
    WHERE p.organization_id = own_place.organization AND p.user_id = own_place.user_id;
    IF NOT FOUND OR holdfast_private.current_password(organization, user_id) IS NULL
       OR holdfast_private.account_status(organization, user_id) <> 'active'
    THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only who signs in here, with a password, can do this.');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.own_place(uuid) IS
'Who is asking about their own account: by a full token, or by the one that sign_in gives to enrol a second factor, which opens nothing else. Errors: not_authenticated, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.own_place(uuid) FROM PUBLIC;
