INSERT INTO @api@.permissions (organization_id, permission, description)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('view_clients', 'See the clients that one is assigned to.'),
    ('manage_clients', 'See and change every client of the organization.'),
    ('manage_specialists', 'Add and change specialists.'),
    ('manage_companies', 'Add and change companies and all their employees.'),
    ('manage_employees', 'See and change the employees of one''s own company.')) AS v;

INSERT INTO @api@.user_roles_permissions (organization_id, role, permission)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('specialist', 'view_clients'),
    ('company_hr', 'manage_employees'),
    ('admin', 'view_clients'),
    ('admin', 'manage_clients'),
    ('admin', 'manage_specialists'),
    ('admin', 'manage_companies'),
    ('admin', 'manage_employees')) AS v;
