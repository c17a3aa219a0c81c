CREATE TABLE @api@.company_verification (
    organization_id uuid NOT NULL,
    company_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    registration_number text,
    registration_verified boolean NOT NULL DEFAULT false,
    tax_id text,
    tax_id_verified boolean NOT NULL DEFAULT false,
    business_license text,
    business_license_verified boolean NOT NULL DEFAULT false,
    insurance text,
    insurance_verified boolean NOT NULL DEFAULT false,
    submitted_by uuid,
    submitted_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    verified_by uuid,
    verified_at timestamptz,
    rejection_reason text
);
COMMENT ON TABLE @api@.company_verification IS 'Whether a company is who it says it is: one row for each that has handed in its papers.';
COMMENT ON COLUMN @api@.company_verification.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_verification.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_verification.status IS 'pending, in_review, verified or rejected.';
COMMENT ON COLUMN @api@.company_verification.registration_number IS 'Number in the register of companies.';
COMMENT ON COLUMN @api@.company_verification.registration_verified IS 'Whether that was checked.';
COMMENT ON COLUMN @api@.company_verification.tax_id IS 'Tax number.';
COMMENT ON COLUMN @api@.company_verification.tax_id_verified IS 'Whether that was checked.';
COMMENT ON COLUMN @api@.company_verification.business_license IS 'Number or address of the licence.';
COMMENT ON COLUMN @api@.company_verification.business_license_verified IS 'Whether that was checked.';
COMMENT ON COLUMN @api@.company_verification.insurance IS 'Number or address of the insurance.';
COMMENT ON COLUMN @api@.company_verification.insurance_verified IS 'Whether that was checked.';
COMMENT ON COLUMN @api@.company_verification.submitted_by IS 'User who handed it in.';
COMMENT ON COLUMN @api@.company_verification.submitted_at IS 'When it was last handed in.';
COMMENT ON COLUMN @api@.company_verification.verified_by IS 'User who decided.';
COMMENT ON COLUMN @api@.company_verification.verified_at IS 'When.';
COMMENT ON COLUMN @api@.company_verification.rejection_reason IS 'Why it was rejected.';
ALTER TABLE @api@.company_verification ENABLE ROW LEVEL SECURITY;
