-- The token of a feed: the organization and the feed, which find its row, and 256 random bits, of which only a hash is stored.

CREATE FUNCTION holdfast_private.new_feed_token(organization_id uuid, feed_id uuid)
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A random UUID has 122 bits from the server's strong random source: three of them fill 256. No extension is needed for it.
    RETURN 'hfcal_' || encode(
        uuid_send(organization_id) || uuid_send(feed_id)
        || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
END
$$;
COMMENT ON FUNCTION holdfast_private.new_feed_token(uuid, uuid) IS
'A new secret for a feed. The kernel''s token primitive takes its place once there is one.';
REVOKE ALL ON FUNCTION holdfast_private.new_feed_token(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_feed(token text)
RETURNS holdfast_private.calendar_feeds
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_well_formed boolean := coalesce(token ~ '^hfcal_[0-9a-f]{128}$', false);
    v_token text := CASE WHEN v_well_formed THEN token ELSE 'hfcal_' || repeat('0', 128) END;
    v_hash bytea := sha256(convert_to(v_token, 'UTF8'));
    v_feed holdfast_private.calendar_feeds;
BEGIN
    -- The same work whatever is wrong: one hash, one look-up, one comparison of hashes.
    SELECT f.* INTO v_feed FROM holdfast_private.calendar_feeds AS f
    WHERE f.organization_id = substr(v_token, 7, 32)::uuid AND f.id = substr(v_token, 39, 32)::uuid;
    IF coalesce(v_feed.token_hash, sha256('')) <> v_hash OR v_feed.revoked_at IS NOT NULL THEN
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
