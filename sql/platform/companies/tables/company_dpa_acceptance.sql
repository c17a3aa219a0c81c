CREATE TABLE @api@.company_dpa_acceptance (
    organization_id uuid NOT NULL,
    company_id uuid NOT NULL,
    dpa_version text NOT NULL,
    accepted_by uuid,
    accepted_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    ip_address inet,
    signed_document_url text
);
COMMENT ON TABLE @api@.company_dpa_acceptance IS 'Which version of the data processing agreement a company has accepted.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.dpa_version IS 'The version.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.accepted_by IS 'User who accepted it for the company.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.accepted_at IS 'When.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.ip_address IS 'From where.';
COMMENT ON COLUMN @api@.company_dpa_acceptance.signed_document_url IS 'Where the signed document is.';
ALTER TABLE @api@.company_dpa_acceptance ENABLE ROW LEVEL SECURITY;
