CREATE TABLE holdfast_private.calendar_feeds (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    scope text NOT NULL,
    owner_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    revoked_at timestamptz
);
COMMENT ON TABLE holdfast_private.calendar_feeds IS 'Feeds of calendars by a secret address. Of the token only a hash is kept.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.organization_id IS 'The tenant; the token names it.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.id IS 'The feed; the token names it.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.user_id IS 'Auth user who made it.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.scope IS 'client or specialist: as whom they see their bookings.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.owner_id IS 'The client or specialist that they were then; the feed ends when they no longer are.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.token_hash IS 'token_hash() of the token''s secret.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.created_at IS 'When it was made.';
COMMENT ON COLUMN holdfast_private.calendar_feeds.revoked_at IS 'When it was revoked; null while it works.';
ALTER TABLE holdfast_private.calendar_feeds ENABLE ROW LEVEL SECURITY;
