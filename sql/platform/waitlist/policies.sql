-- Who waits sees that they do, and what they are offered; who may manage bookings sees the line.
CREATE POLICY waitlist_entries_read ON @api@.waitlist_entries FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY waitlist_offers_read ON @api@.waitlist_offers FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY waitlist_entries_service ON @api@.waitlist_entries FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY waitlist_offers_service ON @api@.waitlist_offers FOR SELECT
    USING (organization_id = holdfast.org_id());

CREATE POLICY waitlist_settings_read ON @api@.waitlist_settings FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY waitlist_settings_add ON @api@.waitlist_settings FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_bookings'));
CREATE POLICY waitlist_settings_change ON @api@.waitlist_settings FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_bookings'));

-- Nobody but the owner reads this; a policy says so where a grant made by mistake would open it.
CREATE POLICY waitlist_freed_owner ON holdfast_private.waitlist_freed
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
