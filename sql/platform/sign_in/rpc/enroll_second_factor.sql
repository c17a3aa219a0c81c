CREATE FUNCTION holdfast_private.enroll_second_factor(organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own record;
    v_factor uuid;
    v_secret text := holdfast.totp_secret();
BEGIN
    SELECT o.* INTO v_own FROM holdfast_private.own_place(organization_id) AS o;
    DELETE FROM @api@.two_factor_auth AS f
    WHERE f.organization_id = v_own.organization AND f.user_id = v_own.user_id AND NOT f.is_verified;
    INSERT INTO @api@.two_factor_auth AS f (organization_id, user_id) VALUES (v_own.organization, v_own.user_id)
    ON CONFLICT ON CONSTRAINT two_factor_auth_organization_id_user_id_method_key DO NOTHING
    RETURNING f.id INTO v_factor;
    IF v_factor IS NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "verified", "to": "enrolled"}',
            'There is a second factor already: disable it first.');
    END IF;
    INSERT INTO holdfast_private.two_factor_secrets AS s (organization_id, id, secret_key)
    VALUES (v_own.organization, v_factor,
            holdfast_private.seal_value('two_factor_secrets.secret_key', v_own.organization, v_factor, v_secret, v_own.user_id));
    RETURN jsonb_build_object('factor_id', v_factor, 'method', 'authenticator', 'secret', v_secret,
        'uri', holdfast.totp_uri(v_secret, coalesce(v_own.email, v_own.user_id::text), (
            SELECT left(replace(o.name, ':', ' '), 60) FROM @api@.organizations AS o WHERE o.id = v_own.organization)));
END
$$;
COMMENT ON FUNCTION holdfast_private.enroll_second_factor(uuid) IS
'Begins to enrol an authenticator: {"factor_id","method","secret","uri"}, the last for a QR code. It is asked for once confirm_second_factor has seen a code of it. Errors: not_authenticated, forbidden (they do not sign in here), invalid_transition (there is one), keys_unavailable (no root key to seal the secret with).';
REVOKE ALL ON FUNCTION holdfast_private.enroll_second_factor(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.enroll_second_factor(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
