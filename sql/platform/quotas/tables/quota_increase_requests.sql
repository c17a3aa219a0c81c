CREATE TABLE @api@.quota_increase_requests (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    sessions int NOT NULL,
    reason text,
    status text NOT NULL DEFAULT 'pending',
    requested_by uuid,
    requested_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    granted int,
    reviewed_by uuid,
    reviewed_at timestamptz,
    comment text
);
COMMENT ON TABLE @api@.quota_increase_requests IS 'Sessions that a company asks for on top of its plan, for the month in which they are granted.';
COMMENT ON COLUMN @api@.quota_increase_requests.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.quota_increase_requests.id IS 'The request.';
COMMENT ON COLUMN @api@.quota_increase_requests.company_id IS 'The company; one request of it is pending, at most.';
COMMENT ON COLUMN @api@.quota_increase_requests.sessions IS 'How many it asks for.';
COMMENT ON COLUMN @api@.quota_increase_requests.reason IS 'Why.';
COMMENT ON COLUMN @api@.quota_increase_requests.status IS 'pending, approved or rejected.';
COMMENT ON COLUMN @api@.quota_increase_requests.requested_by IS 'User who asked.';
COMMENT ON COLUMN @api@.quota_increase_requests.requested_at IS 'When.';
COMMENT ON COLUMN @api@.quota_increase_requests.granted IS 'How many were granted.';
COMMENT ON COLUMN @api@.quota_increase_requests.reviewed_by IS 'User who decided.';
COMMENT ON COLUMN @api@.quota_increase_requests.reviewed_at IS 'When.';
COMMENT ON COLUMN @api@.quota_increase_requests.comment IS 'What they said to it.';
ALTER TABLE @api@.quota_increase_requests ENABLE ROW LEVEL SECURITY;
