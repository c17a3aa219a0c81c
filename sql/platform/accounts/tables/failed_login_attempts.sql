CREATE TABLE @api@.failed_login_attempts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    email text,
    user_id uuid,
    ip_address inet,
    user_agent text,
    attempt_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    succeeded boolean NOT NULL DEFAULT false,
    reason text
);
COMMENT ON TABLE @api@.failed_login_attempts IS 'Who tried to sign in, failed or not; kept for 90 days.';
COMMENT ON COLUMN @api@.failed_login_attempts.organization_id IS 'The tenant; nil when the one named does not exist.';
COMMENT ON COLUMN @api@.failed_login_attempts.id IS 'The attempt.';
COMMENT ON COLUMN @api@.failed_login_attempts.email IS 'The address that was tried, whether somebody has it or not.';
COMMENT ON COLUMN @api@.failed_login_attempts.user_id IS 'Whose address it is; null when nobody''s.';
COMMENT ON COLUMN @api@.failed_login_attempts.ip_address IS 'From where.';
COMMENT ON COLUMN @api@.failed_login_attempts.user_agent IS 'With what.';
COMMENT ON COLUMN @api@.failed_login_attempts.attempt_at IS 'When.';
COMMENT ON COLUMN @api@.failed_login_attempts.succeeded IS 'Whether it succeeded.';
COMMENT ON COLUMN @api@.failed_login_attempts.reason IS 'Why not: credentials, second_factor, locked, suspended, unverified or address. When it did: cleared stands for an unlock by somebody.';
ALTER TABLE @api@.failed_login_attempts ENABLE ROW LEVEL SECURITY;
