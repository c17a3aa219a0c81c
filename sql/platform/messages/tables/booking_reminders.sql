CREATE TABLE @api@.booking_reminders (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    booking_id uuid NOT NULL,
    client_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    kind text NOT NULL,
    party text NOT NULL,
    reminder_type text NOT NULL DEFAULT 'email',
    scheduled_for timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.booking_reminders IS 'Reminders of bookings: 24 hours and 1 hour before to both parties, 30 minutes before to the specialist. They move with the booking and go when it is cancelled; each is sent once.';
COMMENT ON COLUMN @api@.booking_reminders.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_reminders.id IS 'The reminder.';
COMMENT ON COLUMN @api@.booking_reminders.booking_id IS 'Booking that it is of.';
COMMENT ON COLUMN @api@.booking_reminders.client_id IS 'The booking''s client.';
COMMENT ON COLUMN @api@.booking_reminders.specialist_id IS 'The booking''s specialist.';
COMMENT ON COLUMN @api@.booking_reminders.kind IS '24h, 1h or preparation (30 minutes).';
COMMENT ON COLUMN @api@.booking_reminders.party IS 'client or specialist: who is reminded.';
COMMENT ON COLUMN @api@.booking_reminders.reminder_type IS 'email.';
COMMENT ON COLUMN @api@.booking_reminders.scheduled_for IS 'When it is due.';
COMMENT ON COLUMN @api@.booking_reminders.status IS 'pending, sent (to the outbox), failed (given up), cancelled (the booking was, or the time for it has passed).';
COMMENT ON COLUMN @api@.booking_reminders.sent_at IS 'When it was put into the outbox.';
COMMENT ON COLUMN @api@.booking_reminders.created_at IS 'When it was planned.';
ALTER TABLE @api@.booking_reminders ENABLE ROW LEVEL SECURITY;
