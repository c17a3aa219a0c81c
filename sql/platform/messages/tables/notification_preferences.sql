CREATE TABLE @api@.notification_preferences (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email_notifications boolean NOT NULL DEFAULT true,
    sms_notifications boolean NOT NULL DEFAULT false,
    push_notifications boolean NOT NULL DEFAULT true,
    marketing_emails boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.notification_preferences IS 'What a user wants to be told, and how. Whoever has no row has the defaults.';
COMMENT ON COLUMN @api@.notification_preferences.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.notification_preferences.user_id IS 'Whose preferences.';
COMMENT ON COLUMN @api@.notification_preferences.email_notifications IS 'Whether reminders and news of bookings come by e-mail. What has to be said (a confirmation, a cancellation, a token asked for) is sent regardless.';
COMMENT ON COLUMN @api@.notification_preferences.sms_notifications IS 'Kept for the application; the platform sends no SMS.';
COMMENT ON COLUMN @api@.notification_preferences.push_notifications IS 'Whether in-app notifications are written.';
COMMENT ON COLUMN @api@.notification_preferences.marketing_emails IS 'Whether marketing may be sent: only after the user said so.';
COMMENT ON COLUMN @api@.notification_preferences.created_at IS 'When they were first set.';
COMMENT ON COLUMN @api@.notification_preferences.updated_at IS 'When they were last changed.';
ALTER TABLE @api@.notification_preferences ENABLE ROW LEVEL SECURITY;
