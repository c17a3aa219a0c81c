CREATE TABLE @api@.waitlist_offers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    waitlist_entry_id uuid NOT NULL,
    client_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    hold_key uuid NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    offered_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    expires_at timestamptz NOT NULL,
    outcome text,
    ended_at timestamptz
);
COMMENT ON TABLE @api@.waitlist_offers IS
'Time that was freed and is held for a client who waited for it. The hold keeps it from being offered twice.';
COMMENT ON COLUMN @api@.waitlist_offers.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.waitlist_offers.id IS 'The offer.';
COMMENT ON COLUMN @api@.waitlist_offers.waitlist_entry_id IS 'To which entry.';
COMMENT ON COLUMN @api@.waitlist_offers.client_id IS 'Its client.';
COMMENT ON COLUMN @api@.waitlist_offers.specialist_id IS 'Whose time.';
COMMENT ON COLUMN @api@.waitlist_offers.hold_key IS 'The hold that accepting confirms.';
COMMENT ON COLUMN @api@.waitlist_offers.start_time IS 'The start that is offered.';
COMMENT ON COLUMN @api@.waitlist_offers.end_time IS 'The end that is offered.';
COMMENT ON COLUMN @api@.waitlist_offers.offered_at IS 'When it was offered.';
COMMENT ON COLUMN @api@.waitlist_offers.expires_at IS 'When it lapses and goes to the next in line.';
COMMENT ON COLUMN @api@.waitlist_offers.outcome IS 'accepted, declined or lapsed; null while it is open.';
COMMENT ON COLUMN @api@.waitlist_offers.ended_at IS 'When that happened.';
ALTER TABLE @api@.waitlist_offers ENABLE ROW LEVEL SECURITY;
