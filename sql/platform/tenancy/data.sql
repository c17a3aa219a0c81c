INSERT INTO @api@.organizations (id, name)
VALUES ('00000000-0000-0000-0000-000000000000', 'Every organization');

INSERT INTO @api@.roles (organization_id, role, description)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('client', 'Is treated: acts for themselves, sees what is theirs.'),
    ('specialist', 'Treats: their own calendar, and the clients assigned to them.'),
    ('company_hr', 'Looks after the employees of their own company, and sees nothing clinical.'),
    ('admin', 'Runs the organization.'),
    ('super_admin', 'Runs the platform: an admin in every organization, which the header X-Organization-Id names.')) AS v;

INSERT INTO @api@.user_roles_hierarchy (organization_id, role, inherits)
VALUES ('00000000-0000-0000-0000-000000000000', 'super_admin', 'admin');

INSERT INTO @api@.permissions (organization_id, permission, description)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('manage_organization', 'Change the organization itself.'),
    ('manage_members', 'See profiles, grant and revoke roles.'),
    ('manage_platform', 'Make organizations.')) AS v;

INSERT INTO @api@.user_roles_permissions (organization_id, role, permission)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('admin', 'manage_organization'),
    ('admin', 'manage_members'),
    ('super_admin', 'manage_platform')) AS v;
