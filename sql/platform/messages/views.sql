CREATE VIEW @api@.booking_confirmations WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.booking_id, l.user_id, l.recipient, l.status, l.created_at, l.sent_at
FROM @api@.communication_logs AS l
WHERE l.template = 'booking_confirmation';
COMMENT ON VIEW @api@.booking_confirmations IS 'The e-mails that confirmed bookings, to clients and specialists, and what came of them. It shows what the policies of communication_logs show.';
COMMENT ON COLUMN @api@.booking_confirmations.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_confirmations.id IS 'The message.';
COMMENT ON COLUMN @api@.booking_confirmations.booking_id IS 'The booking.';
COMMENT ON COLUMN @api@.booking_confirmations.user_id IS 'Who it is for, where that is a user.';
COMMENT ON COLUMN @api@.booking_confirmations.recipient IS 'Address that it went to.';
COMMENT ON COLUMN @api@.booking_confirmations.status IS 'queued, sent, failed, suppressed, bounced or complained, as in communication_logs.';
COMMENT ON COLUMN @api@.booking_confirmations.created_at IS 'When a worker first took it.';
COMMENT ON COLUMN @api@.booking_confirmations.sent_at IS 'When the mail server had accepted it.';
