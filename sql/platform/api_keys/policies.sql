CREATE POLICY api_keys_read ON @api@.api_keys FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY api_keys_service ON @api@.api_keys FOR SELECT
    USING (organization_id = holdfast.org_id());
