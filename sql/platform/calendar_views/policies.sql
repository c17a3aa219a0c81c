-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY calendar_feeds_owner ON holdfast_private.calendar_feeds
    USING (organization_id = holdfast.org_id() AND current_user = 'holdfast_owner');
