-- Each kind under the name that it is known by.
CREATE VIEW @api@.email_verification_tokens WITH (security_invoker = true) AS
SELECT t.organization_id, t.id, t.user_id, t.email, t.created_at, t.issued_at, t.expires_at, t.accepted_at AS verified_at,
       t.used_ip AS verification_ip, t.attempts, t.void_at
FROM @api@.account_tokens AS t
WHERE t.kind = 'email_verification';
COMMENT ON VIEW @api@.email_verification_tokens IS 'Verifications of e-mail addresses, asked for and done. Of the tokens themselves nothing is readable.';
COMMENT ON COLUMN @api@.email_verification_tokens.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.email_verification_tokens.id IS 'The token.';
COMMENT ON COLUMN @api@.email_verification_tokens.user_id IS 'Whose address; null when it is nobody''s.';
COMMENT ON COLUMN @api@.email_verification_tokens.email IS 'The address.';
COMMENT ON COLUMN @api@.email_verification_tokens.created_at IS 'When it was asked for.';
COMMENT ON COLUMN @api@.email_verification_tokens.issued_at IS 'When it was handed to be mailed.';
COMMENT ON COLUMN @api@.email_verification_tokens.expires_at IS 'Until when it is good.';
COMMENT ON COLUMN @api@.email_verification_tokens.verified_at IS 'When the address was verified by it; null before.';
COMMENT ON COLUMN @api@.email_verification_tokens.verification_ip IS 'From where.';
COMMENT ON COLUMN @api@.email_verification_tokens.attempts IS 'Wrong secrets so far.';
COMMENT ON COLUMN @api@.email_verification_tokens.void_at IS 'When a newer one took its place.';

CREATE VIEW @api@.password_reset_tokens WITH (security_invoker = true) AS
SELECT t.organization_id, t.id, t.user_id, t.email, t.created_at, t.issued_at, t.expires_at, t.accepted_at AS used_at,
       t.requested_ip AS ip_address, t.attempts, t.void_at
FROM @api@.account_tokens AS t
WHERE t.kind = 'password_reset';
COMMENT ON VIEW @api@.password_reset_tokens IS 'Resets of passwords, asked for and done. Of the tokens themselves nothing is readable.';
COMMENT ON COLUMN @api@.password_reset_tokens.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.password_reset_tokens.id IS 'The token.';
COMMENT ON COLUMN @api@.password_reset_tokens.user_id IS 'Whose password; null when the address is nobody''s.';
COMMENT ON COLUMN @api@.password_reset_tokens.email IS 'The address.';
COMMENT ON COLUMN @api@.password_reset_tokens.created_at IS 'When it was asked for.';
COMMENT ON COLUMN @api@.password_reset_tokens.issued_at IS 'When it was handed to be mailed.';
COMMENT ON COLUMN @api@.password_reset_tokens.expires_at IS 'Until when it is good.';
COMMENT ON COLUMN @api@.password_reset_tokens.used_at IS 'When the password was reset by it; null before.';
COMMENT ON COLUMN @api@.password_reset_tokens.ip_address IS 'From where it was asked for.';
COMMENT ON COLUMN @api@.password_reset_tokens.attempts IS 'Wrong secrets so far.';
COMMENT ON COLUMN @api@.password_reset_tokens.void_at IS 'When a newer one took its place.';

CREATE VIEW @api@.invitations WITH (security_invoker = true) AS
SELECT t.organization_id, t.id, t.email, t.role, t.requested_by AS invited_by_user_id, t.created_at, t.expires_at,
       t.accepted_at, t.rejected_at, t.void_at AS revoked_at, t.user_id
FROM @api@.account_tokens AS t
WHERE t.kind = 'invitation';
COMMENT ON VIEW @api@.invitations IS 'Who was invited into the organization, and what became of it. Of the tokens themselves nothing is readable.';
COMMENT ON COLUMN @api@.invitations.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.invitations.id IS 'The invitation.';
COMMENT ON COLUMN @api@.invitations.email IS 'Who is invited: nobody with another address can accept.';
COMMENT ON COLUMN @api@.invitations.role IS 'The role that they get.';
COMMENT ON COLUMN @api@.invitations.invited_by_user_id IS 'User who invited them.';
COMMENT ON COLUMN @api@.invitations.created_at IS 'When.';
COMMENT ON COLUMN @api@.invitations.expires_at IS 'Until when they can accept.';
COMMENT ON COLUMN @api@.invitations.accepted_at IS 'When they accepted; null before.';
COMMENT ON COLUMN @api@.invitations.rejected_at IS 'When they declined; null before.';
COMMENT ON COLUMN @api@.invitations.revoked_at IS 'When it was taken back, or sent anew.';
COMMENT ON COLUMN @api@.invitations.user_id IS 'Who they turned out to be.';

CREATE VIEW @api@.ip_whitelist WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id, l.ip_address, l.description, l.created_at
FROM @api@.ip_allowlist AS l;
COMMENT ON VIEW @api@.ip_whitelist IS 'The same as ip_allowlist.';
COMMENT ON COLUMN @api@.ip_whitelist.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.ip_whitelist.id IS 'The entry.';
COMMENT ON COLUMN @api@.ip_whitelist.user_id IS 'Whom it is about; null: everybody.';
COMMENT ON COLUMN @api@.ip_whitelist.ip_address IS 'An address, or a network.';
COMMENT ON COLUMN @api@.ip_whitelist.description IS 'What it is.';
COMMENT ON COLUMN @api@.ip_whitelist.created_at IS 'When it was added.';
