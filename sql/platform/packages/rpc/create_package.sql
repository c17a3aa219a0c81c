CREATE FUNCTION holdfast_private.create_package(
    organization_id uuid,
    name text,
    session_count int,
    specialist_id uuid DEFAULT NULL,
    price numeric DEFAULT NULL,
    currency text DEFAULT NULL,
    discount_percentage numeric DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_key text := holdfast_private.request_key(NULL);
    v_response jsonb;
    v_package @api@.booking_packages;
BEGIN
    IF NOT coalesce(holdfast_private.booking_party(organization_id, specialist_id, NULL) IN ('specialist', 'admin', 'system'), false) THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'create_package', v_key, jsonb_build_object(
            'name', name, 'session_count', session_count, 'specialist_id', specialist_id, 'price', price, 'currency', currency,
            'discount_percentage', discount_percentage));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    IF specialist_id IS NOT NULL THEN
        PERFORM holdfast_private.active_specialist(organization_id, specialist_id);
    END IF;
    v_package.organization_id := organization_id;
    v_package.specialist_id := specialist_id;
    v_package.name := name;
    v_package.session_count := session_count;
    v_package.price := price;
    v_package.currency := currency;
    v_package.discount_percentage := discount_percentage;
    v_package := holdfast_private.checked_package(v_package);
    INSERT INTO @api@.booking_packages AS p (
        organization_id, specialist_id, name, session_count, price, currency, discount_percentage, created_by)
    VALUES (
        v_package.organization_id, v_package.specialist_id, v_package.name, v_package.session_count, v_package.price,
        v_package.currency, v_package.discount_percentage, v_user)
    RETURNING p.* INTO v_package;
    v_response := jsonb_build_object('package', to_jsonb(v_package));
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'create_package', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.create_package(uuid, text, int, uuid, numeric, text, numeric) IS
'Offers a package of sessions: {"package"}. An admin for the organization (no specialist_id: sessions with anybody) or for a specialist; a specialist for themselves. Price and discount are advisory. The header Idempotency-Key is honoured. Errors: forbidden, specialist_not_found, invalid_input, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.create_package(uuid, text, int, uuid, numeric, text, numeric) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_package(uuid, text, int, uuid, numeric, text, numeric)'::regprocedure, '@api@', '{authenticated,service_role}');
