CREATE FUNCTION holdfast_private.enqueue_mail(
    organization_id uuid, kind text, about jsonb, dedupe_key text, due_at timestamptz DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.enqueue('holdfast_private.outbox', organization_id, 'email',
        jsonb_build_object('kind', kind) || about, due_at, dedupe_key);
END
$$;
COMMENT ON FUNCTION holdfast_private.enqueue_mail(uuid, text, jsonb, text, timestamptz) IS
'Plans an e-mail, with what is being done: about holds ids only, like {"party": "client", "booking_id"}. One with the same dedupe_key is not planned twice.';
REVOKE ALL ON FUNCTION holdfast_private.enqueue_mail(uuid, text, jsonb, text, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.plan_reminders(booking @api@.bookings)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
BEGIN
    INSERT INTO @api@.booking_reminders AS r (
        organization_id, booking_id, client_id, specialist_id, kind, party, scheduled_for, status)
    SELECT booking.organization_id, booking.id, booking.client_id, booking.specialist_id, k.kind, k.party,
        booking.start_time - k.before, CASE WHEN booking.start_time - k.before > v_now THEN 'pending' ELSE 'cancelled' END
    FROM (VALUES ('24h', 'client', interval '24 hours'), ('24h', 'specialist', interval '24 hours'),
                 ('1h', 'client', interval '1 hour'), ('1h', 'specialist', interval '1 hour'),
                 ('preparation', 'specialist', interval '30 minutes')) AS k (kind, party, before)
    WHERE booking.start_time - k.before > v_now OR EXISTS (
        SELECT FROM @api@.booking_reminders AS o
        WHERE o.organization_id = booking.organization_id AND o.booking_id = booking.id AND o.kind = k.kind
            AND o.party = k.party)
    ON CONFLICT (organization_id, booking_id, kind, party) DO UPDATE
    SET scheduled_for = excluded.scheduled_for, status = excluded.status, sent_at = NULL,
        specialist_id = excluded.specialist_id
    WHERE r.scheduled_for <> excluded.scheduled_for OR r.specialist_id <> excluded.specialist_id
        OR r.status = 'cancelled' AND excluded.status = 'pending';
END
$$;
COMMENT ON FUNCTION holdfast_private.plan_reminders(@api@.bookings) IS
'Plans the reminders of a booking, or moves them to its new time, where they start anew. One whose time has passed already is not made, or cancelled.';
REVOKE ALL ON FUNCTION holdfast_private.plan_reminders(@api@.bookings) FROM PUBLIC;

CREATE FUNCTION holdfast_private.notify_parties(booking @api@.bookings, kind text, client_id uuid, specialist_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_client uuid := (
        SELECT c.user_id FROM @api@.clients AS c
        WHERE c.organization_id = booking.organization_id AND c.id = notify_parties.client_id);
    v_specialist uuid := (
        SELECT s.user_id FROM @api@.specialists AS s
        WHERE s.organization_id = booking.organization_id AND s.id = notify_parties.specialist_id);
BEGIN
    -- Two look-ups, each a plan that is kept and starts at once, cost less than one UNION that sorts two rows.
    INSERT INTO @api@.notifications AS n (organization_id, user_id, kind, booking_id, data)
    SELECT booking.organization_id, u.user_id, notify_parties.kind, booking.id,
        jsonb_build_object('start_time', booking.start_time, 'end_time', booking.end_time, 'status', booking.status)
    FROM unnest(ARRAY[v_client, nullif(v_specialist, v_client)]) AS u (user_id)
    WHERE u.user_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM @api@.notification_preferences AS p
            WHERE p.organization_id = booking.organization_id AND p.user_id = u.user_id AND NOT p.push_notifications);
END
$$;
COMMENT ON FUNCTION holdfast_private.notify_parties(@api@.bookings, text, uuid, uuid) IS
'Writes in-app notifications of a booking for a client and a specialist, or one of them, where they are users and want any.';
REVOKE ALL ON FUNCTION holdfast_private.notify_parties(@api@.bookings, text, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.tell_booking()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_moved boolean := TG_OP = 'UPDATE' AND (
        NEW.start_time <> OLD.start_time OR NEW.end_time <> OLD.end_time OR NEW.specialist_id <> OLD.specialist_id);
    v_event text;
    v_party text;
BEGIN
    v_event := CASE
        WHEN NEW.status = 'cancelled' THEN 'booking_cancelled'
        WHEN v_moved THEN 'booking_rescheduled'
        WHEN NEW.status = 'confirmed' THEN 'booking_confirmation'
        WHEN NEW.status = 'pending' THEN 'booking_pending'
    END;
    IF v_event IS NULL THEN
        RETURN NULL;
    END IF;
    FOREACH v_party IN ARRAY ARRAY['client', 'specialist'] LOOP
        PERFORM holdfast_private.enqueue_mail(
            NEW.organization_id, v_event, jsonb_build_object('party', v_party, 'booking_id', NEW.id),
            concat_ws(':', 'booking', NEW.id, v_event, NEW.status, NEW.reschedule_count, v_party));
    END LOOP;
    PERFORM holdfast_private.notify_parties(NEW, v_event, NEW.client_id, NEW.specialist_id);
    IF TG_OP = 'UPDATE' AND NEW.specialist_id <> OLD.specialist_id THEN
        -- Who had it is free then, and was told of the time that it had.
        PERFORM holdfast_private.enqueue_mail(
            NEW.organization_id, 'booking_reassigned',
            jsonb_build_object('party', 'former', 'booking_id', NEW.id, 'specialist_id', OLD.specialist_id,
                'start_time', OLD.start_time, 'end_time', OLD.end_time),
            concat_ws(':', 'booking', NEW.id, 'booking_reassigned', NEW.reschedule_count));
        PERFORM holdfast_private.notify_parties(OLD, 'booking_reassigned', NULL, OLD.specialist_id);
    END IF;
    IF NEW.status = 'confirmed' THEN
        PERFORM holdfast_private.plan_reminders(NEW);
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE @api@.booking_reminders AS r SET status = 'cancelled'
        WHERE r.organization_id = NEW.organization_id AND r.booking_id = NEW.id AND r.status = 'pending';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.tell_booking() IS
'Tells both parties what became of a booking, and the specialist who had it before, by e-mail and in the application, and plans, moves or drops its reminders, in the transaction that did it.';
REVOKE ALL ON FUNCTION holdfast_private.tell_booking() FROM PUBLIC;

CREATE FUNCTION holdfast_private.tell_token()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.enqueue_mail(NEW.organization_id, NEW.kind, jsonb_build_object('token_id', NEW.id),
        concat_ws(':', 'token', NEW.id, extract(epoch FROM NEW.created_at)));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.tell_token() IS
'Plans the e-mail with a one-use token. The token itself is made when a worker takes the e-mail.';
REVOKE ALL ON FUNCTION holdfast_private.tell_token() FROM PUBLIC;
