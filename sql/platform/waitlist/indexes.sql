CREATE INDEX ON @api@.waitlist_entries (organization_id, client_id);
CREATE INDEX ON @api@.waitlist_entries (organization_id, specialist_id);
CREATE INDEX ON @api@.waitlist_entries (organization_id, pillar_id);
CREATE INDEX ON @api@.waitlist_entries (organization_id, session_type_id);
CREATE INDEX ON @api@.waitlist_entries (organization_id, priority DESC, id) WHERE status = 'waiting';
CREATE INDEX ON @api@.waitlist_offers (organization_id, waitlist_entry_id);
CREATE INDEX ON @api@.waitlist_offers (expires_at) WHERE outcome IS NULL;
CREATE INDEX ON holdfast_private.waitlist_freed (organization_id, id) WHERE decided_at IS NULL;
