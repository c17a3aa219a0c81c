-- Values are shown to whoever may read the audit log, and to people where the data is their own. What somebody did to
-- the data of others is shown to them without the values, which they may not have been allowed to see.
CREATE VIEW @api@.audit_logs WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.user_id, l.actor_id AS acting_user_id, l.role, l.category, l.action,
       CASE WHEN starts_with(l.entity_type, '@api@.') THEN substr(l.entity_type, length('@api@.') + 1) ELSE l.entity_type END AS entity_type,
       l.entity_id, l.subject_id,
       CASE WHEN s.shown THEN (
           SELECT jsonb_object_agg(k, jsonb_build_object('old', l.old_values -> k, 'new', l.new_values -> k))
           FROM jsonb_object_keys(coalesce(l.old_values, '{}') || coalesce(l.new_values, '{}')) AS k) END AS changes,
       CASE WHEN s.shown THEN l.old_values END AS old_values,
       CASE WHEN s.shown THEN l.new_values END AS new_values,
       CASE WHEN s.shown THEN l.details END AS details,
       l.status, l.error_message, l.ip_address, l.user_agent, l.request_id, l.occurred_at AS "timestamp"
FROM holdfast_private.audit_log AS l
CROSS JOIN LATERAL (
    SELECT l.subject_id = holdfast.uid() OR l.subject_id = holdfast.subject_id('@api@.clients')
        OR holdfast.has_permission('@api@.user_roles', 'read_audit') OR holdfast.jwt_role() = 'service_role'
        OR holdfast.jwt() IS NULL AS shown) AS s;  -- No request: a DBA, or no row at all.
COMMENT ON VIEW @api@.audit_logs IS 'What was done, by whom: people see what was done in their name, those who may read the audit log all of the organization. To search it: search_audit_logs().';
COMMENT ON COLUMN @api@.audit_logs.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.audit_logs.id IS 'The row of the log; sorts by time.';
COMMENT ON COLUMN @api@.audit_logs.user_id IS 'In whose name.';
COMMENT ON COLUMN @api@.audit_logs.acting_user_id IS 'The real person; differs from user_id while impersonating.';
COMMENT ON COLUMN @api@.audit_logs.role IS 'The role of their token; the database user where there was none.';
COMMENT ON COLUMN @api@.audit_logs.category IS 'data: a row was changed; read: clinical data was read; security, admin, request, audit: events.';
COMMENT ON COLUMN @api@.audit_logs.action IS 'insert, update, delete, truncate, read, or the word of an event.';
COMMENT ON COLUMN @api@.audit_logs.entity_type IS 'The table; of an event what it was about.';
COMMENT ON COLUMN @api@.audit_logs.entity_id IS 'Id of the row.';
COMMENT ON COLUMN @api@.audit_logs.subject_id IS 'Whose data it is: a user, or a client.';
COMMENT ON COLUMN @api@.audit_logs.changes IS 'The columns that changed: {"column": {"old", "new"}}. Where a value is not to be here, {"redacted"}. Null to those who may not see the values.';
COMMENT ON COLUMN @api@.audit_logs.old_values IS 'The same, what was there before.';
COMMENT ON COLUMN @api@.audit_logs.new_values IS 'The same, what is there since.';
COMMENT ON COLUMN @api@.audit_logs.details IS 'Of an event, what else there is to say.';
COMMENT ON COLUMN @api@.audit_logs.status IS 'success or failure.';
COMMENT ON COLUMN @api@.audit_logs.error_message IS 'Of a failure the word.';
COMMENT ON COLUMN @api@.audit_logs.ip_address IS 'Where the request came from.';
COMMENT ON COLUMN @api@.audit_logs.user_agent IS 'What it was made with.';
COMMENT ON COLUMN @api@.audit_logs.request_id IS 'Its header X-Request-Id.';
COMMENT ON COLUMN @api@.audit_logs."timestamp" IS 'When.';
