-- Without subqueries: whom the caller stands for is a stable call, which becomes an index condition. It answers only while
-- they may act so: the role specialist, a client who is active, an employee who is. See triggers.sql.

CREATE POLICY specialists_read ON @api@.specialists FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (status = 'active' OR user_id = holdfast.uid()
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));

CREATE POLICY clients_read ON @api@.clients FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (id = holdfast.subject_id('@api@.clients')
             OR holdfast.subject_id('@api@.specialists') = ANY (assigned_specialist_ids)
                AND holdfast.has_permission('@api@.user_roles', 'view_clients')
             OR holdfast.has_permission('@api@.user_roles', 'manage_clients')));

CREATE POLICY client_assignments_read ON @api@.client_assignments FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (client_id = holdfast.subject_id('@api@.clients')
             OR specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_clients')));

-- The subject of company_employees is the company, for active employees: see triggers.sql.
CREATE POLICY companies_read ON @api@.companies FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (id = holdfast.subject_id('@api@.company_employees')
             OR holdfast.has_permission('@api@.user_roles', 'manage_companies')));

CREATE POLICY company_employees_read ON @api@.company_employees FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid()
             OR company_id = holdfast.subject_id('@api@.company_employees')
                AND holdfast.has_permission('@api@.user_roles', 'manage_employees')
             OR holdfast.has_permission('@api@.user_roles', 'manage_companies')));

CREATE POLICY specialist_assignments_read ON @api@.specialist_assignments FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR company_id = holdfast.subject_id('@api@.company_employees')
             OR holdfast.has_permission('@api@.user_roles', 'manage_companies')));
