CREATE FUNCTION holdfast_private.record_bounce(message_id uuid, kind text, permanent boolean DEFAULT true)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_log @api@.communication_logs;
BEGIN
    PERFORM holdfast_private.require_worker();
    IF kind IS NULL OR kind NOT IN ('bounced', 'complained') THEN
        PERFORM holdfast_private.raise_invalid('kind', 'must be bounced or complained');
    END IF;
    UPDATE @api@.communication_logs AS c SET status = record_bounce.kind
    WHERE c.id = message_id AND c.status IN ('sent', 'bounced', 'complained')
    RETURNING c.* INTO v_log;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('message_not_found');
    END IF;
    IF permanent OR kind = 'complained' THEN
        INSERT INTO holdfast_private.email_suppressions (organization_id, email_hash, reason)
        VALUES (v_log.organization_id, holdfast_private.email_hash(v_log.recipient), kind)
        ON CONFLICT (organization_id, email_hash) DO NOTHING;
    END IF;
    RETURN jsonb_build_object('suppressed', permanent OR kind = 'complained');
END
$$;
COMMENT ON FUNCTION holdfast_private.record_bounce(uuid, text, boolean) IS
'Takes in what the mail server learnt later of a message that was sent: kind is bounced or complained. After a complaint, or a bounce that is permanent, the organization sends nothing to that address any more: {"suppressed"}. For the service role. Errors: forbidden, invalid_input, message_not_found, not_authenticated.';
REVOKE ALL ON FUNCTION holdfast_private.record_bounce(uuid, text, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.record_bounce(uuid, text, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
