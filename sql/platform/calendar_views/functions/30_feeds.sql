CREATE FUNCTION holdfast_private.find_feed(token text)
RETURNS holdfast_private.calendar_feeds
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_token record;
    v_feed holdfast_private.calendar_feeds;
BEGIN
    -- The same work whatever is wrong: one look-up, one hash, one comparison.
    SELECT t.* INTO v_token FROM holdfast_private.read_token(token, 'hfcal') AS t;
    SELECT f.* INTO v_feed FROM holdfast_private.calendar_feeds AS f
    WHERE f.organization_id = v_token.organization_id AND f.id = v_token.id;
    IF NOT holdfast.token_matches(v_token.secret, v_feed.token_hash) OR v_feed.revoked_at IS NOT NULL THEN
        PERFORM holdfast.raise_error('token_invalid');
    ELSIF v_feed.scope = 'client' AND NOT EXISTS (
            SELECT FROM @api@.clients AS c
            WHERE c.organization_id = v_feed.organization_id AND c.active_id = v_feed.owner_id AND c.user_id = v_feed.user_id)
        OR v_feed.scope = 'specialist' AND NOT EXISTS (
            SELECT FROM @api@.specialists AS s
            JOIN @api@.user_roles AS r
                ON r.user_id = s.user_id AND r.organization_id IN (s.organization_id, '00000000-0000-0000-0000-000000000000')
            WHERE s.organization_id = v_feed.organization_id AND s.id = v_feed.owner_id AND s.user_id = v_feed.user_id
              AND 'specialist' IN (SELECT holdfast_private.included_roles(s.organization_id, r.role)))
    THEN
        PERFORM holdfast.raise_error('token_invalid');
    END IF;
    RETURN v_feed;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_feed(text) IS
'The feed that a token opens. token_invalid when it is unknown or revoked, or its owner is no longer that active client, or a specialist who holds the role, directly or inherited.';
REVOKE ALL ON FUNCTION holdfast_private.find_feed(text) FROM PUBLIC;
