CREATE VIEW @api@.company_employee_directory WITH (security_invoker = true) AS
SELECT e.organization_id, e.id AS employee_id, e.company_id, e.display_name, e.email, e.role, e.department, e.cost_center,
       e.access_date, e.access_ends, e.monthly_limit, e.status, e.user_id IS NOT NULL AS has_account,
       CASE WHEN i.id IS NULL THEN NULL
            WHEN i.accepted_at IS NOT NULL THEN 'accepted'
            WHEN i.rejected_at IS NOT NULL THEN 'rejected'
            WHEN i.revoked_at IS NOT NULL THEN 'revoked'
            WHEN i.expired_at IS NOT NULL OR i.expires_at <= now() THEN 'expired'
            WHEN i.sent_at IS NULL THEN 'queued'
            ELSE 'sent' END AS invitation_status,
       i.created_at AS invited_at, i.expires_at AS invitation_expires_at
FROM @api@.company_employees AS e
LEFT JOIN LATERAL (
    SELECT i.* FROM @api@.company_employee_invitations AS i
    WHERE i.organization_id = e.organization_id AND i.employee_id = e.id
    ORDER BY i.id DESC LIMIT 1) AS i ON true;
COMMENT ON VIEW @api@.company_employee_directory IS 'Employees as HR looks after them, each with their last invitation; nothing of what they book.';
COMMENT ON COLUMN @api@.company_employee_directory.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_employee_directory.employee_id IS 'The employee.';
COMMENT ON COLUMN @api@.company_employee_directory.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_employee_directory.display_name IS 'Their name.';
COMMENT ON COLUMN @api@.company_employee_directory.email IS 'Their address.';
COMMENT ON COLUMN @api@.company_employee_directory.role IS 'employee or hr.';
COMMENT ON COLUMN @api@.company_employee_directory.department IS 'Where they work.';
COMMENT ON COLUMN @api@.company_employee_directory.cost_center IS 'Who pays within the company.';
COMMENT ON COLUMN @api@.company_employee_directory.access_date IS 'From which day on they may book.';
COMMENT ON COLUMN @api@.company_employee_directory.access_ends IS 'From which day on they are an employee no more.';
COMMENT ON COLUMN @api@.company_employee_directory.monthly_limit IS 'How many sessions a month the company sponsors for them; null means no limit of their own.';
COMMENT ON COLUMN @api@.company_employee_directory.status IS 'invited, active or inactive.';
COMMENT ON COLUMN @api@.company_employee_directory.has_account IS 'Whether they have signed in as this employee.';
COMMENT ON COLUMN @api@.company_employee_directory.invitation_status IS 'Of the last invitation: queued, sent, accepted, rejected, revoked or expired; null when there was none.';
COMMENT ON COLUMN @api@.company_employee_directory.invited_at IS 'When that was.';
COMMENT ON COLUMN @api@.company_employee_directory.invitation_expires_at IS 'Until when they can accept it.';
