CREATE INDEX ON @api@.quota_increase_requests (organization_id, company_id);
CREATE UNIQUE INDEX one_pending_request ON @api@.quota_increase_requests (organization_id, company_id) WHERE status = 'pending';
CREATE INDEX ON @api@.session_approvals (organization_id, session_type_id);
