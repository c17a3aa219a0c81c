-- Offers are for every member of the organization; what clients have and used is for them, their specialist and admins.

CREATE POLICY booking_packages_read ON @api@.booking_packages FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY client_packages_read ON @api@.client_packages FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY package_uses_read ON @api@.package_uses FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY booking_packages_service ON @api@.booking_packages FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY client_packages_service ON @api@.client_packages FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY package_uses_service ON @api@.package_uses FOR SELECT
    USING (organization_id = holdfast.org_id());
