-- Everybody reads what was done in their name, who may read the audit log all of the organization. Nobody writes.
DROP POLICY owner_only ON holdfast_private.audit_log;
CREATE POLICY audit_log_read ON holdfast_private.audit_log FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR actor_id = holdfast.uid()
             OR holdfast.has_permission('@api@.user_roles', 'read_audit')));
CREATE POLICY audit_log_service ON holdfast_private.audit_log FOR SELECT
    USING (organization_id = holdfast.org_id());
