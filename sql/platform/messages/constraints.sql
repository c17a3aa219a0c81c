ALTER TABLE @api@.email_templates
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, key, locale, version),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (key ~ '^[a-z][a-z0-9_]{0,62}$'),
    ADD CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    ADD CHECK (version > 0),
    ADD CHECK (length(subject) BETWEEN 1 AND 200 AND subject !~ '[[:cntrl:]]'),
    ADD CHECK (length(body_text) BETWEEN 1 AND 100000),
    ADD CHECK (length(body_html) BETWEEN 1 AND 100000),
    ADD CHECK (jsonb_typeof(variables) = 'array');

ALTER TABLE @api@.notification_preferences
    ADD PRIMARY KEY (organization_id, user_id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE;

ALTER TABLE @api@.notifications
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    ADD CHECK (jsonb_typeof(data) = 'object');

ALTER TABLE @api@.communication_logs
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CHECK (message_type IN ('email')),
    ADD CHECK (status IN ('queued', 'sent', 'failed', 'suppressed', 'bounced', 'complained')),
    ADD CHECK (length(error_message) <= 2000),
    ADD CHECK ((status IN ('sent', 'bounced', 'complained')) = (sent_at IS NOT NULL));

ALTER TABLE holdfast_private.email_suppressions
    ADD PRIMARY KEY (organization_id, email_hash),
    ADD CHECK (octet_length(email_hash) = 32),
    ADD CHECK (reason IN ('bounced', 'complained'));

ALTER TABLE @api@.booking_reminders
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, booking_id, kind, party),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CHECK (kind IN ('24h', '1h', 'preparation')),
    ADD CHECK (party IN ('client', 'specialist')),
    ADD CHECK (reminder_type IN ('email')),
    ADD CHECK (status IN ('pending', 'sent', 'failed', 'cancelled')),
    ADD CHECK ((status IN ('sent', 'failed')) = (sent_at IS NOT NULL));

ALTER TABLE holdfast_private.message_kinds
    ADD PRIMARY KEY (kind),
    ADD CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    ADD CHECK (class IN ('required', 'notice', 'marketing'));

ALTER TABLE @api@.message_settings
    ADD PRIMARY KEY (organization_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (site_url ~ '^https?://[^[:space:]<>"]{1,250}[^/[:space:]<>"]$'),
    ADD CHECK (length(from_name) BETWEEN 1 AND 100 AND from_name !~ '[[:cntrl:]]'),
    ADD CHECK (holdfast.is_email(from_address)),
    ADD CHECK (holdfast.is_email(reply_to));
