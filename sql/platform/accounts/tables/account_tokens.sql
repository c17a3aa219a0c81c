-- What kinds of one-use tokens there are; other modules add theirs.
CREATE TABLE holdfast_private.token_kinds (
    kind text NOT NULL,
    prefix text NOT NULL,
    lifetime interval NOT NULL,
    max_attempts int NOT NULL DEFAULT 5,
    joins boolean NOT NULL DEFAULT false,
    description text NOT NULL
);
COMMENT ON TABLE holdfast_private.token_kinds IS 'Kinds of one-use tokens that are sent by mail; modules add theirs.';
COMMENT ON COLUMN holdfast_private.token_kinds.kind IS 'Name of the kind.';
COMMENT ON COLUMN holdfast_private.token_kinds.prefix IS 'What its tokens begin with, so that scanners for leaked secrets know them.';
COMMENT ON COLUMN holdfast_private.token_kinds.lifetime IS 'How long a token is good: from its request until it is issued, and again from then.';
COMMENT ON COLUMN holdfast_private.token_kinds.max_attempts IS 'Wrong secrets after which it is void.';
COMMENT ON COLUMN holdfast_private.token_kinds.joins IS 'Whether it is an invitation: accepted by whoever signs up or in, through holdfast_private.join_by_KIND(organization_id, token_id, user_id).';
COMMENT ON COLUMN holdfast_private.token_kinds.description IS 'What it is for.';
ALTER TABLE holdfast_private.token_kinds ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.account_tokens (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    kind text NOT NULL,
    email text NOT NULL,
    user_id uuid,
    requested_by uuid,
    requested_ip inet,
    role text,
    details jsonb NOT NULL DEFAULT '{}',
    silent boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    issued_at timestamptz,
    expires_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    accepted_at timestamptz,
    rejected_at timestamptz,
    used_ip inet,
    void_at timestamptz
);
COMMENT ON TABLE @api@.account_tokens IS 'One-use tokens sent by mail, from their request to their use. The secret is made when the worker that mails it asks, is told it once, and is kept as a hash only, elsewhere.';
COMMENT ON COLUMN @api@.account_tokens.organization_id IS 'The tenant; the token names it.';
COMMENT ON COLUMN @api@.account_tokens.id IS 'The token; the token names it.';
COMMENT ON COLUMN @api@.account_tokens.kind IS 'What for: see token_kinds.';
COMMENT ON COLUMN @api@.account_tokens.email IS 'The address that it is sent to, and stands for.';
COMMENT ON COLUMN @api@.account_tokens.user_id IS 'Whose account it is about; null while there is none.';
COMMENT ON COLUMN @api@.account_tokens.requested_by IS 'User who asked for it; null when nobody was signed in.';
COMMENT ON COLUMN @api@.account_tokens.requested_ip IS 'Where it was asked for.';
COMMENT ON COLUMN @api@.account_tokens.role IS 'The role that accepting an invitation gives.';
COMMENT ON COLUMN @api@.account_tokens.details IS 'What else the kind needs.';
COMMENT ON COLUMN @api@.account_tokens.silent IS 'Whether nothing is to be sent: there is no such account, or it may not ask. Kept so that whoever asks cannot tell.';
COMMENT ON COLUMN @api@.account_tokens.created_at IS 'When it was asked for.';
COMMENT ON COLUMN @api@.account_tokens.issued_at IS 'When its secret was last handed to be mailed; null before.';
COMMENT ON COLUMN @api@.account_tokens.expires_at IS 'Until when it is good.';
COMMENT ON COLUMN @api@.account_tokens.attempts IS 'Wrong secrets so far.';
COMMENT ON COLUMN @api@.account_tokens.accepted_at IS 'When it was used; null before.';
COMMENT ON COLUMN @api@.account_tokens.rejected_at IS 'When it was declined, where that can be.';
COMMENT ON COLUMN @api@.account_tokens.used_ip IS 'Where it was used.';
COMMENT ON COLUMN @api@.account_tokens.void_at IS 'When it was taken back: by a newer one for the same, or by whoever may.';
ALTER TABLE @api@.account_tokens ENABLE ROW LEVEL SECURITY;
