CREATE TABLE @api@.package_uses (
    organization_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    client_package_id uuid NOT NULL,
    client_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    used_by uuid,
    used_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    undone_at timestamptz
);
COMMENT ON TABLE @api@.package_uses IS 'Which booking used which package: one row for each booking, ever.';
COMMENT ON COLUMN @api@.package_uses.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.package_uses.booking_id IS 'The booking.';
COMMENT ON COLUMN @api@.package_uses.client_package_id IS 'The package that it used.';
COMMENT ON COLUMN @api@.package_uses.client_id IS 'The client of the booking.';
COMMENT ON COLUMN @api@.package_uses.specialist_id IS 'The specialist of the booking then.';
COMMENT ON COLUMN @api@.package_uses.used_by IS 'User who used it.';
COMMENT ON COLUMN @api@.package_uses.used_at IS 'When.';
COMMENT ON COLUMN @api@.package_uses.undone_at IS 'When the session was given back, because the booking was cancelled; null while it counts.';
ALTER TABLE @api@.package_uses ENABLE ROW LEVEL SECURITY;
