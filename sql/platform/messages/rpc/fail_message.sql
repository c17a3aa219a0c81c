CREATE FUNCTION holdfast_private.fail_message(worker text, message_id uuid, error text, permanent boolean DEFAULT false)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_attempts CONSTANT int := 10;
    v_failed record;
BEGIN
    PERFORM holdfast_private.require_worker();
    SELECT f.* INTO v_failed
    FROM holdfast.fail('holdfast_private.outbox', message_id, worker, left(error, 500),
        CASE WHEN permanent THEN 1 ELSE c_attempts END) AS f;
    IF v_failed.accepted THEN
        UPDATE @api@.communication_logs AS c
        SET error_message = left(holdfast_private.plain_words(error), 500), status = CASE WHEN v_failed.dead THEN 'failed' ELSE 'queued' END
        WHERE c.id = fail_message.message_id AND c.status IN ('queued', 'failed');
    END IF;
    RETURN jsonb_build_object('accepted', v_failed.accepted, 'attempts', v_failed.attempts, 'due_at', v_failed.due_at,
        'dead', v_failed.dead);
END
$$;
COMMENT ON FUNCTION holdfast_private.fail_message(text, uuid, text, boolean) IS
'Says that an e-mail could not be sent: {"accepted","attempts","due_at","dead"}. It is tried again later, each time after twice as long; after 10 attempts, or at once where permanent (the server refuses the address), it is given up. error is kept: the server''s answer, nothing of the e-mail. accepted is false when it is not the worker''s any more. For the service role. Errors: forbidden, invalid_input, not_authenticated, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.fail_message(text, uuid, text, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.fail_message(text, uuid, text, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
