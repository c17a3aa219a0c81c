CREATE FUNCTION holdfast_private.sign_out_others(organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
BEGIN
    IF v_user IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated');
    END IF;
    RETURN jsonb_build_object('ended', holdfast_private.end_sessions(organization_id, v_user, 'sign_out',
        CASE WHEN holdfast.claim('iss') = 'holdfast' THEN holdfast.claim('session_id')::uuid END));
END
$$;
COMMENT ON FUNCTION holdfast_private.sign_out_others(uuid) IS
'Ends all login sessions of the caller but the present one: {"ended": n}. Errors: not_authenticated, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.sign_out_others(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.sign_out_others(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
