CREATE TABLE @api@.ip_allowlist (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid,
    ip_address inet NOT NULL,
    description text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.ip_allowlist IS 'From where people may sign in. Whoever has entries, or whose organization has, comes from one of them or not at all.';
COMMENT ON COLUMN @api@.ip_allowlist.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.ip_allowlist.id IS 'The entry.';
COMMENT ON COLUMN @api@.ip_allowlist.user_id IS 'Whom it is about; null: everybody in the organization.';
COMMENT ON COLUMN @api@.ip_allowlist.ip_address IS 'An address, or a network.';
COMMENT ON COLUMN @api@.ip_allowlist.description IS 'What it is.';
COMMENT ON COLUMN @api@.ip_allowlist.created_by IS 'User who added it.';
COMMENT ON COLUMN @api@.ip_allowlist.created_at IS 'When.';
ALTER TABLE @api@.ip_allowlist ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.ip_blocklist (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid,
    ip_address inet NOT NULL,
    description text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.ip_blocklist IS 'From where nobody may sign in, or some may not.';
COMMENT ON COLUMN @api@.ip_blocklist.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.ip_blocklist.id IS 'The entry.';
COMMENT ON COLUMN @api@.ip_blocklist.user_id IS 'Whom it is about; null: everybody in the organization.';
COMMENT ON COLUMN @api@.ip_blocklist.ip_address IS 'An address, or a network.';
COMMENT ON COLUMN @api@.ip_blocklist.description IS 'What it is.';
COMMENT ON COLUMN @api@.ip_blocklist.created_by IS 'User who added it.';
COMMENT ON COLUMN @api@.ip_blocklist.created_at IS 'When.';
ALTER TABLE @api@.ip_blocklist ENABLE ROW LEVEL SECURITY;
