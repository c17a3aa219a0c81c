CREATE TABLE @api@.api_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    rotated_at timestamptz,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    last_used_ip inet,
    window_started_at timestamptz,
    window_uses int NOT NULL DEFAULT 0,
    revoked_at timestamptz
);
COMMENT ON TABLE @api@.api_keys IS 'Keys by which programs act for a user. Of the keys themselves only the beginning is readable.';
COMMENT ON COLUMN @api@.api_keys.organization_id IS 'The tenant; the key names it.';
COMMENT ON COLUMN @api@.api_keys.id IS 'The key: claim api_key_id of its access tokens.';
COMMENT ON COLUMN @api@.api_keys.user_id IS 'Whom it acts for: it may do what they may, and no more.';
COMMENT ON COLUMN @api@.api_keys.name IS 'What its owner calls it.';
COMMENT ON COLUMN @api@.api_keys.prefix IS 'How it begins, to tell it from others.';
COMMENT ON COLUMN @api@.api_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.api_keys.rotated_at IS 'When its secret was last replaced.';
COMMENT ON COLUMN @api@.api_keys.expires_at IS 'Until when it is good.';
COMMENT ON COLUMN @api@.api_keys.last_used_at IS 'When it was last exchanged, to the minute.';
COMMENT ON COLUMN @api@.api_keys.last_used_ip IS 'From where.';
COMMENT ON COLUMN @api@.api_keys.window_started_at IS 'Since when window_uses counts; only where there are no guards.';
COMMENT ON COLUMN @api@.api_keys.window_uses IS 'Exchanges since then.';
COMMENT ON COLUMN @api@.api_keys.revoked_at IS 'When it was revoked; null while it works.';
ALTER TABLE @api@.api_keys ENABLE ROW LEVEL SECURITY;
