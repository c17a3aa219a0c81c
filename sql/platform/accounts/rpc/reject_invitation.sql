CREATE FUNCTION holdfast_private.reject_invitation(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind text := holdfast_private.token_kind_of(token);
    v_taken record;
BEGIN
    IF v_kind IS NULL OR NOT EXISTS (
        SELECT FROM holdfast_private.token_kinds AS k WHERE k.kind = v_kind AND k.joins)
    THEN
        RETURN holdfast_private.refuse_token('invalid');
    END IF;
    SELECT t.* INTO v_taken FROM holdfast_private.take_token(v_kind, token) AS t;
    IF v_taken.state <> 'valid' THEN
        RETURN holdfast_private.refuse_token(v_taken.state);
    END IF;
    PERFORM holdfast_private.use_token(v_taken.organization_id, v_taken.id, false);
    RETURN jsonb_build_object('rejected', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.reject_invitation(text) IS
'Declines an invitation, signed in or not: {"rejected": true}. Errors, answered and not raised: token_invalid, token_expired, token_used.';
REVOKE ALL ON FUNCTION holdfast_private.reject_invitation(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reject_invitation(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');
