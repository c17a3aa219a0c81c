CREATE FUNCTION holdfast_private.lease_messages(worker text, max_count int DEFAULT 10, lease_seconds int DEFAULT 60)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_message record;
    v_composed jsonb;
    v_mails jsonb := '[]';
BEGIN
    PERFORM holdfast_private.require_worker();
    IF max_count IS NULL OR max_count NOT BETWEEN 1 AND 100 THEN
        PERFORM holdfast_private.raise_invalid('max_count', 'must be from 1 to 100');
    ELSIF lease_seconds IS NULL OR lease_seconds NOT BETWEEN 5 AND 3600 THEN
        PERFORM holdfast_private.raise_invalid('lease_seconds', 'must be from 5 to 3600');
    END IF;
    FOR v_message IN
        SELECT l.* FROM holdfast.lease(
            'holdfast_private.outbox', 'email', worker, max_count, make_interval(secs => lease_seconds)) AS l
    LOOP
        -- One that cannot be made is put off, and does not keep the others back.
        BEGIN
            v_composed := holdfast_private.compose_mail(v_message.organization_id, v_message.id, v_message.payload);
        EXCEPTION WHEN OTHERS THEN
            PERFORM holdfast.fail('holdfast_private.outbox', v_message.id, worker, 'not made: ' || SQLSTATE);
            CONTINUE;
        END;
        IF v_composed ->> 'status' = 'moot' THEN
            UPDATE @api@.communication_logs AS c SET status = 'suppressed'
            WHERE c.organization_id = v_message.organization_id AND c.id = v_message.id AND c.status IN ('queued', 'failed');
        ELSE
            INSERT INTO @api@.communication_logs AS c (
                organization_id, id, user_id, booking_id, template, recipient, subject, content, status)
            VALUES (
                v_message.organization_id, v_message.id, (v_composed ->> 'user_id')::uuid,
                (v_composed ->> 'booking_id')::uuid, v_composed #>> '{mail,kind}', v_composed #>> '{mail,to}',
                v_composed #>> '{mail,subject}',
                v_composed ->> 'content',
                v_composed ->> 'status')
            ON CONFLICT (organization_id, id) DO UPDATE
            SET recipient = excluded.recipient, subject = excluded.subject, content = excluded.content,
                status = excluded.status
            WHERE c.status IN ('queued', 'failed');
        END IF;
        IF v_composed ->> 'status' = 'queued' THEN
            v_mails := v_mails || jsonb_build_array(v_composed -> 'mail' || jsonb_build_object('attempts', v_message.attempts));
        ELSE
            PERFORM holdfast.ack('holdfast_private.outbox', ARRAY[v_message.id], worker);
        END IF;
    END LOOP;
    RETURN v_mails;
END
$$;
COMMENT ON FUNCTION holdfast_private.lease_messages(text, int, int) IS
'Gives a worker up to max_count e-mails that are due, of every organization, for lease_seconds: [{"id","organization_id","kind","message_id","from":{"name","address"},"reply_to","to","subject","text","html","headers","attachments":[{"filename","content_type","content"}],"attempts"}]. Send each, then call ack_messages, or fail_message; without either in time another worker gets it, with the same message_id. What nobody wants, has no address or is not true any more is left out and done with, so an empty answer does not mean that nothing is waiting. For the service role. Errors: forbidden, invalid_input, not_authenticated, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.lease_messages(text, int, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.lease_messages(text, int, int)'::regprocedure, '@api@', '{authenticated,service_role}');
