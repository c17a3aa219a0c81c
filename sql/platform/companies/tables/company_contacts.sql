CREATE TABLE @api@.company_contacts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    kind text NOT NULL DEFAULT 'general',
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    role text,
    address text,
    is_primary boolean NOT NULL DEFAULT false,
    verified boolean NOT NULL DEFAULT false,
    verification_email_sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_contacts IS 'Whom to talk to in a company, and whom to send bills to.';
COMMENT ON COLUMN @api@.company_contacts.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_contacts.id IS 'The contact.';
COMMENT ON COLUMN @api@.company_contacts.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_contacts.kind IS 'general or billing.';
COMMENT ON COLUMN @api@.company_contacts.name IS 'Their name.';
COMMENT ON COLUMN @api@.company_contacts.email IS 'Their address, in lower case.';
COMMENT ON COLUMN @api@.company_contacts.phone IS 'Their number.';
COMMENT ON COLUMN @api@.company_contacts.role IS 'What they do there.';
COMMENT ON COLUMN @api@.company_contacts.address IS 'Where bills go.';
COMMENT ON COLUMN @api@.company_contacts.is_primary IS 'The first of its kind to ask; one of each kind at most.';
COMMENT ON COLUMN @api@.company_contacts.verified IS 'Whether the address was verified.';
COMMENT ON COLUMN @api@.company_contacts.verification_email_sent_at IS 'When a mail that verifies it was last sent.';
COMMENT ON COLUMN @api@.company_contacts.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.company_contacts.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.company_contacts ENABLE ROW LEVEL SECURITY;
