CREATE POLICY email_templates_read ON @api@.email_templates FOR SELECT
    USING (organization_id IN (holdfast.org_id(), '00000000-0000-0000-0000-000000000000')
        AND holdfast.has_permission('@api@.user_roles', 'manage_organization'));
CREATE POLICY message_settings_read ON @api@.message_settings FOR SELECT
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_organization'));
CREATE POLICY message_settings_add ON @api@.message_settings FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_organization'));
CREATE POLICY message_settings_change ON @api@.message_settings FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_organization'));

CREATE POLICY notification_preferences_read ON @api@.notification_preferences FOR SELECT
    USING (organization_id = holdfast.org_id() AND user_id = holdfast.uid());
CREATE POLICY notifications_read ON @api@.notifications FOR SELECT
    USING (organization_id = holdfast.org_id() AND user_id = holdfast.uid());
-- What was written to somebody is theirs to read, and of those who answer for the organization.
CREATE POLICY communication_logs_read ON @api@.communication_logs FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_organization')));
CREATE POLICY booking_reminders_read ON @api@.booking_reminders FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));

-- Services read; RPCs write.
CREATE POLICY email_templates_service ON @api@.email_templates FOR SELECT
    USING (organization_id IN (holdfast.org_id(), '00000000-0000-0000-0000-000000000000'));
CREATE POLICY notification_preferences_service ON @api@.notification_preferences FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY notifications_service ON @api@.notifications FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY communication_logs_service ON @api@.communication_logs FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY booking_reminders_service ON @api@.booking_reminders FOR SELECT
    USING (organization_id = holdfast.org_id());

-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY message_kinds_owner ON holdfast_private.message_kinds USING (current_user = 'holdfast_owner');
CREATE POLICY email_suppressions_owner ON holdfast_private.email_suppressions
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
