-- Both parties see their bookings, and who may manage bookings all of the organization; company_hr none, for them company_usage()
-- counts. Clients write through the RPCs only, so there is no policy for writing.

CREATE POLICY bookings_read ON @api@.bookings FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));

CREATE POLICY booking_status_history_read ON @api@.booking_status_history FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));

CREATE POLICY booking_cancellations_read ON @api@.booking_cancellations FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));

CREATE POLICY rescheduling_history_read ON @api@.rescheduling_history FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR holdfast.subject_id('@api@.specialists') IN (old_specialist_id, new_specialist_id)
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));

-- The service role: all of it with BYPASSRLS, as on Supabase; without, the organization that the request names.
CREATE POLICY bookings_service ON @api@.bookings
    USING (organization_id = holdfast.org_id());
CREATE POLICY booking_status_history_service ON @api@.booking_status_history FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY booking_cancellations_service ON @api@.booking_cancellations FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY rescheduling_history_service ON @api@.rescheduling_history FOR SELECT
    USING (organization_id = holdfast.org_id());

-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY booking_holds_owner ON holdfast_private.booking_holds
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
CREATE POLICY idempotency_owner ON holdfast_private.idempotency
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
