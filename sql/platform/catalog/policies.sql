-- Everybody of the organization sees what is offered; those who manage the catalog write it directly, and see what is not.
CREATE POLICY pillars_read ON @api@.pillars FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (is_active OR holdfast.has_permission('@api@.user_roles', 'manage_catalog')));
CREATE POLICY pillars_add ON @api@.pillars FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_catalog'));
CREATE POLICY pillars_change ON @api@.pillars FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_catalog'));

CREATE POLICY session_types_read ON @api@.session_types FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (is_active OR holdfast.has_permission('@api@.user_roles', 'manage_catalog')));
CREATE POLICY session_types_add ON @api@.session_types FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_catalog'));
CREATE POLICY session_types_change ON @api@.session_types FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_catalog'));
