-- What other modules report. They look these functions up, so that they work without this module.

CREATE FUNCTION holdfast_private.record_security_event(
    organization_id uuid, user_id uuid, action text, details jsonb, status text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.record_entry('holdfast_private.audit_log', jsonb_build_object(
        'action', 'security.' || action,
        'outcome', status,
        'organization_id', organization_id,
        'user_id', coalesce(holdfast.uid(), user_id),
        'subject_id', user_id,
        'details', details - '{email,phone,password,token,secret}'::text[]));
END
$$;
COMMENT ON FUNCTION holdfast_private.record_security_event(uuid, uuid, text, jsonb, text) IS
'Writes a security event to the audit log: about whose account, what happened (a word), and success, failure or the word of a failure. Contact data and secrets are left out of the details.';
REVOKE ALL ON FUNCTION holdfast_private.record_security_event(uuid, uuid, text, jsonb, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.record_read_event(
    organization_id uuid, entity_type text, entity_id text, subject_id uuid, details jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.record_entry('holdfast_private.audit_log', jsonb_build_object(
        'action', 'read.read',
        'organization_id', organization_id,
        'entity_type', entity_type,
        'entity_id', entity_id,
        'subject_id', subject_id,
        'details', details));
END
$$;
COMMENT ON FUNCTION holdfast_private.record_read_event(uuid, text, text, uuid, jsonb) IS
'Writes to the audit log that clinical data was read: of whom, where.';
REVOKE ALL ON FUNCTION holdfast_private.record_read_event(uuid, text, text, uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.erase_audit_of(organization_id uuid, client_id uuid)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := (SELECT c.user_id FROM @api@.clients AS c
                    WHERE c.organization_id = erase_audit_of.organization_id AND c.id = erase_audit_of.client_id);
BEGIN
    RETURN holdfast.erase_audit('holdfast_private.audit_log', organization_id, client_id)
        + CASE WHEN v_user IS NULL THEN 0
               ELSE holdfast.erase_audit('holdfast_private.audit_log', organization_id, v_user) END;
END
$$;
COMMENT ON FUNCTION holdfast_private.erase_audit_of(uuid, uuid) IS
'Takes what the audit log says of a client out of it, as client and as user; returns how many rows. Seals stay valid. To be called before the client''s user_id is forgotten.';
REVOKE ALL ON FUNCTION holdfast_private.erase_audit_of(uuid, uuid) FROM PUBLIC;
