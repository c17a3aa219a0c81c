CREATE UNIQUE INDEX passwords_current ON holdfast_private.passwords (organization_id, user_id) WHERE replaced_at IS NULL;
CREATE INDEX ON holdfast_private.passwords (organization_id, user_id, created_at);
CREATE INDEX ON @api@.session_tokens (organization_id, user_id);
CREATE INDEX ON @api@.session_tokens (expires_at);
CREATE INDEX ON holdfast_private.user_backup_codes (organization_id, factor_id);
