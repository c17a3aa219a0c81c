-- Everybody sees what is theirs; who manages members, what is the organization's.
CREATE POLICY session_tokens_read ON @api@.session_tokens FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY two_factor_auth_read ON @api@.two_factor_auth FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY user_device_fingerprints_read ON @api@.user_device_fingerprints FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY session_tokens_service ON @api@.session_tokens FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY two_factor_auth_service ON @api@.two_factor_auth FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY user_device_fingerprints_service ON @api@.user_device_fingerprints FOR SELECT
    USING (organization_id = holdfast.org_id());

-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY passwords_owner ON holdfast_private.passwords
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
CREATE POLICY two_factor_secrets_owner ON holdfast_private.two_factor_secrets
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
CREATE POLICY user_backup_codes_owner ON holdfast_private.user_backup_codes
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
