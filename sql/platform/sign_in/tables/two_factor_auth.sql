CREATE TABLE @api@.two_factor_auth (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    method text NOT NULL DEFAULT 'authenticator',
    is_verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    verified_at timestamptz,
    last_used timestamptz
);
COMMENT ON TABLE @api@.two_factor_auth IS 'Second factors of accounts. Their secrets are elsewhere, sealed.';
COMMENT ON COLUMN @api@.two_factor_auth.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.two_factor_auth.id IS 'The factor.';
COMMENT ON COLUMN @api@.two_factor_auth.user_id IS 'Whose.';
COMMENT ON COLUMN @api@.two_factor_auth.method IS 'authenticator: a program that shows a new code every 30 seconds.';
COMMENT ON COLUMN @api@.two_factor_auth.is_verified IS 'Whether a code of it was shown; before, it is not asked for.';
COMMENT ON COLUMN @api@.two_factor_auth.created_at IS 'When it was enrolled.';
COMMENT ON COLUMN @api@.two_factor_auth.verified_at IS 'When it was verified.';
COMMENT ON COLUMN @api@.two_factor_auth.last_used IS 'When it was last shown.';
ALTER TABLE @api@.two_factor_auth ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.two_factor_secrets (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    secret_key bytea NOT NULL,
    last_step bigint,
    backup_salt bytea
);
COMMENT ON TABLE holdfast_private.two_factor_secrets IS 'Secrets of second factors, sealed by the keyring.';
COMMENT ON COLUMN holdfast_private.two_factor_secrets.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.two_factor_secrets.id IS 'The factor.';
COMMENT ON COLUMN holdfast_private.two_factor_secrets.secret_key IS 'Its secret, sealed for this row.';
COMMENT ON COLUMN holdfast_private.two_factor_secrets.last_step IS 'The step of the last code that was taken: it and those before it are never taken again.';
COMMENT ON COLUMN holdfast_private.two_factor_secrets.backup_salt IS 'Salt of the hashes of its backup codes.';
ALTER TABLE holdfast_private.two_factor_secrets ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.user_backup_codes (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    factor_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    used_at timestamptz
);
COMMENT ON TABLE holdfast_private.user_backup_codes IS 'Codes that stand in once each for a second factor that is lost.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.id IS 'The code.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.factor_id IS 'The factor that it stands in for.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.code_hash IS 'backup_code_hash() of it, with the salt of the factor.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.created_at IS 'When it was made.';
COMMENT ON COLUMN holdfast_private.user_backup_codes.used_at IS 'When it was used; null before.';
ALTER TABLE holdfast_private.user_backup_codes ENABLE ROW LEVEL SECURITY;
