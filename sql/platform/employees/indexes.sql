CREATE INDEX ON @api@.company_employee_invitations (organization_id, company_id);
CREATE INDEX ON @api@.company_employee_invitations (organization_id, employee_id, id);
CREATE UNIQUE INDEX one_open_invitation ON @api@.company_employee_invitations (organization_id, employee_id)
    WHERE accepted_at IS NULL AND rejected_at IS NULL AND revoked_at IS NULL AND expired_at IS NULL;
CREATE INDEX ON @api@.company_employee_invitations (expires_at)
    WHERE accepted_at IS NULL AND rejected_at IS NULL AND revoked_at IS NULL AND expired_at IS NULL;
CREATE INDEX ON @api@.company_employees (access_ends) WHERE access_ends IS NOT NULL AND status <> 'inactive';
CREATE INDEX ON @api@.company_import_rows (organization_id, company_id, import_id);
CREATE INDEX ON @api@.company_import_rows (organization_id, employee_id);
