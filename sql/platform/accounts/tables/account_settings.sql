CREATE TABLE @api@.account_settings (
    organization_id uuid NOT NULL,
    sign_up_open boolean NOT NULL DEFAULT false,
    sign_up_role text NOT NULL DEFAULT 'client',
    require_verified_email boolean NOT NULL DEFAULT true,
    min_password_score int NOT NULL DEFAULT 3,
    max_failed_attempts int NOT NULL DEFAULT 5,
    lock_minutes int NOT NULL DEFAULT 15,
    max_sessions int NOT NULL DEFAULT 10,
    session_days int NOT NULL DEFAULT 30,
    second_factor_roles text[] NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.account_settings IS 'How an organization lets people in. The row of the nil organization holds for those that have none of their own.';
COMMENT ON COLUMN @api@.account_settings.organization_id IS 'The tenant, or nil for every tenant without a row.';
COMMENT ON COLUMN @api@.account_settings.sign_up_open IS 'Whether anybody may sign up; otherwise by invitation only.';
COMMENT ON COLUMN @api@.account_settings.sign_up_role IS 'The role that whoever signs up without an invitation gets.';
COMMENT ON COLUMN @api@.account_settings.require_verified_email IS 'Whether signing in waits until the e-mail address is verified.';
COMMENT ON COLUMN @api@.account_settings.min_password_score IS 'What a new password must reach in password_strength(), 0 to 4.';
COMMENT ON COLUMN @api@.account_settings.max_failed_attempts IS 'Failed sign-ins in a row that lock an e-mail address.';
COMMENT ON COLUMN @api@.account_settings.lock_minutes IS 'How long it stays locked.';
COMMENT ON COLUMN @api@.account_settings.max_sessions IS 'Login sessions of one person at a time; one more ends the oldest.';
COMMENT ON COLUMN @api@.account_settings.session_days IS 'After how many days a login session ends, however often it is refreshed.';
COMMENT ON COLUMN @api@.account_settings.second_factor_roles IS 'Roles whose holders must have a second factor to sign in.';
COMMENT ON COLUMN @api@.account_settings.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.account_settings ENABLE ROW LEVEL SECURITY;
