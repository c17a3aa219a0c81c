CREATE FUNCTION holdfast_private.check_login()
RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast.uid();
    v_organization uuid := holdfast.org_id();
    v_holder uuid := CASE WHEN holdfast.claim('iss') = 'holdfast'
        THEN coalesce(holdfast.claim('session_id'), holdfast.claim('api_key_id'))::uuid END;
BEGIN
    IF v_user IS NULL THEN
        RETURN; -- nobody, who gets nothing
    ELSIF v_holder IS NOT NULL AND NOT EXISTS (
        SELECT FROM holdfast_private.token_secrets AS s
        WHERE s.organization_id = holdfast.claim('organization_id')::uuid AND s.token_id = v_holder
          AND s.spent_at IS NULL AND s.expires_at > holdfast.clock())
    THEN
        PERFORM holdfast.raise_error('not_authenticated', NULL, 'The login session or API key is over; sign in again.');
    ELSIF holdfast_private.account_status(v_organization, v_user) <> 'active' THEN
        PERFORM holdfast.raise_error('forbidden', '{"reason": "suspended"}', 'The account is suspended. Ask an administrator.');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_login() IS
'For PostgREST to ask before each request (db-pre-request): refuses access tokens whose login session or API key was ended, though they have not expired, and whoever is suspended in the organization of the request. Without it, that takes effect when the access token expires, after 15 minutes at most. Two look-ups by primary key. Errors: not_authenticated, forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.check_login() FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.check_login()'::regprocedure, '@api@', '{anon,authenticated,service_role}');
