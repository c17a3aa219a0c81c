CREATE FUNCTION holdfast_private.update_package(
    organization_id uuid,
    package_id uuid,
    name text DEFAULT NULL,
    session_count int DEFAULT NULL,
    price numeric DEFAULT NULL,
    currency text DEFAULT NULL,
    discount_percentage numeric DEFAULT NULL,
    is_active boolean DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_package @api@.booking_packages;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF package_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('package_id', 'is required');
    END IF;
    BEGIN
        SELECT p.* INTO v_package FROM @api@.booking_packages AS p
        WHERE p.organization_id = update_package.organization_id AND p.id = update_package.package_id
        FOR NO KEY UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_package.id IS NULL THEN
        PERFORM holdfast.raise_error('package_not_found');
    ELSIF NOT coalesce(holdfast_private.booking_party(organization_id, v_package.specialist_id, NULL)
                       IN ('specialist', 'admin', 'system'), false) THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    v_package.name := coalesce(update_package.name, v_package.name);
    v_package.session_count := coalesce(update_package.session_count, v_package.session_count);
    v_package.price := coalesce(update_package.price, v_package.price);
    v_package.currency := coalesce(update_package.currency, v_package.currency);
    v_package.discount_percentage := coalesce(update_package.discount_percentage, v_package.discount_percentage);
    v_package := holdfast_private.checked_package(v_package);
    UPDATE @api@.booking_packages AS p
    SET name = v_package.name,
        session_count = v_package.session_count,
        price = v_package.price,
        currency = v_package.currency,
        discount_percentage = v_package.discount_percentage,
        is_active = coalesce(update_package.is_active, p.is_active)
    WHERE p.organization_id = update_package.organization_id AND p.id = update_package.package_id
    RETURNING p.* INTO v_package;
    RETURN jsonb_build_object('package', to_jsonb(v_package));
END
$$;
COMMENT ON FUNCTION holdfast_private.update_package(uuid, uuid, text, int, numeric, text, numeric, boolean) IS
'Changes a package that is offered: {"package"}. Null leaves a field as it is; is_active false withdraws the offer, so it can no longer be granted. Packages that clients have keep their sessions. An admin any package, a specialist their own. Errors: package_not_found, forbidden, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.update_package(uuid, uuid, text, int, numeric, text, numeric, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_package(uuid, uuid, text, int, numeric, text, numeric, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
