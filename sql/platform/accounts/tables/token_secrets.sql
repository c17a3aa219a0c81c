-- The one place of hashes: one-use tokens, login sessions and API keys alike. What has none left is good for nothing.
CREATE TABLE holdfast_private.token_secrets (
    organization_id uuid NOT NULL,
    token_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    expires_at timestamptz NOT NULL,
    spent_at timestamptz
);
COMMENT ON TABLE holdfast_private.token_secrets IS 'Hashes of the secrets of tokens, login sessions and API keys. To revoke one is to delete its hashes.';
COMMENT ON COLUMN holdfast_private.token_secrets.organization_id IS 'The tenant; the token names it.';
COMMENT ON COLUMN holdfast_private.token_secrets.token_id IS 'The token, session or key; the token names it.';
COMMENT ON COLUMN holdfast_private.token_secrets.token_hash IS 'token_hash() of the secret; of 256 random bits it tells nothing.';
COMMENT ON COLUMN holdfast_private.token_secrets.created_at IS 'When the secret was made.';
COMMENT ON COLUMN holdfast_private.token_secrets.expires_at IS 'Until when it is good.';
COMMENT ON COLUMN holdfast_private.token_secrets.spent_at IS 'When a newer one took its place; if it comes again after that, it was stolen.';
ALTER TABLE holdfast_private.token_secrets ENABLE ROW LEVEL SECURITY;
