CREATE TABLE @api@.booking_packages (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid,
    name text NOT NULL,
    session_count int NOT NULL,
    price numeric(12, 2),
    currency text,
    discount_percentage numeric(5, 2),
    is_active boolean NOT NULL DEFAULT true,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.booking_packages IS 'Packages of sessions that an organization or a specialist offers.';
COMMENT ON COLUMN @api@.booking_packages.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_packages.id IS 'The package.';
COMMENT ON COLUMN @api@.booking_packages.specialist_id IS 'With whom its sessions are; null means any specialist.';
COMMENT ON COLUMN @api@.booking_packages.name IS 'What it is called.';
COMMENT ON COLUMN @api@.booking_packages.session_count IS 'How many sessions it has.';
COMMENT ON COLUMN @api@.booking_packages.price IS 'Advisory: the platform takes no payments.';
COMMENT ON COLUMN @api@.booking_packages.currency IS 'ISO 4217 code of the price.';
COMMENT ON COLUMN @api@.booking_packages.discount_percentage IS 'Advisory: how much cheaper than single sessions.';
COMMENT ON COLUMN @api@.booking_packages.is_active IS 'Whether it can be granted.';
COMMENT ON COLUMN @api@.booking_packages.created_by IS 'User who made it.';
COMMENT ON COLUMN @api@.booking_packages.created_at IS 'When it was made.';
ALTER TABLE @api@.booking_packages ENABLE ROW LEVEL SECURITY;
