CREATE UNIQUE INDEX one_running_subscription ON @api@.company_subscriptions (organization_id, company_id) WHERE status <> 'cancelled';
CREATE INDEX ON @api@.company_subscriptions (organization_id, plan_id);
CREATE INDEX ON @api@.company_subscriptions (organization_id, next_plan_id);
CREATE INDEX ON @api@.company_subscription_history (organization_id, company_id, subscription_id);
CREATE INDEX ON @api@.company_contacts (organization_id, company_id);
CREATE UNIQUE INDEX one_primary_contact ON @api@.company_contacts (organization_id, company_id, kind) WHERE is_primary;
CREATE INDEX ON @api@.company_compliance_issues (organization_id, company_id);
CREATE INDEX ON @api@.company_organization_members (organization_id, company_organization_id);
