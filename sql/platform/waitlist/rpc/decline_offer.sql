CREATE FUNCTION holdfast_private.decline_offer(organization_id uuid, waitlist_offer_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_offer @api@.waitlist_offers;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    v_offer := holdfast_private.find_offer(organization_id, waitlist_offer_id, 'declined');
    PERFORM holdfast_private.cancel_hold(organization_id, v_offer.hold_key);
    RETURN (
        SELECT jsonb_build_object('waitlist_offer', to_jsonb(o))
        FROM @api@.waitlist_offers AS o
        WHERE o.organization_id = v_offer.organization_id AND o.id = v_offer.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.decline_offer(uuid, uuid) IS
'Lets an offer go to the next in line and waits on: {"waitlist_offer"}. The same time is not offered to them again. Errors: waitlist_offer_not_found (unknown or not yours), hold_expired, invalid_transition.';
REVOKE ALL ON FUNCTION holdfast_private.decline_offer(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.decline_offer(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
