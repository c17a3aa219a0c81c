CREATE TABLE @api@.company_organization_members (
    organization_id uuid NOT NULL,
    company_id uuid NOT NULL,
    company_organization_id uuid NOT NULL,
    added_by uuid,
    added_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_organization_members IS 'Which company belongs to which group; to one at most.';
COMMENT ON COLUMN @api@.company_organization_members.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_organization_members.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_organization_members.company_organization_id IS 'The group.';
COMMENT ON COLUMN @api@.company_organization_members.added_by IS 'User who said so.';
COMMENT ON COLUMN @api@.company_organization_members.added_at IS 'When.';
ALTER TABLE @api@.company_organization_members ENABLE ROW LEVEL SECURITY;
