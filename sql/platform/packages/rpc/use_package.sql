CREATE FUNCTION holdfast_private.use_package(organization_id uuid, booking_id uuid, client_package_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF client_package_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('client_package_id', 'is required');
    END IF;
    v_booking := holdfast_private.find_booking(organization_id, booking_id);
    RETURN jsonb_build_object('client_package', to_jsonb(holdfast_private.spend_package(v_booking, client_package_id)));
END
$$;
COMMENT ON FUNCTION holdfast_private.use_package(uuid, uuid, uuid) IS
'Uses one session of a client''s package for a booking of theirs: {"client_package": {"id", "uses_left", …}}. Asked again it changes nothing more. The key client_package_id of the session object does the same when a booking is confirmed. A cancelled booking gives its session back. Errors: booking_not_found, client_package_not_found (not this client''s), quota_exhausted (balance, period_ends_at), invalid_transition, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.use_package(uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.use_package(uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
