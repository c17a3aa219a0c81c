-- What a message says, made at the moment when a worker takes it.

CREATE FUNCTION holdfast_private.settings_of_messages(organization_id uuid)
RETURNS @api@.message_settings
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settings @api@.message_settings;
BEGIN
    SELECT s.* INTO v_settings
    FROM @api@.message_settings AS s
    WHERE s.organization_id IN (settings_of_messages.organization_id, '00000000-0000-0000-0000-000000000000')
    ORDER BY s.organization_id = settings_of_messages.organization_id DESC
    LIMIT 1;
    RETURN v_settings;
END
$$;
COMMENT ON FUNCTION holdfast_private.settings_of_messages(uuid) IS 'How the e-mails of an organization look from outside: its own settings, or the platform''s.';
REVOKE ALL ON FUNCTION holdfast_private.settings_of_messages(uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.booking_mail(organization_id uuid, booking_id uuid, party text)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_booking @api@.bookings;
    v_mail jsonb;
BEGIN
    SELECT b.* INTO v_booking FROM @api@.bookings AS b
    WHERE b.organization_id = booking_mail.organization_id AND b.id = booking_mail.booking_id;
    SELECT jsonb_build_object(
        'email', CASE party WHEN 'client' THEN coalesce(c.email, cp.email) ELSE sp.email END,
        'user_id', CASE party WHEN 'client' THEN c.user_id ELSE s.user_id END,
        'locale', CASE party WHEN 'client' THEN cp.locale ELSE sp.locale END,
        'variables', jsonb_build_object(
            'name', CASE party WHEN 'client' THEN c.display_name ELSE s.display_name END,
            'client', c.display_name,
            'specialist', s.display_name,
            'start_time', to_char(v_booking.start_time AT TIME ZONE z.time_zone, 'YYYY-MM-DD HH24:MI'),
            'end_time', to_char(v_booking.end_time AT TIME ZONE z.time_zone, 'YYYY-MM-DD HH24:MI'),
            'time_zone', z.time_zone,
            'status', v_booking.status,
            'meeting_link', v_booking.meeting_link,
            'reason', coalesce(v_booking.decline_reason, v_booking.cancellation_reason)))
    INTO v_mail
    FROM @api@.clients AS c
    JOIN @api@.specialists AS s ON s.organization_id = v_booking.organization_id AND s.id = v_booking.specialist_id
    LEFT JOIN @api@.profiles AS cp ON cp.organization_id = c.organization_id AND cp.user_id = c.user_id
    LEFT JOIN @api@.profiles AS sp ON sp.organization_id = s.organization_id AND sp.user_id = s.user_id
    CROSS JOIN LATERAL (
        SELECT CASE party WHEN 'client' THEN coalesce(cp.time_zone, c.time_zone, v_booking.time_zone)
                          ELSE coalesce(sp.time_zone, s.time_zone) END AS time_zone) AS z
    WHERE c.organization_id = v_booking.organization_id AND c.id = v_booking.client_id;
    RETURN v_mail || jsonb_build_object(
        'booking_id', v_booking.id,
        'attachments', jsonb_build_array(jsonb_build_object(
            'filename', 'session.ics',
            'content_type', 'text/calendar; charset=utf-8; method='
                || CASE v_booking.status WHEN 'cancelled' THEN 'CANCEL' ELSE 'REQUEST' END,
            'content', holdfast.ics(
                jsonb_build_array(
                    holdfast_private.booking_events(v_booking.organization_id, ARRAY[v_booking.id], party) -> 0
                    || holdfast_private.invited(v_booking, party)),
                CASE v_booking.status WHEN 'cancelled' THEN 'CANCEL' ELSE 'REQUEST' END))));
END
$$;
COMMENT ON FUNCTION holdfast_private.booking_mail(uuid, uuid, text) IS
'What an e-mail about a booking needs, for one party, as things are now: {"email","user_id","locale","variables","booking_id","attachments"}. Times are those of the reader''s zone.';
REVOKE ALL ON FUNCTION holdfast_private.booking_mail(uuid, uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.token_mail(organization_id uuid, token_id uuid, site_url text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_token jsonb;
BEGIN
    IF NOT EXISTS (
        SELECT FROM @api@.account_tokens AS t
        WHERE t.organization_id = token_mail.organization_id AND t.id = token_mail.token_id AND NOT t.silent
          AND t.void_at IS NULL AND num_nonnulls(t.accepted_at, t.rejected_at) = 0 AND t.expires_at > holdfast.clock()) THEN
        RETURN NULL;
    END IF;
    v_token := holdfast_private.make_token(organization_id, token_id);
    RETURN jsonb_build_object(
        'email', v_token -> 'email',
        'user_id', v_token -> 'user_id',
        'locale', v_token -> 'locale',
        'variables', jsonb_build_object(
            'name', coalesce(v_token ->> 'display_name', v_token ->> 'email'),
            'organization', v_token -> 'organization',
            'role', v_token -> 'role',
            'link', concat(site_url, '/', replace(v_token ->> 'kind', '_', '-'), '?token=', v_token ->> 'token'),
            'expires_at', to_char((v_token ->> 'expires_at')::timestamptz, 'YYYY-MM-DD HH24:MI "UTC"'))
            -- what the kind of token says besides, like the company that invites
            || coalesce(v_token #> '{details,variables}', '{}'));
END
$$;
COMMENT ON FUNCTION holdfast_private.token_mail(uuid, uuid, text) IS
'What an e-mail with a one-use token needs; the token is made now and is in the link only. Null when the token was used, taken back or is too old by now.';
REVOKE ALL ON FUNCTION holdfast_private.token_mail(uuid, uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.outdated(organization_id uuid, about jsonb)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_booking @api@.bookings;
BEGIN
    IF NOT about ? 'booking_id' THEN
        RETURN false;
    END IF;
    SELECT b.* INTO v_booking FROM @api@.bookings AS b
    WHERE b.organization_id = outdated.organization_id AND b.id = (about ->> 'booking_id')::uuid;
    RETURN coalesce(NOT CASE about ->> 'kind'
        WHEN 'booking_cancelled' THEN v_booking.status = 'cancelled'
        WHEN 'booking_pending' THEN v_booking.status = 'pending'
        WHEN 'booking_rescheduled' THEN v_booking.status IN ('pending', 'confirmed')
        WHEN 'booking_confirmation' THEN v_booking.status NOT IN ('pending', 'cancelled')
        -- A reminder of a session that is off, has begun, or was moved since.
        ELSE v_booking.status = 'confirmed' AND v_booking.start_time > holdfast.clock() AND EXISTS (
            SELECT FROM @api@.booking_reminders AS r
            WHERE r.organization_id = outdated.organization_id AND r.id = (about ->> 'reminder_id')::uuid
                AND r.status = 'sent')
    END, true);
END
$$;
COMMENT ON FUNCTION holdfast_private.outdated(uuid, jsonb) IS
'Whether what an e-mail was to say of a booking is not true any more when a worker takes it: it was cancelled since, or the session of a reminder was moved or has begun. What happened since has an e-mail of its own.';
REVOKE ALL ON FUNCTION holdfast_private.outdated(uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.email_hash(email text)
RETURNS bytea
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN sha256(convert_to(lower(email), 'UTF8'));
END
$$;
COMMENT ON FUNCTION holdfast_private.email_hash(text) IS 'What email_suppressions keeps of an address: SHA-256 of it in lower case.';
REVOKE ALL ON FUNCTION holdfast_private.email_hash(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.unwanted(organization_id uuid, class text, mail jsonb)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_preferences @api@.notification_preferences;
BEGIN
    IF EXISTS (SELECT FROM holdfast_private.email_suppressions AS e
               WHERE e.organization_id = unwanted.organization_id
                 AND e.email_hash = holdfast_private.email_hash(mail ->> 'email')) THEN
        RETURN true;
    END IF;
    SELECT p.* INTO v_preferences FROM @api@.notification_preferences AS p
    WHERE p.organization_id = unwanted.organization_id AND p.user_id = (mail ->> 'user_id')::uuid;
    RETURN CASE class
        WHEN 'required' THEN false
        WHEN 'notice' THEN NOT coalesce(v_preferences.email_notifications, true)
        ELSE NOT coalesce(v_preferences.marketing_emails, false)
    END;
END
$$;
COMMENT ON FUNCTION holdfast_private.unwanted(uuid, text, jsonb) IS
'Whether an e-mail of a class is not to be sent: the address bounced or complained, or its owner does not want such e-mail.';
REVOKE ALL ON FUNCTION holdfast_private.unwanted(uuid, text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.compose_mail(organization_id uuid, message_id uuid, about jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settings @api@.message_settings := holdfast_private.settings_of_messages(organization_id);
    v_kind holdfast_private.message_kinds;
    v_template @api@.email_templates;
    v_mail jsonb;
    v_variables jsonb;
    v_sender text;
BEGIN
    IF holdfast_private.outdated(organization_id, about) THEN
        RETURN jsonb_build_object('status', 'moot');
    END IF;
    SELECT k.* INTO v_kind FROM holdfast_private.message_kinds AS k WHERE k.kind = about ->> 'kind';
    v_mail := CASE
        WHEN about ? 'booking_id' THEN
            holdfast_private.booking_mail(organization_id, (about ->> 'booking_id')::uuid, about ->> 'party')
        WHEN about ? 'token_id' THEN
            holdfast_private.token_mail(organization_id, (about ->> 'token_id')::uuid, v_settings.site_url)
        ELSE about
    END;
    IF v_kind.kind IS NULL OR v_mail ->> 'email' IS NULL THEN
        RETURN jsonb_build_object('status', 'moot');
    END IF;
    v_template := holdfast_private.find_template(organization_id, v_kind.kind, coalesce(v_mail ->> 'locale', 'en'));
    v_sender := holdfast_private.plain_words(coalesce(v_settings.from_name,
        (SELECT o.name FROM @api@.organizations AS o WHERE o.id = compose_mail.organization_id)));
    v_variables := jsonb_build_object('organization', v_sender, 'site_url', v_settings.site_url) || (v_mail -> 'variables');
    RETURN jsonb_build_object(
        'status', CASE WHEN holdfast_private.unwanted(organization_id, v_kind.class, v_mail) THEN 'suppressed' ELSE 'queued' END,
        'is_secret', v_kind.is_secret,
        'user_id', v_mail -> 'user_id',
        'booking_id', v_mail -> 'booking_id',
        'mail', jsonb_build_object(
            'id', message_id,
            'organization_id', organization_id,
            'kind', v_kind.kind,
            'message_id', format('<%s@%s>', message_id, split_part(v_settings.from_address, '@', 2)),
            'from', jsonb_build_object('name', v_sender, 'address', v_settings.from_address),
            'reply_to', v_settings.reply_to,
            'to', v_mail -> 'email',
            'subject', left(holdfast_private.plain_words(
                holdfast_private.render_template(v_template.subject, v_variables, false)), 500),
            'text', holdfast_private.render_template(v_template.body_text, v_variables, false),
            'html', holdfast_private.render_template(v_template.body_html, v_variables, true),
            'headers', CASE WHEN v_kind.class = 'required' THEN '{}' ELSE jsonb_build_object(
                'List-Unsubscribe', format('<%s/notification-preferences>', v_settings.site_url)) END,
            'attachments', coalesce(v_mail -> 'attachments', '[]')));
END
$$;
COMMENT ON FUNCTION holdfast_private.compose_mail(uuid, uuid, jsonb) IS
'A message made into an e-mail: {"status": queued, suppressed or moot (there is nobody to write to, or it is not true any more), "is_secret", "user_id", "booking_id", "mail": what lease_messages() returns}.';
REVOKE ALL ON FUNCTION holdfast_private.compose_mail(uuid, uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_worker()
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error(CASE WHEN holdfast.uid() IS NULL THEN 'not_authenticated' ELSE 'forbidden' END);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_worker() IS
'Only the service role and the system pass; everybody else is not_authenticated or forbidden. Workers serve every organization.';
REVOKE ALL ON FUNCTION holdfast_private.require_worker() FROM PUBLIC;
