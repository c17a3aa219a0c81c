CREATE TABLE @api@.session_tokens (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    ip_address inet,
    user_agent text,
    second_factor boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    refreshed_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text
);
COMMENT ON TABLE @api@.session_tokens IS 'Login sessions: who is signed in, from where, until when. Of their refresh tokens nothing is readable.';
COMMENT ON COLUMN @api@.session_tokens.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.session_tokens.id IS 'The login session: claim session_id of its access tokens.';
COMMENT ON COLUMN @api@.session_tokens.user_id IS 'Who is signed in.';
COMMENT ON COLUMN @api@.session_tokens.ip_address IS 'From where it was last refreshed.';
COMMENT ON COLUMN @api@.session_tokens.user_agent IS 'With what.';
COMMENT ON COLUMN @api@.session_tokens.second_factor IS 'Whether a second factor was shown.';
COMMENT ON COLUMN @api@.session_tokens.created_at IS 'When they signed in.';
COMMENT ON COLUMN @api@.session_tokens.refreshed_at IS 'When it was last refreshed.';
COMMENT ON COLUMN @api@.session_tokens.expires_at IS 'When it ends, however often it is refreshed.';
COMMENT ON COLUMN @api@.session_tokens.revoked_at IS 'When it was ended before that.';
COMMENT ON COLUMN @api@.session_tokens.revoked_reason IS 'Why: sign_out, too_many, password, role, account, second_factor or reuse (a refresh token came twice).';
ALTER TABLE @api@.session_tokens ENABLE ROW LEVEL SECURITY;
