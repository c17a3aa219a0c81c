CREATE TABLE @api@.waitlist_entries (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    client_id uuid NOT NULL,
    specialist_id uuid,
    pillar_id uuid,
    session_type_id uuid,
    duration interval NOT NULL,
    earliest timestamptz NOT NULL,
    latest timestamptz NOT NULL,
    days_of_week int[],
    time_zone text NOT NULL,
    priority int NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'waiting',
    blocked_by text,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.waitlist_entries IS
'Clients who wait for time with a specialist, or with anyone of a pillar, or with anyone. The line is by priority, then by id, which ascends with time. Written by the RPCs only.';
COMMENT ON COLUMN @api@.waitlist_entries.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.waitlist_entries.id IS 'The entry; its place among those of the same priority.';
COMMENT ON COLUMN @api@.waitlist_entries.client_id IS 'Who waits.';
COMMENT ON COLUMN @api@.waitlist_entries.specialist_id IS 'For whom; null for anyone.';
COMMENT ON COLUMN @api@.waitlist_entries.pillar_id IS 'For anyone of this pillar; null for any.';
COMMENT ON COLUMN @api@.waitlist_entries.session_type_id IS 'What kind of session, if that was said.';
COMMENT ON COLUMN @api@.waitlist_entries.duration IS 'How long a session.';
COMMENT ON COLUMN @api@.waitlist_entries.earliest IS 'No session before this time.';
COMMENT ON COLUMN @api@.waitlist_entries.latest IS 'No session after this time, and then the entry lapses.';
COMMENT ON COLUMN @api@.waitlist_entries.days_of_week IS 'On these local days only, 0 = Sunday to 6 = Saturday; null for all.';
COMMENT ON COLUMN @api@.waitlist_entries.time_zone IS 'The IANA zone of those days.';
COMMENT ON COLUMN @api@.waitlist_entries.priority IS 'Higher comes first; admins only set it.';
COMMENT ON COLUMN @api@.waitlist_entries.status IS 'waiting, offered (an offer is open), accepted, lapsed (an offer was not answered, or the time is over) or withdrawn.';
COMMENT ON COLUMN @api@.waitlist_entries.blocked_by IS 'quota_exhausted or subscription_inactive while the client waits for sessions of their company, more than for time; null otherwise.';
COMMENT ON COLUMN @api@.waitlist_entries.created_at IS 'When they joined.';
COMMENT ON COLUMN @api@.waitlist_entries.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.waitlist_entries ENABLE ROW LEVEL SECURITY;
