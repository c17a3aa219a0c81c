CREATE TABLE @api@.session_approvals (
    organization_id uuid NOT NULL,
    client_id uuid NOT NULL,
    session_type_id uuid NOT NULL,
    valid_until timestamptz,
    approved_by uuid,
    approved_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.session_approvals IS 'Who may book a type of session that has to be approved before.';
COMMENT ON COLUMN @api@.session_approvals.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.session_approvals.client_id IS 'The client.';
COMMENT ON COLUMN @api@.session_approvals.session_type_id IS 'The type.';
COMMENT ON COLUMN @api@.session_approvals.valid_until IS 'Until when they may book it; null for ever.';
COMMENT ON COLUMN @api@.session_approvals.approved_by IS 'User who approved it.';
COMMENT ON COLUMN @api@.session_approvals.approved_at IS 'When.';
ALTER TABLE @api@.session_approvals ENABLE ROW LEVEL SECURITY;
