CREATE VIEW @api@.encryption_keys WITH (security_invoker = true) AS
SELECT '00000000-0000-0000-0000-000000000000'::uuid AS organization_id, k.id, k.key_type, k.key_version, k.algorithm, k.created_at, k.rotated_at, k.destroyed_at
FROM @api@.list_encryption_keys() AS k
-- Not of the rows, so it is asked once, and the function is not called for who would be refused: they see no rows, as in any table.
WHERE coalesce(holdfast.jwt_role() = 'service_role', true)
   OR holdfast.has_permission('@api@.user_roles', 'manage_organization')
   OR holdfast.has_permission('@api@.user_roles', 'manage_platform');
COMMENT ON VIEW @api@.encryption_keys IS 'What is known of the encryption keys, never the keys: the rows of list_encryption_keys(), for admins.';
COMMENT ON COLUMN @api@.encryption_keys.organization_id IS 'The nil UUID: the keys serve every organization.';
COMMENT ON COLUMN @api@.encryption_keys.id IS 'Names the key.';
COMMENT ON COLUMN @api@.encryption_keys.key_type IS 'data: seals what is nobody''s own; subject: seals what is one person''s; index: for look-ups.';
COMMENT ON COLUMN @api@.encryption_keys.key_version IS 'Counts rotations.';
COMMENT ON COLUMN @api@.encryption_keys.algorithm IS 'What the key is used with.';
COMMENT ON COLUMN @api@.encryption_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.encryption_keys.rotated_at IS 'Since when nothing new is sealed with it; null while it is in use.';
COMMENT ON COLUMN @api@.encryption_keys.destroyed_at IS 'When it was destroyed on purpose, with all that it sealed.';
