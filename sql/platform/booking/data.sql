INSERT INTO @api@.permissions (organization_id, permission, description)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('manage_bookings', 'Book for everybody in the organization, and see and change every booking.'),
    ('view_usage', 'See how many sessions the people of one''s own company had.'),
    ('view_all_usage', 'The same for every company of the organization.')) AS v;

INSERT INTO @api@.user_roles_permissions (organization_id, role, permission)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('company_hr', 'view_usage'),
    ('admin', 'manage_bookings'),
    ('admin', 'view_usage'),
    ('admin', 'view_all_usage')) AS v;
