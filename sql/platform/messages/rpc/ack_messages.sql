CREATE FUNCTION holdfast_private.ack_messages(worker text, ids uuid[])
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_done uuid[];
BEGIN
    PERFORM holdfast_private.require_worker();
    SELECT coalesce(array_agg(a.id), '{}') INTO v_done
    FROM holdfast.ack('holdfast_private.outbox', ids, worker) AS a
    WHERE a.acknowledged;
    UPDATE @api@.communication_logs AS c SET status = 'sent', sent_at = holdfast.clock(), error_message = NULL
    WHERE c.id = ANY (v_done) AND c.status IN ('queued', 'failed');
    PERFORM holdfast_private.mark_told(v_done);
    RETURN jsonb_build_object('acknowledged', to_jsonb(v_done));
END
$$;
COMMENT ON FUNCTION holdfast_private.ack_messages(text, uuid[]) IS
'Says that the mail server has accepted these e-mails: {"acknowledged": [ids]}; they are never given out again. One that is missing is not the worker''s any more. For the service role. Errors: forbidden, invalid_input, not_authenticated, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.ack_messages(text, uuid[]) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.ack_messages(text, uuid[])'::regprocedure, '@api@', '{authenticated,service_role}');
