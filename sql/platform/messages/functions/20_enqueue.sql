CREATE FUNCTION holdfast_private.enqueue_mail(
    organization_id uuid, kind text, about jsonb, dedupe_key text, due_at timestamptz DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.enqueue('holdfast_private.outbox', 'email',
        jsonb_build_object('kind', kind) || about, due_at, dedupe_key, organization_id => organization_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.enqueue_mail(uuid, text, jsonb, text, timestamptz) IS
'Plans an e-mail, with what is being done: about holds ids only, like {"party": "client", "booking_id"}. One with the same dedupe_key is not planned twice.';
REVOKE ALL ON FUNCTION holdfast_private.enqueue_mail(uuid, text, jsonb, text, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.plan_reminders(booking @api@.bookings, is_new boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_day timestamptz := booking.start_time - interval '24 hours';
    v_hour timestamptz := booking.start_time - interval '1 hour';
    v_half timestamptz := booking.start_time - interval '30 minutes';
    v_there text[] := '{}';
BEGIN
    IF NOT is_new THEN
        UPDATE @api@.booking_reminders AS r
        SET scheduled_for = k.due, status = CASE WHEN k.due > v_now THEN 'pending' ELSE 'cancelled' END, sent_at = NULL,
            specialist_id = booking.specialist_id
        FROM (VALUES ('24h', v_day), ('1h', v_hour), ('preparation', v_half)) AS k (kind, due)
        WHERE r.organization_id = booking.organization_id AND r.booking_id = booking.id AND r.kind = k.kind
            AND (r.scheduled_for <> k.due OR r.specialist_id <> booking.specialist_id
                OR r.status = 'cancelled' AND k.due > v_now);
        v_there := ARRAY(
            SELECT r.kind || ' ' || r.party FROM @api@.booking_reminders AS r
            WHERE r.organization_id = booking.organization_id AND r.booking_id = booking.id);
    END IF;
    -- No ON CONFLICT: whoever plans has the booking locked, or has just made it.
    INSERT INTO @api@.booking_reminders (
        organization_id, booking_id, client_id, specialist_id, kind, party, scheduled_for)
    SELECT booking.organization_id, booking.id, booking.client_id, booking.specialist_id, k.kind, k.party, k.due
    FROM (VALUES ('24h', 'client', v_day), ('24h', 'specialist', v_day), ('1h', 'client', v_hour),
                 ('1h', 'specialist', v_hour), ('preparation', 'specialist', v_half)) AS k (kind, party, due)
    WHERE k.due > v_now AND k.kind || ' ' || k.party <> ALL (v_there);
END
$$;
COMMENT ON FUNCTION holdfast_private.plan_reminders(@api@.bookings, boolean) IS
'Plans the reminders of a booking; those of one that is not new are moved to its new time, where they start anew. One whose time has passed already is not made, or cancelled.';
REVOKE ALL ON FUNCTION holdfast_private.plan_reminders(@api@.bookings, boolean) FROM PUBLIC;

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
        PERFORM holdfast.enqueue('holdfast_private.outbox', 'email',
            jsonb_build_object('kind', v_event, 'party', v_party, 'booking_id', NEW.id), NULL,
            concat_ws(':', 'booking', NEW.id, v_event, NEW.status, NEW.reschedule_count, v_party), organization_id => NEW.organization_id);
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
        PERFORM holdfast_private.plan_reminders(NEW, TG_OP = 'INSERT');
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
