CREATE POLICY organizations_read ON @api@.organizations FOR SELECT
    USING (id = holdfast.org_id());

CREATE POLICY profiles_read ON @api@.profiles FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));

CREATE POLICY user_roles_read ON @api@.user_roles FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));

CREATE POLICY user_roles_history_read ON @api@.user_roles_history FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (user_id = holdfast.uid() OR holdfast.has_permission('@api@.user_roles', 'manage_members')));
CREATE POLICY user_roles_history_service ON @api@.user_roles_history FOR SELECT
    USING (organization_id = holdfast.org_id());

-- What is said of the nil organization holds in every one.
CREATE POLICY roles_read ON @api@.roles FOR SELECT
    USING (organization_id = ANY (ARRAY[holdfast.org_id(), '00000000-0000-0000-0000-000000000000'])
        AND holdfast.org_id() IS NOT NULL);

CREATE POLICY permissions_read ON @api@.permissions FOR SELECT
    USING (organization_id = ANY (ARRAY[holdfast.org_id(), '00000000-0000-0000-0000-000000000000'])
        AND holdfast.org_id() IS NOT NULL);

CREATE POLICY user_roles_permissions_read ON @api@.user_roles_permissions FOR SELECT
    USING (organization_id = ANY (ARRAY[holdfast.org_id(), '00000000-0000-0000-0000-000000000000'])
        AND holdfast.org_id() IS NOT NULL);

CREATE POLICY user_roles_hierarchy_read ON @api@.user_roles_hierarchy FOR SELECT
    USING (organization_id = ANY (ARRAY[holdfast.org_id(), '00000000-0000-0000-0000-000000000000'])
        AND holdfast.org_id() IS NOT NULL);
