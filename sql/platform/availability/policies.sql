-- Hours and rules are what members of the organization book by, so they may read them. Breaks, exceptions, leave and external
-- calendars say more of a person than that they are not free: theirs, and who may manage specialists.

CREATE POLICY specialist_working_hours_read ON @api@.specialist_working_hours FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY booking_rules_read ON @api@.booking_rules FOR SELECT
    USING (organization_id = holdfast.org_id());

CREATE POLICY specialist_breaks_read ON @api@.specialist_breaks FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));
CREATE POLICY specialist_availability_exceptions_read ON @api@.specialist_availability_exceptions FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));
CREATE POLICY specialist_vacation_read ON @api@.specialist_vacation FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));
CREATE POLICY external_busy_times_read ON @api@.external_busy_times FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));

-- Nobody but the owner reads the calendar itself; a policy says so where a grant made by mistake would open it.
CREATE POLICY calendar_owner ON holdfast_private.calendar
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
