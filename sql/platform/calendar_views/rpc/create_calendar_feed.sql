CREATE FUNCTION holdfast_private.create_calendar_feed(organization_id uuid, scope text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 10;
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_owner uuid;
    v_id uuid := holdfast.uuid_v7();
    v_secret text := holdfast.token('hfcal');
BEGIN
    IF scope IS NULL OR scope NOT IN ('client', 'specialist') THEN
        PERFORM holdfast_private.raise_invalid('scope', 'must be client or specialist');
    END IF;
    v_owner := CASE scope WHEN 'client' THEN holdfast_private.own_client_id() ELSE holdfast_private.own_specialist_id() END;
    IF v_owner IS NULL OR v_user IS NULL THEN
        PERFORM holdfast.raise_error('forbidden');
    ELSIF (SELECT count(*) >= c_most FROM holdfast_private.calendar_feeds AS f
           WHERE f.organization_id = create_calendar_feed.organization_id AND f.user_id = v_user AND f.revoked_at IS NULL)
    THEN
        PERFORM holdfast_private.raise_invalid('scope', 'there are 10 feeds already: revoke one');
    END IF;
    INSERT INTO holdfast_private.calendar_feeds AS f (organization_id, id, user_id, scope, owner_id, token_hash)
    VALUES (create_calendar_feed.organization_id, v_id, v_user, create_calendar_feed.scope, v_owner,
            holdfast.token_hash(v_secret));
    RETURN jsonb_build_object('feed_id', v_id, 'scope', scope,
        'token', holdfast_private.placed_token(v_secret, organization_id, v_id));
END
$$;
COMMENT ON FUNCTION holdfast_private.create_calendar_feed(uuid, text) IS
'Makes a secret address for the calendar of the caller, as client or as specialist: {"feed_id", "scope", "token"}. The token is told this once; only its hash is kept. Calendar programs subscribe to /rpc/calendar_feed?token=…. It works until it is revoked, or its owner is archived or loses the role. Errors: forbidden (not a client, not a specialist), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_calendar_feed(uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_calendar_feed(uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
