CREATE TABLE @api@.booking_cancellations (
    organization_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    requested_by text NOT NULL,
    cancelled_by uuid,
    declined boolean NOT NULL DEFAULT false,
    reason text,
    notice interval NOT NULL,
    cancelled_at timestamptz NOT NULL
);
COMMENT ON TABLE @api@.booking_cancellations IS
'One row for each cancelled booking, written by a trigger: what reputation rules and reports count. No refunds: payments are not part of the platform.';
COMMENT ON COLUMN @api@.booking_cancellations.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_cancellations.booking_id IS 'The booking that was cancelled.';
COMMENT ON COLUMN @api@.booking_cancellations.specialist_id IS 'Its specialist.';
COMMENT ON COLUMN @api@.booking_cancellations.client_id IS 'Its client.';
COMMENT ON COLUMN @api@.booking_cancellations.requested_by IS 'client, specialist, admin or system.';
COMMENT ON COLUMN @api@.booking_cancellations.cancelled_by IS 'The auth user; null for a job or a service.';
COMMENT ON COLUMN @api@.booking_cancellations.declined IS 'Whether the specialist declined it or withdrew.';
COMMENT ON COLUMN @api@.booking_cancellations.reason IS 'The reason given.';
COMMENT ON COLUMN @api@.booking_cancellations.notice IS 'How long before the start; negative when after it.';
COMMENT ON COLUMN @api@.booking_cancellations.cancelled_at IS 'When.';
ALTER TABLE @api@.booking_cancellations ENABLE ROW LEVEL SECURITY;
