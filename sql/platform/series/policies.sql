-- As bookings: both parties see theirs, and who may manage bookings all of the organization.

CREATE POLICY recurring_bookings_read ON @api@.recurring_bookings FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY recurring_booking_occurrences_read ON @api@.recurring_booking_occurrences FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY recurring_bookings_service ON @api@.recurring_bookings FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY recurring_booking_occurrences_service ON @api@.recurring_booking_occurrences FOR SELECT
    USING (organization_id = holdfast.org_id());
