-- How much work somebody is given is for them and for those who manage specialists, who also set it.
CREATE POLICY specialist_weights_read ON @api@.specialist_weights FOR SELECT
    USING (organization_id = holdfast.org_id()
        AND (specialist_id = holdfast.subject_id('@api@.specialists')
             OR holdfast.has_permission('@api@.user_roles', 'manage_specialists')));
CREATE POLICY specialist_weights_add ON @api@.specialist_weights FOR INSERT
    WITH CHECK (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_specialists'));
CREATE POLICY specialist_weights_change ON @api@.specialist_weights FOR UPDATE
    USING (organization_id = holdfast.org_id() AND holdfast.has_permission('@api@.user_roles', 'manage_specialists'));

-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY assignment_pools_owner ON holdfast_private.assignment_pools
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
CREATE POLICY assignment_turns_owner ON holdfast_private.assignment_turns
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
