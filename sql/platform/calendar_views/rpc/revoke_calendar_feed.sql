CREATE FUNCTION holdfast_private.revoke_calendar_feed(organization_id uuid, feed_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_revoked int;
BEGIN
    IF feed_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM holdfast_private.calendar_feeds AS f
        WHERE f.organization_id = revoke_calendar_feed.organization_id AND f.id = revoke_calendar_feed.feed_id AND f.user_id = v_user)
    THEN
        PERFORM holdfast.raise_error('calendar_feed_not_found');
    END IF;
    UPDATE holdfast_private.calendar_feeds AS f SET revoked_at = holdfast.clock()
    WHERE f.organization_id = revoke_calendar_feed.organization_id AND f.user_id = v_user AND f.revoked_at IS NULL
      AND (revoke_calendar_feed.feed_id IS NULL OR f.id = revoke_calendar_feed.feed_id);
    GET DIAGNOSTICS v_revoked = ROW_COUNT;
    RETURN jsonb_build_object('revoked', v_revoked);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_calendar_feed(uuid, uuid) IS
'Ends a feed of the caller, or without feed_id all of them: {"revoked": n}. Errors: calendar_feed_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_calendar_feed(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_calendar_feed(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
