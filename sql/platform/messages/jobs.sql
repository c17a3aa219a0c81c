CREATE FUNCTION holdfast_private.job_dispatch_reminders()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    v_now timestamptz := holdfast.clock();
    v_due record;
    v_sent int := 0;
BEGIN
    FOR v_due IN
        SELECT r.organization_id, r.id, r.booking_id, r.kind, r.party, r.scheduled_for,
            -- Not after the session has begun, not for one that is off, and no late one within an hour of the next.
            b.status = 'confirmed' AND b.start_time > v_now
                AND NOT (r.kind = '24h' AND b.start_time <= v_now + interval '2 hours') AS wanted
        FROM @api@.booking_reminders AS r
        JOIN @api@.bookings AS b ON b.organization_id = r.organization_id AND b.id = r.booking_id
        WHERE r.status = 'pending' AND r.scheduled_for <= v_now
        ORDER BY r.scheduled_for
        LIMIT c_batch
        FOR UPDATE OF r SKIP LOCKED
    LOOP
        IF v_due.wanted THEN
            PERFORM holdfast_private.enqueue_mail(
                v_due.organization_id,
                CASE v_due.kind WHEN '24h' THEN 'booking_reminder_24h' WHEN '1h' THEN 'booking_reminder_1h'
                    ELSE 'booking_preparation' END,
                jsonb_build_object('party', v_due.party, 'booking_id', v_due.booking_id, 'reminder_id', v_due.id),
                concat_ws(':', 'reminder', v_due.id, extract(epoch FROM v_due.scheduled_for)));
            v_sent := v_sent + 1;
        END IF;
        UPDATE @api@.booking_reminders AS r
        SET status = CASE WHEN v_due.wanted THEN 'sent' ELSE 'cancelled' END,
            sent_at = CASE WHEN v_due.wanted THEN v_now END
        WHERE r.organization_id = v_due.organization_id AND r.id = v_due.id;
    END LOOP;
    RETURN v_sent;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_dispatch_reminders() IS
'Puts reminders that are due into the outbox, each once, and drops those whose session has begun or is off; returns how many it sent. After a pause it catches up with what still helps.';
REVOKE ALL ON FUNCTION holdfast_private.job_dispatch_reminders() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_purge_messages()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.purge_outbox('holdfast_private.outbox', interval '30 days', 10000);
END
$$;
COMMENT ON FUNCTION holdfast_private.job_purge_messages() IS
'Forgets messages that were sent 30 days ago; returns how many. What was sent stays in communication_logs.';
REVOKE ALL ON FUNCTION holdfast_private.job_purge_messages() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_dispatch_reminders', '* * * * *', 'puts reminders that are due into the outbox'),
    ('job_remind_renewals', '17 8 * * *', 'reminds HR of subscriptions that end or begin another year'),
    ('job_purge_messages', '41 * * * *', 'forgets messages that were sent long ago');
