CREATE TABLE holdfast_private.passwords (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    replaced_at timestamptz
);
COMMENT ON TABLE holdfast_private.passwords IS 'The password of each account, and those before it, so that none of the last five comes again.';
COMMENT ON COLUMN holdfast_private.passwords.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.passwords.id IS 'The password.';
COMMENT ON COLUMN holdfast_private.passwords.user_id IS 'Whose.';
COMMENT ON COLUMN holdfast_private.passwords.password_hash IS 'password_hash() of it, or a bcrypt hash brought along, which is replaced when they sign in.';
COMMENT ON COLUMN holdfast_private.passwords.created_at IS 'Since when.';
COMMENT ON COLUMN holdfast_private.passwords.replaced_at IS 'Until when; null while it is theirs.';
ALTER TABLE holdfast_private.passwords ENABLE ROW LEVEL SECURITY;
