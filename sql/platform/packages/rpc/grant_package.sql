CREATE FUNCTION holdfast_private.grant_package(
    organization_id uuid, client_id uuid, package_id uuid, expires_at timestamptz DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_party text;
    v_package @api@.booking_packages;
    v_granted @api@.client_packages;
BEGIN
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'grant_package', v_key, jsonb_build_object(
            'client_id', client_id, 'package_id', package_id, 'expires_at', expires_at));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    SELECT p.* INTO v_package FROM @api@.booking_packages AS p
    WHERE p.organization_id = grant_package.organization_id AND p.id = grant_package.package_id AND p.is_active;
    v_party := holdfast_private.booking_party(organization_id, v_package.specialist_id, NULL);
    IF v_package.id IS NULL THEN
        PERFORM holdfast.raise_error('package_not_found');
    ELSIF v_party IS NULL OR v_party = 'client' THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    PERFORM holdfast_private.active_client(organization_id, client_id);
    IF v_party = 'specialist' AND NOT holdfast_private.may_book(organization_id, client_id, v_package.specialist_id) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The client''s company has assigned other specialists.');
    ELSIF (expires_at > holdfast.clock() AND isfinite(expires_at)) IS FALSE THEN
        PERFORM holdfast_private.raise_invalid('expires_at', 'must be a time to come');
    END IF;
    INSERT INTO @api@.client_packages AS c (
        organization_id, package_id, client_id, specialist_id, session_count, uses_left, expires_at, granted_by)
    VALUES (
        v_package.organization_id, v_package.id, grant_package.client_id, v_package.specialist_id, v_package.session_count,
        v_package.session_count, grant_package.expires_at, v_user)
    RETURNING c.* INTO v_granted;
    v_response := jsonb_build_object('client_package', to_jsonb(v_granted));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'grant_package', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.grant_package(uuid, uuid, uuid, timestamptz) IS
'Gives a client a package with all its sessions: {"client_package": {"id", "uses_left", …}}. An admin any package, a specialist their own. It pays for sessions that begin before expires_at. The header Idempotency-Key is honoured. Errors: package_not_found, client_not_found, forbidden, invalid_input, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.grant_package(uuid, uuid, uuid, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.grant_package(uuid, uuid, uuid, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
