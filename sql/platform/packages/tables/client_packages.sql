CREATE TABLE @api@.client_packages (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    package_id uuid NOT NULL,
    client_id uuid NOT NULL,
    specialist_id uuid,
    session_count int NOT NULL,
    uses_left int NOT NULL,
    expires_at timestamptz,
    granted_by uuid,
    granted_at timestamptz NOT NULL DEFAULT holdfast.clock()
) WITH (fillfactor = 90);
COMMENT ON TABLE @api@.client_packages IS 'Packages that clients have, and how many sessions are left of them. session_count - uses_left is the number of open rows of package_uses.';
COMMENT ON COLUMN @api@.client_packages.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.client_packages.id IS 'The package of this client.';
COMMENT ON COLUMN @api@.client_packages.package_id IS 'Which package it is.';
COMMENT ON COLUMN @api@.client_packages.client_id IS 'Whose it is.';
COMMENT ON COLUMN @api@.client_packages.specialist_id IS 'With whom its sessions are, as the package said when it was granted; null means any specialist.';
COMMENT ON COLUMN @api@.client_packages.session_count IS 'How many sessions it had then.';
COMMENT ON COLUMN @api@.client_packages.uses_left IS 'How many of them are left.';
COMMENT ON COLUMN @api@.client_packages.expires_at IS 'It pays for sessions that begin before; null means for ever.';
COMMENT ON COLUMN @api@.client_packages.granted_by IS 'User who granted it.';
COMMENT ON COLUMN @api@.client_packages.granted_at IS 'When it was granted.';
ALTER TABLE @api@.client_packages ENABLE ROW LEVEL SECURITY;
