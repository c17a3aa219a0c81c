CREATE TABLE @api@.accounts (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'active',
    reason text,
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.accounts IS 'Whether people may come in. Nobody without a row is anything but active.';
COMMENT ON COLUMN @api@.accounts.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.accounts.user_id IS 'Whose account.';
COMMENT ON COLUMN @api@.accounts.status IS 'active, suspended, or deleted (kept for the record; as if it did not exist).';
COMMENT ON COLUMN @api@.accounts.reason IS 'Why, as whoever changed it says.';
COMMENT ON COLUMN @api@.accounts.changed_by IS 'User who changed it last; null when no person did.';
COMMENT ON COLUMN @api@.accounts.changed_at IS 'When.';
ALTER TABLE @api@.accounts ENABLE ROW LEVEL SECURITY;
