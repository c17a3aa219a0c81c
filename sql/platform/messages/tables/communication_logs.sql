CREATE TABLE @api@.communication_logs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid,
    booking_id uuid,
    message_type text NOT NULL DEFAULT 'email',
    template text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    content text,
    status text NOT NULL DEFAULT 'queued',
    error_message text,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    sent_at timestamptz
);
COMMENT ON TABLE @api@.communication_logs IS 'What was sent to whom, and what came of it: one row for each message, whose id is the message''s.';
COMMENT ON COLUMN @api@.communication_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.communication_logs.id IS 'The message; its Message-ID is made of it.';
COMMENT ON COLUMN @api@.communication_logs.user_id IS 'Who it is for, where that is a user.';
COMMENT ON COLUMN @api@.communication_logs.booking_id IS 'Booking that it is about.';
COMMENT ON COLUMN @api@.communication_logs.message_type IS 'email.';
COMMENT ON COLUMN @api@.communication_logs.template IS 'Key of the template.';
COMMENT ON COLUMN @api@.communication_logs.recipient IS 'Address that it went to.';
COMMENT ON COLUMN @api@.communication_logs.subject IS 'Subject as sent.';
COMMENT ON COLUMN @api@.communication_logs.content IS 'Plain text as sent; null for messages with a secret in them, like a link to reset a password.';
COMMENT ON COLUMN @api@.communication_logs.status IS 'queued (a worker has it), sent, failed (given up), suppressed (the address bounced or complained before, the user does not want it, or it was not true any more), bounced, complained.';
COMMENT ON COLUMN @api@.communication_logs.error_message IS 'What the worker said of the last failure.';
COMMENT ON COLUMN @api@.communication_logs.created_at IS 'When a worker first took it.';
COMMENT ON COLUMN @api@.communication_logs.sent_at IS 'When the mail server had accepted it.';
ALTER TABLE @api@.communication_logs ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.email_suppressions (
    organization_id uuid NOT NULL,
    email_hash bytea NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE holdfast_private.email_suppressions IS 'Addresses that nothing is sent to any more, because they bounced or complained. Of an address only a hash is kept.';
COMMENT ON COLUMN holdfast_private.email_suppressions.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.email_suppressions.email_hash IS 'SHA-256 of the address in lower case.';
COMMENT ON COLUMN holdfast_private.email_suppressions.reason IS 'bounced or complained.';
COMMENT ON COLUMN holdfast_private.email_suppressions.created_at IS 'Since when.';
ALTER TABLE holdfast_private.email_suppressions ENABLE ROW LEVEL SECURITY;
