CREATE INDEX ON holdfast_private.calendar_feeds (organization_id, user_id);
