INSERT INTO @api@.permissions (organization_id, permission, description)
VALUES ('00000000-0000-0000-0000-000000000000', 'manage_catalog', 'Change pillars and session types.');

INSERT INTO @api@.user_roles_permissions (organization_id, role, permission)
VALUES ('00000000-0000-0000-0000-000000000000', 'admin', 'manage_catalog');
