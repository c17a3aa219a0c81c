CREATE TABLE @api@.rescheduling_history (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    booking_id uuid NOT NULL,
    client_id uuid NOT NULL,
    old_specialist_id uuid NOT NULL,
    new_specialist_id uuid NOT NULL,
    old_start_time timestamptz NOT NULL,
    old_end_time timestamptz NOT NULL,
    new_start_time timestamptz NOT NULL,
    new_end_time timestamptz NOT NULL,
    changed_by uuid,
    acting_user_id uuid,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.rescheduling_history IS
'Every move of a booking to another time or specialist, written by a trigger on bookings. The client and both specialists see it.';
COMMENT ON COLUMN @api@.rescheduling_history.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.rescheduling_history.id IS 'The move; ids ascend with time.';
COMMENT ON COLUMN @api@.rescheduling_history.booking_id IS 'The booking.';
COMMENT ON COLUMN @api@.rescheduling_history.client_id IS 'The client of the booking.';
COMMENT ON COLUMN @api@.rescheduling_history.old_specialist_id IS 'The specialist before.';
COMMENT ON COLUMN @api@.rescheduling_history.new_specialist_id IS 'The specialist after; mostly the same.';
COMMENT ON COLUMN @api@.rescheduling_history.old_start_time IS 'The start before.';
COMMENT ON COLUMN @api@.rescheduling_history.old_end_time IS 'The end before.';
COMMENT ON COLUMN @api@.rescheduling_history.new_start_time IS 'The start after.';
COMMENT ON COLUMN @api@.rescheduling_history.new_end_time IS 'The end after.';
COMMENT ON COLUMN @api@.rescheduling_history.changed_by IS 'The auth user who moved it; null for a job or a service.';
COMMENT ON COLUMN @api@.rescheduling_history.acting_user_id IS 'The real person behind changed_by; differs while impersonating.';
COMMENT ON COLUMN @api@.rescheduling_history.actor IS 'In which role: client, specialist, admin or system.';
COMMENT ON COLUMN @api@.rescheduling_history.created_at IS 'When.';
ALTER TABLE @api@.rescheduling_history ENABLE ROW LEVEL SECURITY;
