CREATE FUNCTION holdfast_private.security_event(
    organization_id uuid, user_id uuid, action text, details jsonb, status text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_record regproc := to_regproc('holdfast_private.record_security_event');
BEGIN
    -- The module audit makes this function; without it nothing is kept but what the tables say.
    IF v_record IS NOT NULL THEN
        EXECUTE format('SELECT %s($1, $2, $3, $4, $5)', v_record)
        USING coalesce(organization_id, '00000000-0000-0000-0000-000000000000'), user_id, action, details, status;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.security_event(uuid, uuid, text, jsonb, text) IS
'Writes a security event to the audit log, if there is one: about whose account, what happened (a word), and whether it was a success or a failure.';
REVOKE ALL ON FUNCTION holdfast_private.security_event(uuid, uuid, text, jsonb, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.tell_account(organization_id uuid, user_id uuid, kind text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_time text := to_char(holdfast.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"');
BEGIN
    IF to_regproc('holdfast_private.enqueue_mail') IS NOT NULL THEN
        PERFORM holdfast_private.enqueue_mail(organization_id, kind,
            jsonb_build_object('user_id', user_id, 'variables', jsonb_build_object('time', v_time)),
            concat_ws(':', kind, user_id, holdfast.uuid_v7()));
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.tell_account(uuid, uuid, text) IS
'Plans an e-mail that tells somebody what was done with their account, so that they notice what was not them: password_changed, new_device. Without the module messages nobody is told.';
REVOKE ALL ON FUNCTION holdfast_private.tell_account(uuid, uuid, text) FROM PUBLIC;
