CREATE TABLE @api@.waitlist_settings (
    organization_id uuid NOT NULL,
    offer_minutes int NOT NULL DEFAULT 30
);
COMMENT ON TABLE @api@.waitlist_settings IS 'How an organization offers freed time; without a row, as the defaults say.';
COMMENT ON COLUMN @api@.waitlist_settings.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.waitlist_settings.offer_minutes IS 'How long an offer stands; never longer than the setting holdfast.max_hold_life.';
ALTER TABLE @api@.waitlist_settings ENABLE ROW LEVEL SECURITY;
