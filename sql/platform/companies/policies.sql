-- An admin sees every company, its HR their own; employees see nothing of this. RPCs write it. Without subqueries: the
-- company that the caller works for is a stable call.
CREATE POLICY company_subscription_plans_read ON @api@.company_subscription_plans FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (holdfast.has_permission('@api@.user_roles', 'manage_companies')
             OR is_active AND holdfast.has_permission('@api@.user_roles', 'manage_employees')));

CREATE POLICY company_organizations_read ON @api@.company_organizations FOR SELECT
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_companies'));

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['company_subscriptions', 'company_subscription_history', 'company_verification',
        'company_contacts', 'company_dpa_acceptance', 'company_compliance_issues', 'company_organization_members']
    LOOP
        EXECUTE format($sql$
            CREATE POLICY %1$I ON @api@.%2$I FOR SELECT
                USING (organization_id = holdfast.org_id()
                    AND (company_id = holdfast.subject_id('@api@.company_employees')
                            AND holdfast.has_permission('@api@.user_roles', 'manage_employees')
                         OR holdfast.has_permission('@api@.user_roles', 'manage_companies')))
        $sql$, v_table || '_read', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['company_subscription_plans', 'company_subscriptions', 'company_subscription_history',
        'company_verification', 'company_contacts', 'company_dpa_acceptance', 'company_compliance_issues',
        'company_organizations', 'company_organization_members']
    LOOP
        EXECUTE format('CREATE POLICY %1$I ON @api@.%2$I FOR SELECT USING (organization_id = holdfast.org_id())',
            v_table || '_service', v_table);
    END LOOP;
END
$$;
