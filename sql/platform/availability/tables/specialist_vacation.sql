CREATE TABLE @api@.specialist_vacation (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    time_zone text NOT NULL,
    kind text NOT NULL DEFAULT 'vacation',
    status text NOT NULL DEFAULT 'requested',
    reason text,
    auto_cancel_bookings_during_vacation boolean NOT NULL DEFAULT false,
    requested_by uuid,
    decided_by uuid,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_vacation IS 'Leave. While it is approved it is blocked in the calendar, so nothing can be booked into it.';
COMMENT ON COLUMN @api@.specialist_vacation.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_vacation.id IS 'The leave; the reference of its blocks in the calendar.';
COMMENT ON COLUMN @api@.specialist_vacation.specialist_id IS 'Who is away.';
COMMENT ON COLUMN @api@.specialist_vacation.starts_at IS 'When it begins.';
COMMENT ON COLUMN @api@.specialist_vacation.ends_at IS 'When it ends.';
COMMENT ON COLUMN @api@.specialist_vacation.time_zone IS 'IANA zone in which its days were named.';
COMMENT ON COLUMN @api@.specialist_vacation.kind IS 'vacation, sick, training or other.';
COMMENT ON COLUMN @api@.specialist_vacation.status IS 'requested, approved, rejected or cancelled.';
COMMENT ON COLUMN @api@.specialist_vacation.reason IS 'Why; the specialist and admins see it, clients do not.';
COMMENT ON COLUMN @api@.specialist_vacation.auto_cancel_bookings_during_vacation IS 'Whether approving it cancels the bookings in it; otherwise approval is refused while there are any.';
COMMENT ON COLUMN @api@.specialist_vacation.requested_by IS 'User who asked for it.';
COMMENT ON COLUMN @api@.specialist_vacation.decided_by IS 'User who approved or rejected it.';
COMMENT ON COLUMN @api@.specialist_vacation.decided_at IS 'When that was.';
COMMENT ON COLUMN @api@.specialist_vacation.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.specialist_vacation.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialist_vacation ENABLE ROW LEVEL SECURITY;
