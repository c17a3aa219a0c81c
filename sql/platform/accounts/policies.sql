CREATE POLICY account_settings_read ON @api@.account_settings FOR SELECT
    USING (organization_id = holdfast.org_id());

-- Everybody sees what is theirs; who manages members, what is the organization's.
CREATE POLICY accounts_read ON @api@.accounts FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY account_tokens_read ON @api@.account_tokens FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY failed_login_attempts_read ON @api@.failed_login_attempts FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY ip_allowlist_read ON @api@.ip_allowlist FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY ip_blocklist_read ON @api@.ip_blocklist FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));

-- Services read them too; they are written by RPCs only.
CREATE POLICY account_settings_service ON @api@.account_settings FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY accounts_service ON @api@.accounts FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY account_tokens_service ON @api@.account_tokens FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY failed_login_attempts_service ON @api@.failed_login_attempts FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY ip_allowlist_service ON @api@.ip_allowlist FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY ip_blocklist_service ON @api@.ip_blocklist FOR SELECT
    USING (organization_id = holdfast.org_id());

-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY token_kinds_owner ON holdfast_private.token_kinds USING (current_user = 'holdfast_owner');
CREATE POLICY token_secrets_owner ON holdfast_private.token_secrets
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
