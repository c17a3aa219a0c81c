CREATE TABLE @api@.company_organizations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    name text NOT NULL,
    industry text,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_organizations IS 'Groups of companies: a holding and its subsidiaries, an association and its members.';
COMMENT ON COLUMN @api@.company_organizations.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_organizations.id IS 'The group.';
COMMENT ON COLUMN @api@.company_organizations.name IS 'What it is called; unique within the tenant.';
COMMENT ON COLUMN @api@.company_organizations.industry IS 'What it does; a company of it may say otherwise.';
COMMENT ON COLUMN @api@.company_organizations.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.company_organizations.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.company_organizations ENABLE ROW LEVEL SECURITY;
