CREATE TABLE @api@.company_employee_invitations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    employee_id uuid NOT NULL,
    email text NOT NULL,
    token_id uuid,
    invited_by_user_id uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    sent_at timestamptz,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    rejected_at timestamptz,
    revoked_at timestamptz,
    expired_at timestamptz,
    user_id uuid
);
COMMENT ON TABLE @api@.company_employee_invitations IS 'Who was invited to be an employee of a company, and what became of it; a row for each time. The token is one of account_tokens; of its secret nothing is readable.';
COMMENT ON COLUMN @api@.company_employee_invitations.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_employee_invitations.id IS 'The invitation.';
COMMENT ON COLUMN @api@.company_employee_invitations.company_id IS 'The company that invites.';
COMMENT ON COLUMN @api@.company_employee_invitations.employee_id IS 'The employee, whose row waits for them with the status invited.';
COMMENT ON COLUMN @api@.company_employee_invitations.email IS 'The address that it is sent to: nobody with another can accept.';
COMMENT ON COLUMN @api@.company_employee_invitations.token_id IS 'The token that was asked for; null once it is forgotten.';
COMMENT ON COLUMN @api@.company_employee_invitations.invited_by_user_id IS 'User who invited them.';
COMMENT ON COLUMN @api@.company_employee_invitations.created_at IS 'When.';
COMMENT ON COLUMN @api@.company_employee_invitations.sent_at IS 'When the link was last handed to be mailed; null before.';
COMMENT ON COLUMN @api@.company_employee_invitations.expires_at IS 'Until when they can accept.';
COMMENT ON COLUMN @api@.company_employee_invitations.accepted_at IS 'When they accepted; null before.';
COMMENT ON COLUMN @api@.company_employee_invitations.rejected_at IS 'When they declined; null before.';
COMMENT ON COLUMN @api@.company_employee_invitations.revoked_at IS 'When it was taken back, or another took its place.';
COMMENT ON COLUMN @api@.company_employee_invitations.expired_at IS 'When it was noticed that nobody had answered in time.';
COMMENT ON COLUMN @api@.company_employee_invitations.user_id IS 'Who accepted.';
ALTER TABLE @api@.company_employee_invitations ENABLE ROW LEVEL SECURITY;
