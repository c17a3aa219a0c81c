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
    IF about ? 'subscription_id' THEN
        RETURN NOT EXISTS (
            SELECT FROM holdfast_private.subscriptions_turning(organization_id, (about ->> 'subscription_id')::uuid) AS d
            WHERE d.kind = about ->> 'kind' AND d.on_date = (about ->> 'date')::date);
    ELSIF NOT about ? 'booking_id' THEN
        RETURN false;
    END IF;
    SELECT b.* INTO v_booking FROM @api@.bookings AS b
    WHERE b.organization_id = outdated.organization_id AND b.id = (about ->> 'booking_id')::uuid;
    RETURN coalesce(NOT CASE about ->> 'kind'
        WHEN 'booking_cancelled' THEN v_booking.status = 'cancelled' AND v_booking.end_time > holdfast.clock()
        WHEN 'booking_pending' THEN v_booking.status = 'pending' AND v_booking.end_time > holdfast.clock()
        WHEN 'booking_rescheduled' THEN v_booking.status IN ('pending', 'confirmed') AND v_booking.end_time > holdfast.clock()
        WHEN 'booking_confirmation' THEN v_booking.status NOT IN ('pending', 'cancelled') AND v_booking.end_time > holdfast.clock()
        WHEN 'booking_reassigned' THEN v_booking.specialist_id <> (about ->> 'specialist_id')::uuid
        -- A reminder of a session that is off, has begun, or was moved since.
        ELSE v_booking.status = 'confirmed' AND v_booking.start_time > holdfast.clock() AND EXISTS (
            SELECT FROM @api@.booking_reminders AS r
            WHERE r.organization_id = outdated.organization_id AND r.id = (about ->> 'reminder_id')::uuid
                AND r.status = 'sent')
    END, true);
END
$$;
COMMENT ON FUNCTION holdfast_private.outdated(uuid, jsonb) IS
'Whether what an e-mail was to say of a booking or a subscription is not true any more when a worker takes it: it was cancelled since, the session is over, or that of a reminder was moved or has begun; a subscription goes another way. What happened since has an e-mail of its own.';
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

CREATE FUNCTION holdfast_private.unsubscribe_link(organization_id uuid, user_id uuid, site_url text)
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_lifetime CONSTANT interval := interval '1 year';
BEGIN
    RETURN concat(site_url, '/unsubscribe?token=',
        holdfast_private.new_secret(organization_id, user_id, 'hfunsub', holdfast.clock() + c_lifetime));
END
$$;
COMMENT ON FUNCTION holdfast_private.unsubscribe_link(uuid, uuid, text) IS
'The link by which a user takes back that they want marketing, without signing in: unsubscribe() takes its token, for a year, and nothing else does.';
REVOKE ALL ON FUNCTION holdfast_private.unsubscribe_link(uuid, uuid, text) FROM PUBLIC;

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
    v_headers jsonb := '{}';
    v_link text;
    v_wanted boolean;
    v_text text;
BEGIN
    IF holdfast_private.outdated(organization_id, about) THEN
        RETURN jsonb_build_object('status', 'moot');
    END IF;
    SELECT k.* INTO v_kind FROM holdfast_private.message_kinds AS k WHERE k.kind = about ->> 'kind';
    v_mail := CASE
        WHEN about ? 'booking_id' THEN
            holdfast_private.booking_mail(organization_id, about)
        WHEN about ? 'token_id' THEN
            holdfast_private.token_mail(organization_id, (about ->> 'token_id')::uuid, v_settings.site_url)
        WHEN about ? 'user_id' THEN holdfast_private.user_mail(organization_id, about)
        ELSE about
    END;
    IF about ? 'company_id' THEN
        v_mail := holdfast_private.quota_mail(organization_id, about);
    END IF;
    IF v_kind.kind IS NULL OR v_mail ->> 'email' IS NULL THEN
        RETURN jsonb_build_object('status', 'moot');
    END IF;
    v_template := holdfast_private.find_template(organization_id, v_kind.kind, coalesce(v_mail ->> 'locale', 'en'));
    v_sender := holdfast_private.plain_words(coalesce(v_settings.from_name,
        (SELECT o.name FROM @api@.organizations AS o WHERE o.id = compose_mail.organization_id)));
    v_wanted := NOT holdfast_private.unwanted(organization_id, v_kind.class, v_mail);
    IF v_kind.class = 'marketing' AND v_wanted THEN
        v_link := holdfast_private.unsubscribe_link(organization_id, (v_mail ->> 'user_id')::uuid, v_settings.site_url);
        v_headers := jsonb_build_object(
            'List-Unsubscribe', format('<%s>', v_link), 'List-Unsubscribe-Post', 'List-Unsubscribe=One-Click');
    ELSIF v_kind.class = 'notice' THEN
        v_headers := jsonb_build_object('List-Unsubscribe', format('<%s/notification-preferences>', v_settings.site_url));
    END IF;
    v_variables := jsonb_build_object('organization', v_sender, 'site_url', v_settings.site_url, 'unsubscribe_link', v_link)
        || (v_mail -> 'variables');
    v_text := holdfast_private.render_template(v_template.body_text, v_variables, false);
    RETURN jsonb_build_object(
        'status', CASE WHEN v_wanted THEN 'queued' ELSE 'suppressed' END,
        -- What is kept of it has no secret in it.
        'content', CASE WHEN v_kind.is_secret THEN NULL WHEN v_link IS NULL THEN v_text
            ELSE replace(v_text, v_link, '(link)') END,
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
            'text', v_text,
            'html', holdfast_private.render_template(v_template.body_html, v_variables, true),
            'headers', v_headers,
            'attachments', coalesce(v_mail -> 'attachments', '[]')));
END
$$;
COMMENT ON FUNCTION holdfast_private.compose_mail(uuid, uuid, jsonb) IS
'A message made into an e-mail: {"status": queued, suppressed or moot (there is nobody to write to, or it is not true any more), "content": the text to keep, "user_id", "booking_id", "mail": what lease_messages() returns}.';
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
