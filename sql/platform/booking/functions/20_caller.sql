-- What the caller is to a booking, and finding it for them.

CREATE FUNCTION holdfast_private.booking_party(organization_id uuid, specialist_id uuid, client_id uuid)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Asked several times in one request, so people are told from the rest without a call of our own.
    IF (holdfast.uid() IS NULL OR holdfast.jwt_role() = 'service_role') AND holdfast_private.is_trusted() THEN
        RETURN 'system';
    ELSIF organization_id IS DISTINCT FROM holdfast.org_id() THEN
        RETURN NULL;
    ELSIF specialist_id = holdfast.subject_id('@api@.specialists') THEN
        RETURN 'specialist';
    ELSIF holdfast.has_permission('@api@.user_roles', 'manage_bookings') THEN
        RETURN 'admin';
    ELSIF client_id = holdfast.subject_id('@api@.clients') THEN
        RETURN 'client';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_party(uuid, uuid, uuid) IS
'What the caller is to a booking of that specialist and client: specialist, admin (who has the permission manage_bookings), client, or system (a service, a job, a DBA); null when it is none of theirs.';
REVOKE ALL ON FUNCTION holdfast_private.booking_party(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_booking(organization_id uuid, booking_id uuid)
RETURNS @api@.bookings
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    IF booking_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('booking_id', 'is required');
    END IF;
    BEGIN
        SELECT b.* INTO v_booking
        FROM @api@.bookings b
        WHERE b.organization_id = find_booking.organization_id AND b.id = find_booking.booking_id
        FOR UPDATE;
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    IF v_booking.id IS NULL
        OR holdfast_private.booking_party(organization_id, v_booking.specialist_id, v_booking.client_id) IS NULL THEN
        PERFORM holdfast.raise_error('booking_not_found');
    END IF;
    RETURN v_booking;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_booking(uuid, uuid) IS
'A booking, locked for change, that the caller is a party to. booking_not_found when it does not exist or is none of theirs: nobody learns which. The body has checked the organization before. request_in_progress where it has changed since the snapshot of a REPEATABLE READ transaction: PostgREST would repeat a serialization failure for ever.';
REVOKE ALL ON FUNCTION holdfast_private.find_booking(uuid, uuid) FROM PUBLIC;
