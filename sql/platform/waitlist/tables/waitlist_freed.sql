CREATE TABLE holdfast_private.waitlist_freed (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    source text NOT NULL,
    hold_key uuid,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    freed_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    decided_at timestamptz,
    offers uuid[] NOT NULL DEFAULT '{}',
    skipped jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON TABLE holdfast_private.waitlist_freed IS
'Time that was freed while somebody waited: the queue of offers, and afterwards the proof that each went to the next in line. Kept for a month.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.id IS 'The event; ids ascend with time.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.specialist_id IS 'Whose time.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.source IS 'What freed it: booking, hold or leave; quota when somebody who waited has sessions again.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.hold_key IS 'The hold that was released or has lapsed.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.start_time IS 'From when.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.end_time IS 'Until when.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.freed_at IS 'When it was freed.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.decided_at IS 'When it was offered, or nobody wanted it; null while it is in the queue.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.offers IS 'The offers that were made of it.';
COMMENT ON COLUMN holdfast_private.waitlist_freed.skipped IS 'Who of the line was passed over before, in order, and why: [{"entry_id", "reason"}].';
ALTER TABLE holdfast_private.waitlist_freed ENABLE ROW LEVEL SECURITY;
