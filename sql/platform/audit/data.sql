INSERT INTO @api@.permissions (organization_id, permission, description)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('read_audit', 'Read the audit log of the organization.'),
    ('undo_changes', 'Undo a change that the audit log shows.')) AS v;

INSERT INTO @api@.user_roles_permissions (organization_id, role, permission)
SELECT '00000000-0000-0000-0000-000000000000', v.*
FROM (VALUES
    ('admin', 'read_audit'),
    ('admin', 'undo_changes')) AS v;
