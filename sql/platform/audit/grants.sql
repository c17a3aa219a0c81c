-- The log is read through the views: no API role can name what is in holdfast_private. Salts and digests are not shown.
SELECT holdfast_private.grant_table('holdfast_private.audit_log',
    'SELECT (organization_id, id, occurred_at, user_id, actor_id, role, category, action, entity_type, entity_id, subject_id, old_values,'
    ' new_values, details, status, error_message, ip_address, user_agent, request_id)', 'authenticated', 'service_role'),
    holdfast_private.record_policy('holdfast_private.audit_log', 'audit_log_service', 'service_role');
SELECT holdfast_private.grant_table(v::regclass, 'SELECT', 'authenticated', 'service_role')
FROM unnest(ARRAY['@api@.audit_logs', '@api@.admin_logs', '@api@.security_logs', '@api@.user_activity_logs',
                  '@api@.company_activity_logs', '@api@.conflict_audit_log']) AS v;
