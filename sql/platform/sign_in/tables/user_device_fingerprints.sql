CREATE TABLE @api@.user_device_fingerprints (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    device_id text NOT NULL,
    user_agent text,
    ip_address inet,
    first_seen timestamptz NOT NULL DEFAULT holdfast.clock(),
    last_seen timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.user_device_fingerprints IS 'What people sign in with. A device that is not here yet is worth a word to its owner.';
COMMENT ON COLUMN @api@.user_device_fingerprints.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.user_device_fingerprints.id IS 'The row.';
COMMENT ON COLUMN @api@.user_device_fingerprints.user_id IS 'Whose.';
COMMENT ON COLUMN @api@.user_device_fingerprints.device_id IS 'Digest of the header X-Device-Id, or where there is none of User-Agent.';
COMMENT ON COLUMN @api@.user_device_fingerprints.user_agent IS 'What it said of itself last.';
COMMENT ON COLUMN @api@.user_device_fingerprints.ip_address IS 'From where last.';
COMMENT ON COLUMN @api@.user_device_fingerprints.first_seen IS 'When they first signed in with it.';
COMMENT ON COLUMN @api@.user_device_fingerprints.last_seen IS 'When they last did.';
ALTER TABLE @api@.user_device_fingerprints ENABLE ROW LEVEL SECURITY;
