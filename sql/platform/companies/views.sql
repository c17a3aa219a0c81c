CREATE VIEW @api@.company_billing_contacts WITH (security_invoker = true) AS
SELECT c.organization_id, c.id, c.company_id, c.name, c.email, c.phone, c.role, c.address, c.is_primary, c.verified,
       c.verification_email_sent_at
FROM @api@.company_contacts AS c
WHERE c.kind = 'billing';
COMMENT ON VIEW @api@.company_billing_contacts IS 'Whom to send bills to.';
COMMENT ON COLUMN @api@.company_billing_contacts.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_billing_contacts.id IS 'The contact.';
COMMENT ON COLUMN @api@.company_billing_contacts.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_billing_contacts.name IS 'Their name.';
COMMENT ON COLUMN @api@.company_billing_contacts.email IS 'Their address.';
COMMENT ON COLUMN @api@.company_billing_contacts.phone IS 'Their number.';
COMMENT ON COLUMN @api@.company_billing_contacts.role IS 'What they do there.';
COMMENT ON COLUMN @api@.company_billing_contacts.address IS 'Where bills go.';
COMMENT ON COLUMN @api@.company_billing_contacts.is_primary IS 'The first to ask.';
COMMENT ON COLUMN @api@.company_billing_contacts.verified IS 'Whether the address was verified.';
COMMENT ON COLUMN @api@.company_billing_contacts.verification_email_sent_at IS 'When a mail that verifies it was last sent.';

-- Whoever may not see the papers would see the company with nothing in order, so it is for those who may.
CREATE VIEW @api@.company_compliance_status WITH (security_invoker = true) AS
SELECT c.organization_id, c.id AS company_id, coalesce(v.status, 'missing') AS verification, d.dpa_version,
       count(i.id)::int AS open_issues,
       count(i.id) FILTER (WHERE i.severity = 'high')::int AS high_issues,
       min(i.due_date) AS next_due_date,
       CASE WHEN v.status = 'rejected' OR count(i.id) FILTER (WHERE i.severity = 'high') > 0 THEN 'non_compliant'
            WHEN v.status = 'verified' AND d.dpa_version IS NOT NULL AND count(i.id) = 0 THEN 'compliant'
            ELSE 'pending' END AS status
FROM @api@.companies AS c
LEFT JOIN @api@.company_verification AS v ON v.organization_id = c.organization_id AND v.company_id = c.id
LEFT JOIN LATERAL (
    SELECT a.dpa_version FROM @api@.company_dpa_acceptance AS a
    WHERE a.organization_id = c.organization_id AND a.company_id = c.id
    ORDER BY a.accepted_at DESC, a.dpa_version DESC LIMIT 1) AS d ON true
LEFT JOIN @api@.company_compliance_issues AS i
    ON i.organization_id = c.organization_id AND i.company_id = c.id AND i.resolved_at IS NULL
WHERE holdfast.has_permission('@api@.user_roles', 'manage_employees')
   OR holdfast.has_permission('@api@.user_roles', 'manage_companies')
   OR holdfast.jwt_role() = 'service_role' OR holdfast.jwt() IS NULL
GROUP BY c.organization_id, c.id, v.status, d.dpa_version;
COMMENT ON VIEW @api@.company_compliance_status IS 'Whether a company is in order, and what is missing: for admins, and for its own HR.';
COMMENT ON COLUMN @api@.company_compliance_status.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_compliance_status.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_compliance_status.verification IS 'Status of its verification; missing when it has handed in nothing.';
COMMENT ON COLUMN @api@.company_compliance_status.dpa_version IS 'The version of the data processing agreement that it accepted last.';
COMMENT ON COLUMN @api@.company_compliance_status.open_issues IS 'Issues that are open.';
COMMENT ON COLUMN @api@.company_compliance_status.high_issues IS 'Those of them that are severe.';
COMMENT ON COLUMN @api@.company_compliance_status.next_due_date IS 'By when the first of them has to be resolved.';
COMMENT ON COLUMN @api@.company_compliance_status.status IS 'non_compliant: rejected, or a severe issue is open; compliant: verified, agreement accepted and no issue open; else pending.';
