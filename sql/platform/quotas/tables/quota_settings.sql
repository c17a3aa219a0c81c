CREATE TABLE @api@.quota_settings (
    organization_id uuid NOT NULL,
    cancellation_notice interval NOT NULL DEFAULT '24 hours',
    max_cancellations int,
    cancellation_days int NOT NULL DEFAULT 30,
    require_subscription boolean NOT NULL DEFAULT false,
    waitlist_when_exhausted boolean NOT NULL DEFAULT false,
    show_people boolean NOT NULL DEFAULT true,
    minimum_group int NOT NULL DEFAULT 5
);
COMMENT ON TABLE @api@.quota_settings IS 'What an organization asks of who books; without a row, as the defaults say.';
COMMENT ON COLUMN @api@.quota_settings.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.quota_settings.cancellation_notice IS 'A client who cancels later than so long before the start does not get the session back; a plan can say otherwise.';
COMMENT ON COLUMN @api@.quota_settings.max_cancellations IS 'A client who cancelled so often within cancellation_days books no more by themselves; null for no limit.';
COMMENT ON COLUMN @api@.quota_settings.cancellation_days IS 'For how many days a cancellation counts.';
COMMENT ON COLUMN @api@.quota_settings.require_subscription IS 'Whether people of a company that never had a subscription are refused too.';
COMMENT ON COLUMN @api@.quota_settings.waitlist_when_exhausted IS 'Whether a client whose sessions are used up is put on the waitlist instead of only being refused; a plan can say otherwise.';
COMMENT ON COLUMN @api@.quota_settings.show_people IS 'Whether HR sees how many sessions each employee had.';
COMMENT ON COLUMN @api@.quota_settings.minimum_group IS 'HR sees use by pillar only of groups of so many people, or more.';
ALTER TABLE @api@.quota_settings ENABLE ROW LEVEL SECURITY;
