CREATE FUNCTION holdfast_private.rotate_api_key(
    organization_id uuid, api_key_id uuid, overlap_hours int DEFAULT 24, expires_in_days int DEFAULT 90)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_key @api@.api_keys := holdfast_private.own_api_key(organization_id, api_key_id);
    v_secret text;
BEGIN
    IF v_key.user_id IS DISTINCT FROM holdfast.uid() THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Only its owner can have a new secret for a key.');
    ELSIF overlap_hours IS NULL OR overlap_hours NOT BETWEEN 0 AND 720 THEN
        PERFORM holdfast_private.raise_invalid('overlap_hours', 'must be from 0 to 720');
    ELSIF expires_in_days IS NULL OR expires_in_days NOT BETWEEN 1 AND 365 THEN
        PERFORM holdfast_private.raise_invalid('expires_in_days', 'must be from 1 to 365');
    ELSIF v_key.revoked_at IS NOT NULL OR v_key.expires_at <= v_now THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object(
            'from', CASE WHEN v_key.revoked_at IS NULL THEN 'expired' ELSE 'revoked' END, 'to', 'rotated'));
    END IF;
    DELETE FROM holdfast_private.token_secrets AS s
    WHERE s.organization_id = v_key.organization_id AND s.token_id = v_key.id
      AND (s.expires_at <= v_now OR s.spent_at IS NOT NULL OR overlap_hours = 0);
    UPDATE holdfast_private.token_secrets AS s
    SET spent_at = v_now, expires_at = least(s.expires_at, v_now + make_interval(hours => overlap_hours))
    WHERE s.organization_id = v_key.organization_id AND s.token_id = v_key.id;
    v_secret := holdfast_private.new_secret(organization_id, v_key.id, 'hfkey', v_now + make_interval(hours => 24 * expires_in_days));
    UPDATE @api@.api_keys AS k
    SET rotated_at = v_now, prefix = left(v_secret, 10), expires_at = v_now + make_interval(hours => 24 * expires_in_days)
    WHERE k.organization_id = v_key.organization_id AND k.id = v_key.id
    RETURNING k.* INTO v_key;
    PERFORM holdfast_private.security_event(organization_id, v_key.user_id, 'api_key_rotated',
        jsonb_build_object('api_key_id', v_key.id), 'success');
    RETURN holdfast_private.key_json(v_key, v_secret);
END
$$;
COMMENT ON FUNCTION holdfast_private.rotate_api_key(uuid, uuid, int, int) IS
'Gives a key of the caller a new secret, told this once, and lets the one before it go on for overlap_hours (0: not at all), so that programs change over without a gap; one before that ends now: {"api_key", "key"}. Errors: api_key_not_found, forbidden, invalid_transition (revoked, expired), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.rotate_api_key(uuid, uuid, int, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.rotate_api_key(uuid, uuid, int, int)'::regprocedure, '@api@', '{authenticated,service_role}');
