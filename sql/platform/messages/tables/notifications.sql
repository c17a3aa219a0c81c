CREATE TABLE @api@.notifications (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    kind text NOT NULL,
    booking_id uuid,
    data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    read_at timestamptz
);
COMMENT ON TABLE @api@.notifications IS 'In-app notifications: rows for the application to show. The text is the application''s; kind and data say what happened.';
COMMENT ON COLUMN @api@.notifications.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.notifications.id IS 'The notification.';
COMMENT ON COLUMN @api@.notifications.user_id IS 'Who is told.';
COMMENT ON COLUMN @api@.notifications.kind IS 'What happened: booking_confirmed, booking_pending, booking_cancelled, booking_rescheduled, booking_reassigned (to somebody else).';
COMMENT ON COLUMN @api@.notifications.booking_id IS 'Booking that it is about.';
COMMENT ON COLUMN @api@.notifications.data IS 'More for the application, like the time of the session.';
COMMENT ON COLUMN @api@.notifications.created_at IS 'When it happened.';
COMMENT ON COLUMN @api@.notifications.read_at IS 'When the user has seen it; null before.';
ALTER TABLE @api@.notifications ENABLE ROW LEVEL SECURITY;

-- For enable_wakeup(), as create_outbox() makes one.
CREATE SEQUENCE @api@.notifications_wakeup MINVALUE 0 START WITH 0 OWNED BY @api@.notifications.created_at;
COMMENT ON SEQUENCE @api@.notifications_wakeup IS 'When enable_wakeup() last had somebody woken up, in milliseconds since 1970.';
