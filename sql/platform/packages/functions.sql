-- What a package may be.

CREATE FUNCTION holdfast_private.checked_package(package @api@.booking_packages)
RETURNS @api@.booking_packages
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    package.name := holdfast_private.required_text('name', package.name);
    IF package.session_count IS NULL OR package.session_count NOT BETWEEN 1 AND 1000 THEN
        PERFORM holdfast_private.raise_invalid('session_count', 'must be from 1 to 1000');
    ELSIF (package.price BETWEEN 0 AND 9999999999) IS FALSE THEN
        PERFORM holdfast_private.raise_invalid('price', 'must be from 0 to 9999999999');
    ELSIF (package.currency ~ '^[A-Z]{3}$') IS FALSE OR (package.price IS NULL) <> (package.currency IS NULL) THEN
        PERFORM holdfast_private.raise_invalid('currency', 'must be an ISO 4217 code like EUR, and goes with a price');
    ELSIF (package.discount_percentage BETWEEN 0 AND 100) IS FALSE THEN
        PERFORM holdfast_private.raise_invalid('discount_percentage', 'must be from 0 to 100');
    END IF;
    RETURN package;
END
$$;
COMMENT ON FUNCTION holdfast_private.checked_package(@api@.booking_packages) IS 'A package with its name trimmed; invalid_input for what it cannot be.';
REVOKE ALL ON FUNCTION holdfast_private.checked_package(@api@.booking_packages) FROM PUBLIC;

-- Using packages. A package is locked after bookings and calendar, always: so no two requests can wait for each other.

CREATE FUNCTION holdfast_private.spend_package(booking @api@.bookings, client_package_id uuid)
RETURNS @api@.client_packages
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_package @api@.client_packages;
    v_used uuid;
BEGIN
    BEGIN
        SELECT p.* INTO v_package FROM @api@.client_packages AS p
        WHERE p.organization_id = booking.organization_id AND p.id = spend_package.client_package_id
        FOR NO KEY UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_package.id IS NULL OR v_package.client_id <> booking.client_id THEN
        PERFORM holdfast.raise_error('client_package_not_found');
    ELSIF booking.status NOT IN ('pending', 'confirmed', 'completed') THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', booking.status, 'to', 'package_used'));
    ELSIF v_package.specialist_id <> booking.specialist_id THEN
        PERFORM holdfast_private.raise_invalid('client_package_id', 'is for another specialist');
    END IF;
    SELECT u.client_package_id INTO v_used FROM @api@.package_uses AS u
    WHERE u.organization_id = booking.organization_id AND u.booking_id = booking.id;
    IF v_used = v_package.id THEN
        RETURN v_package;
    ELSIF v_used IS NOT NULL THEN
        PERFORM holdfast_private.raise_invalid('booking_id', 'has used another package');
    ELSIF v_package.uses_left = 0 OR v_package.expires_at <= booking.start_time THEN
        PERFORM holdfast.raise_error('quota_exhausted', jsonb_build_object(
            'balance', v_package.uses_left, 'period_ends_at', v_package.expires_at),
            CASE WHEN v_package.uses_left > 0 THEN 'The package expires before the session begins.' END);
    END IF;
    INSERT INTO @api@.package_uses (organization_id, booking_id, client_package_id, client_id, specialist_id, used_by)
    VALUES (booking.organization_id, booking.id, v_package.id, booking.client_id, booking.specialist_id, holdfast.uid());
    UPDATE @api@.client_packages AS p SET uses_left = p.uses_left - 1
    WHERE p.organization_id = booking.organization_id AND p.id = v_package.id
    RETURNING p.* INTO v_package;
    RETURN v_package;
END
$$;
COMMENT ON FUNCTION holdfast_private.spend_package(@api@.bookings, uuid) IS
'Takes one session of a package of the booking''s client for it; once, however often it is asked. Raises client_package_not_found, quota_exhausted (none left, or it expires before), invalid_transition (the booking is cancelled or was missed), invalid_input (another specialist''s package, or the booking has used another one).';
REVOKE ALL ON FUNCTION holdfast_private.spend_package(@api@.bookings, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.spend_named_package()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_package uuid := holdfast_private.json_uuid('session.client_package_id', NEW.metadata -> 'client_package_id');
BEGIN
    IF v_package IS NOT NULL THEN
        PERFORM holdfast_private.spend_package(NEW, v_package);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.spend_named_package() IS
'A booking whose session named a client_package_id uses it, in the same transaction, or is not made.';
REVOKE ALL ON FUNCTION holdfast_private.spend_named_package() FROM PUBLIC;

CREATE FUNCTION holdfast_private.return_package()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WITH undone AS (
        UPDATE @api@.package_uses AS u SET undone_at = holdfast.clock()
        WHERE u.organization_id = NEW.organization_id AND u.booking_id = NEW.id AND u.undone_at IS NULL
        RETURNING u.organization_id, u.client_package_id)
    UPDATE @api@.client_packages AS p SET uses_left = p.uses_left + 1
    FROM undone AS u WHERE p.organization_id = u.organization_id AND p.id = u.client_package_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.return_package() IS
'Gives the session of a cancelled booking back, exactly once. At commit, after every other lock.';
REVOKE ALL ON FUNCTION holdfast_private.return_package() FROM PUBLIC;
