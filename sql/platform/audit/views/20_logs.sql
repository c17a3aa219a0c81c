-- The log from five sides. Each shows what audit_logs shows to whom.
CREATE VIEW @api@.admin_logs WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id AS admin_id, l.acting_user_id, l.action, l.entity_type AS target_type, l.entity_id AS target_id,
       coalesce(l.changes, l.details) AS details, l.ip_address, l.user_agent, l."timestamp" AS created_at
FROM @api@.audit_logs AS l
WHERE (l.category = 'admin' OR l.category = 'data' AND l.entity_type IN (
        'organizations', 'roles', 'permissions', 'user_roles', 'user_roles_permissions', 'user_roles_hierarchy', 'companies',
        'company_employees', 'company_contacts', 'company_subscriptions', 'company_subscription_plans', 'company_verification',
        'company_compliance_issues', 'company_dpa_acceptance', 'specialists', 'specialist_assignments', 'client_assignments', 'pillars', 'session_types', 'booking_rules',
        'waitlist_settings', 'specialist_weights', 'booking_packages', 'accounts', 'account_settings', 'ip_allowlist', 'ip_blocklist',
        'company_organizations', 'company_organization_members', 'quota_settings', 'quota_increase_requests', 'session_approvals',
        'email_templates', 'message_settings'))
  AND (holdfast.has_permission('@api@.user_roles', 'read_audit') OR holdfast.jwt_role() = 'service_role' OR holdfast.jwt() IS NULL);
COMMENT ON VIEW @api@.admin_logs IS 'What was changed of the organization itself: its roles, people, companies, catalog and rules. For who may read the audit log.';
COMMENT ON COLUMN @api@.admin_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.admin_logs.id IS 'The row of audit_logs.';
COMMENT ON COLUMN @api@.admin_logs.admin_id IS 'In whose name; null when no person acted.';
COMMENT ON COLUMN @api@.admin_logs.acting_user_id IS 'The real person.';
COMMENT ON COLUMN @api@.admin_logs.action IS 'insert, update, delete, truncate, or undo.';
COMMENT ON COLUMN @api@.admin_logs.target_type IS 'The table.';
COMMENT ON COLUMN @api@.admin_logs.target_id IS 'Id of the row.';
COMMENT ON COLUMN @api@.admin_logs.details IS 'What changed: {"column": {"old", "new"}}.';
COMMENT ON COLUMN @api@.admin_logs.ip_address IS 'Where the request came from.';
COMMENT ON COLUMN @api@.admin_logs.user_agent IS 'What it was made with.';
COMMENT ON COLUMN @api@.admin_logs.created_at IS 'When.';

CREATE VIEW @api@.security_logs WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id, l.acting_user_id, l.subject_id, l.action AS event_type, l.entity_type, l.entity_id, l.status,
       l.error_message, l.details, l.ip_address, l.user_agent, l."timestamp" AS created_at
FROM @api@.audit_logs AS l
WHERE l.category IN ('security', 'audit') OR l.status = 'failure'
   OR l.entity_type IN ('user_roles', 'user_roles_permissions', 'accounts', 'account_tokens', 'ip_allowlist', 'ip_blocklist',
                        'api_keys', 'session_tokens', 'two_factor_auth', 'user_device_fingerprints', 'holdfast_private.passwords',
                        'holdfast_private.two_factor_secrets', 'holdfast_private.user_backup_codes', 'holdfast_private.calendar_feeds');
COMMENT ON VIEW @api@.security_logs IS 'Sign-ins, refusals and failures, and changes of roles, accounts, passwords, factors and tokens.';
COMMENT ON COLUMN @api@.security_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.security_logs.id IS 'The row of audit_logs.';
COMMENT ON COLUMN @api@.security_logs.user_id IS 'In whose name.';
COMMENT ON COLUMN @api@.security_logs.acting_user_id IS 'The real person.';
COMMENT ON COLUMN @api@.security_logs.subject_id IS 'Whose account it is about.';
COMMENT ON COLUMN @api@.security_logs.event_type IS 'What happened.';
COMMENT ON COLUMN @api@.security_logs.entity_type IS 'The table, or the path of the request that was refused.';
COMMENT ON COLUMN @api@.security_logs.entity_id IS 'Id of the row.';
COMMENT ON COLUMN @api@.security_logs.status IS 'success or failure.';
COMMENT ON COLUMN @api@.security_logs.error_message IS 'Of a failure the word.';
COMMENT ON COLUMN @api@.security_logs.details IS 'What else there is to say.';
COMMENT ON COLUMN @api@.security_logs.ip_address IS 'Where the request came from.';
COMMENT ON COLUMN @api@.security_logs.user_agent IS 'What it was made with.';
COMMENT ON COLUMN @api@.security_logs.created_at IS 'When.';

