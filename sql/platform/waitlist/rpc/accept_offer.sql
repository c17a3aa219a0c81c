CREATE FUNCTION holdfast_private.accept_offer(
    organization_id uuid, waitlist_offer_id uuid, session jsonb DEFAULT '{}', idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text;
    v_response jsonb;
    v_offer @api@.waitlist_offers;
BEGIN
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'accept_offer', v_key,
        jsonb_build_object('waitlist_offer_id', waitlist_offer_id, 'session', session));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;
    v_offer := holdfast_private.find_offer(organization_id, waitlist_offer_id, 'accepted');
    v_response := holdfast_private.confirm_hold(
        holdfast_private.find_hold(organization_id, v_offer.hold_key, 'confirmed'), session, NULL);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'accept_offer', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_offer(uuid, uuid, jsonb, text) IS
'Books what the waitlist offers: the answer of confirm_booking, which with the hold_key of the offer does the same. Errors: waitlist_offer_not_found (unknown or not yours), hold_expired, invalid_transition, and those of confirm_booking.';
REVOKE ALL ON FUNCTION holdfast_private.accept_offer(uuid, uuid, jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.accept_offer(uuid, uuid, jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');
