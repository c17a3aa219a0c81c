-- An admin sees every company, its HR their own; employees see nothing of this. RPCs write it.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['company_employee_invitations', 'company_import_history', 'company_import_rows']
    LOOP
        EXECUTE format($sql$
            CREATE POLICY %1$I ON @api@.%2$I FOR SELECT
                USING (organization_id = holdfast.org_id()
                    AND (company_id = holdfast.subject_id('@api@.company_employees')
                            AND holdfast.has_permission('@api@.user_roles', 'manage_employees')
                         OR holdfast.has_permission('@api@.user_roles', 'manage_companies')))
        $sql$, v_table || '_read', v_table);
        EXECUTE format('CREATE POLICY %1$I ON @api@.%2$I FOR SELECT USING (organization_id = holdfast.org_id())',
            v_table || '_service', v_table);
    END LOOP;
END
$$;
