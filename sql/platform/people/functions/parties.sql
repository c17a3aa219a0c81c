-- Whom and what a booking may name: only what is active.

CREATE FUNCTION holdfast_private.active_specialist(organization_id uuid, specialist_id uuid)
RETURNS @api@.specialists
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_specialist @api@.specialists;
BEGIN
    SELECT s.* INTO v_specialist
    FROM @api@.specialists s
    WHERE s.organization_id = active_specialist.organization_id AND s.id = active_specialist.specialist_id
        AND s.status = 'active';
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('specialist_not_found');
    END IF;
    RETURN v_specialist;
END
$$;
COMMENT ON FUNCTION holdfast_private.active_specialist(uuid, uuid) IS 'A specialist who can be booked; specialist_not_found otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.active_specialist(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.active_client(organization_id uuid, client_id uuid)
RETURNS @api@.clients
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_client @api@.clients;
BEGIN
    SELECT c.* INTO v_client
    FROM @api@.clients c
    WHERE c.organization_id = active_client.organization_id AND c.id = active_client.client_id
        AND c.status = 'active' AND c.deleted_at IS NULL;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('client_not_found');
    END IF;
    RETURN v_client;
END
$$;
COMMENT ON FUNCTION holdfast_private.active_client(uuid, uuid) IS 'A client who may book; client_not_found otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.active_client(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.session_length(organization_id uuid, session_type_id uuid)
RETURNS interval
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_length interval;
BEGIN
    IF session_type_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT t.default_duration_minutes * interval '1 minute' INTO v_length
    FROM @api@.session_types t
    WHERE t.organization_id = session_length.organization_id AND t.id = session_length.session_type_id AND t.is_active;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('session_type_not_found');
    END IF;
    RETURN v_length;
END
$$;
COMMENT ON FUNCTION holdfast_private.session_length(uuid, uuid) IS
'How long a session of that type usually is; null for no type. Raises session_type_not_found unless the type is active.';
REVOKE ALL ON FUNCTION holdfast_private.session_length(uuid, uuid) FROM PUBLIC;
