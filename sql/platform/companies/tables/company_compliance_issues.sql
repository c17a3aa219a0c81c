CREATE TABLE @api@.company_compliance_issues (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    severity text NOT NULL DEFAULT 'medium',
    description text NOT NULL,
    due_date date,
    opened_by uuid,
    opened_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    resolved_by uuid,
    resolved_at timestamptz,
    resolution text
);
COMMENT ON TABLE @api@.company_compliance_issues IS 'What is not in order with a company, and how it was put right.';
COMMENT ON COLUMN @api@.company_compliance_issues.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_compliance_issues.id IS 'The issue.';
COMMENT ON COLUMN @api@.company_compliance_issues.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_compliance_issues.severity IS 'low, medium or high.';
COMMENT ON COLUMN @api@.company_compliance_issues.description IS 'What it is; nothing about a person''s health.';
COMMENT ON COLUMN @api@.company_compliance_issues.due_date IS 'By when it has to be resolved.';
COMMENT ON COLUMN @api@.company_compliance_issues.opened_by IS 'User who opened it.';
COMMENT ON COLUMN @api@.company_compliance_issues.opened_at IS 'When.';
COMMENT ON COLUMN @api@.company_compliance_issues.resolved_by IS 'User who resolved it.';
COMMENT ON COLUMN @api@.company_compliance_issues.resolved_at IS 'When; null while it is open.';
COMMENT ON COLUMN @api@.company_compliance_issues.resolution IS 'How.';
ALTER TABLE @api@.company_compliance_issues ENABLE ROW LEVEL SECURITY;