CREATE VIEW @api@.user_activity_logs WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id, l.action, l.entity_type AS resource_type, l.entity_id AS resource_id, l.ip_address,
       l.user_agent, l."timestamp" AS created_at
FROM @api@.audit_logs AS l
WHERE l.user_id IS NOT NULL;
COMMENT ON VIEW @api@.user_activity_logs IS 'What people did.';
COMMENT ON COLUMN @api@.user_activity_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.user_activity_logs.id IS 'The row of audit_logs.';
COMMENT ON COLUMN @api@.user_activity_logs.user_id IS 'Who.';
COMMENT ON COLUMN @api@.user_activity_logs.action IS 'insert, update, delete, read, or the word of an event.';
COMMENT ON COLUMN @api@.user_activity_logs.resource_type IS 'To what.';
COMMENT ON COLUMN @api@.user_activity_logs.resource_id IS 'Its id.';
COMMENT ON COLUMN @api@.user_activity_logs.ip_address IS 'Where the request came from.';
COMMENT ON COLUMN @api@.user_activity_logs.user_agent IS 'What it was made with.';
COMMENT ON COLUMN @api@.user_activity_logs.created_at IS 'When.';

CREATE VIEW @api@.conflict_audit_log WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id, l.acting_user_id, l.entity_type AS request, l.ip_address, l."timestamp" AS created_at
FROM @api@.audit_logs AS l
WHERE l.status = 'failure' AND l.error_message = 'slot_conflict';
COMMENT ON VIEW @api@.conflict_audit_log IS 'Requests for time that somebody else had: each was refused, and nothing was booked twice. Written within a minute.';
COMMENT ON COLUMN @api@.conflict_audit_log.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.conflict_audit_log.id IS 'The row of audit_logs.';
COMMENT ON COLUMN @api@.conflict_audit_log.user_id IS 'Who asked.';
COMMENT ON COLUMN @api@.conflict_audit_log.acting_user_id IS 'The real person.';
COMMENT ON COLUMN @api@.conflict_audit_log.request IS 'The path of the request, like /rpc/request_hold.';
COMMENT ON COLUMN @api@.conflict_audit_log.ip_address IS 'Where it came from.';
COMMENT ON COLUMN @api@.conflict_audit_log.created_at IS 'When.';

CREATE VIEW @api@.company_activity_logs WITH (security_invoker = true) AS
SELECT l.organization_id, l.id,
       CASE l.entity_type
           WHEN 'companies' THEN l.entity_id::uuid
           -- An update shows it only where it changed; the row was made with it.
           ELSE coalesce(l.new_values ->> 'company_id', l.old_values ->> 'company_id', (
               SELECT i.new_values ->> 'company_id' FROM holdfast_private.audit_log AS i
               WHERE i.organization_id = l.organization_id AND i.entity_type = '@api@.' || l.entity_type AND i.entity_id = l.entity_id
                 AND i.action = 'insert' ORDER BY i.id DESC LIMIT 1))::uuid
       END AS company_id,
       l.user_id, l.entity_type, l.entity_id, l.action, l.changes AS details, l."timestamp" AS created_at
FROM @api@.audit_logs AS l
WHERE l.category = 'data' AND l.action <> 'truncate' AND (l.entity_type IN ('companies', 'specialist_assignments')
       OR starts_with(l.entity_type, 'company_') AND l.entity_type <> 'company_subscription_plans')
  AND (holdfast.has_permission('@api@.user_roles', 'read_audit') OR holdfast.jwt_role() = 'service_role' OR holdfast.jwt() IS NULL);
COMMENT ON VIEW @api@.company_activity_logs IS 'What was changed of companies and their people. For who may read the audit log.';
COMMENT ON COLUMN @api@.company_activity_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_activity_logs.id IS 'The row of audit_logs.';
COMMENT ON COLUMN @api@.company_activity_logs.company_id IS 'The company; null when it cannot be told any more.';
COMMENT ON COLUMN @api@.company_activity_logs.user_id IS 'In whose name.';
COMMENT ON COLUMN @api@.company_activity_logs.entity_type IS 'companies, specialist_assignments, or a table whose name begins with company_.';
COMMENT ON COLUMN @api@.company_activity_logs.entity_id IS 'Id of the row.';
COMMENT ON COLUMN @api@.company_activity_logs.action IS 'insert, update or delete.';
COMMENT ON COLUMN @api@.company_activity_logs.details IS 'What changed: {"column": {"old", "new"}}.';
COMMENT ON COLUMN @api@.company_activity_logs.created_at IS 'When.';
