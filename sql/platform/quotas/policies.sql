-- HR sees the account of their own company, admins all; who had which session is in the ledger, and of that only what was
-- adjusted by hand. Accounts of employees are nobody's to read: session_balance() and company_quota_report() count.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['company_quota', 'company_quota_periods', 'company_quota_ledger'] LOOP
        EXECUTE format($sql$
            CREATE POLICY %1$I ON holdfast_private.%2$I FOR SELECT
                USING (organization_id = holdfast.org_id() %3$s
                    AND (account = holdfast.subject_id('@api@.company_employees')
                            AND holdfast.has_permission('@api@.user_roles', 'view_usage')
                         OR holdfast.has_permission('@api@.user_roles', 'view_all_usage')))
        $sql$, v_table || '_read', v_table, CASE v_table WHEN 'company_quota_ledger' THEN $sql$AND kind = 'adjust'$sql$ ELSE '' END);
        EXECUTE format('CREATE POLICY %1$I ON holdfast_private.%2$I FOR SELECT USING (organization_id = holdfast.org_id())',
            v_table || '_service', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['company_quota_alerts', 'employee_quota', 'employee_quota_periods', 'employee_quota_ledger',
        'employee_quota_alerts']
    LOOP
        EXECUTE format('CREATE POLICY %1$I ON holdfast_private.%2$I USING (organization_id = holdfast.org_id() AND current_user = %3$L)',
            v_table || '_owner', v_table, 'holdfast_owner');
    END LOOP;
END
$$;

CREATE POLICY quota_increase_requests_read ON @api@.quota_increase_requests FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (company_id = holdfast.subject_id('@api@.company_employees')
                AND holdfast.has_permission('@api@.user_roles', 'manage_employees')
             OR holdfast.has_permission('@api@.user_roles', 'manage_companies')));
CREATE POLICY quota_increase_requests_service ON @api@.quota_increase_requests FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY session_approvals_read ON @api@.session_approvals FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR holdfast.has_permission('@api@.user_roles', 'manage_bookings')));
CREATE POLICY session_approvals_service ON @api@.session_approvals FOR SELECT
    USING (organization_id = holdfast.org_id());

CREATE POLICY quota_settings_read ON @api@.quota_settings FOR SELECT
    USING (organization_id = holdfast.org_id());
CREATE POLICY quota_settings_add ON @api@.quota_settings FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_companies'));
CREATE POLICY quota_settings_change ON @api@.quota_settings FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_companies'));
