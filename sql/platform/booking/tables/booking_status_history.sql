CREATE TABLE @api@.booking_status_history (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    booking_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    old_status text,
    new_status text NOT NULL,
    changed_by uuid,
    acting_user_id uuid,
    actor text NOT NULL,
    reason text,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.booking_status_history IS
'Every state a booking has been in, written by a trigger on bookings, so that no path can skip it. Both parties see it, as they were at that time.';
COMMENT ON COLUMN @api@.booking_status_history.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_status_history.id IS 'The change; ids ascend with time.';
COMMENT ON COLUMN @api@.booking_status_history.booking_id IS 'The booking.';
COMMENT ON COLUMN @api@.booking_status_history.specialist_id IS 'The specialist of the booking then.';
COMMENT ON COLUMN @api@.booking_status_history.client_id IS 'The client of the booking.';
COMMENT ON COLUMN @api@.booking_status_history.old_status IS 'The state before; null for a new booking.';
COMMENT ON COLUMN @api@.booking_status_history.new_status IS 'The state after.';
COMMENT ON COLUMN @api@.booking_status_history.changed_by IS 'The auth user who changed it; null for a job or a service.';
COMMENT ON COLUMN @api@.booking_status_history.acting_user_id IS 'The real person behind changed_by; differs while impersonating.';
COMMENT ON COLUMN @api@.booking_status_history.actor IS 'In which role: client, specialist, admin or system.';
COMMENT ON COLUMN @api@.booking_status_history.reason IS 'The reason given.';
COMMENT ON COLUMN @api@.booking_status_history.metadata IS 'What else belongs to the change, such as the party of a no-show.';
COMMENT ON COLUMN @api@.booking_status_history.created_at IS 'When.';
ALTER TABLE @api@.booking_status_history ENABLE ROW LEVEL SECURITY;
