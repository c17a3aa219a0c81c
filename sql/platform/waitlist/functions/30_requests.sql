CREATE FUNCTION holdfast_private.find_offer(organization_id uuid, waitlist_offer_id uuid, next_outcome text)
RETURNS @api@.waitlist_offers
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_offer @api@.waitlist_offers;
BEGIN
    SELECT o.* INTO v_offer FROM @api@.waitlist_offers AS o
    WHERE o.organization_id = find_offer.organization_id AND o.id = waitlist_offer_id;
    IF v_offer.id IS NULL OR holdfast_private.booking_party(organization_id, NULL, v_offer.client_id) IS NULL THEN
        PERFORM holdfast.raise_error('waitlist_offer_not_found');
    ELSIF v_offer.outcome = 'lapsed' OR v_offer.outcome IS NULL AND v_offer.expires_at <= holdfast.clock() THEN
        PERFORM holdfast.raise_error('hold_expired', jsonb_build_object('expired_at', v_offer.expires_at));
    ELSIF v_offer.outcome IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_offer.outcome, 'to', next_outcome));
    END IF;
    RETURN v_offer;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_offer(uuid, uuid, text) IS
'An open offer of the caller''s; waitlist_offer_not_found, hold_expired or invalid_transition otherwise. The hold is what is locked and decides.';
REVOKE ALL ON FUNCTION holdfast_private.find_offer(uuid, uuid, text) FROM PUBLIC;
