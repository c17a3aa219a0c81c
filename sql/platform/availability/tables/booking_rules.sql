CREATE TABLE @api@.booking_rules (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid,
    minimum_notice interval,
    booking_window interval,
    slot_step interval,
    require_slot_grid boolean,
    require_working_hours boolean,
    specialist_daily_limit int,
    specialist_weekly_limit int,
    client_daily_limit int,
    client_weekly_limit int,
    leave_needs_approval boolean,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.booking_rules IS 'What may be booked, beyond working hours: one row for the organization and one per specialist who differs; null takes the organization''s rule, and there means no rule.';
COMMENT ON COLUMN @api@.booking_rules.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.booking_rules.id IS 'The rules.';
COMMENT ON COLUMN @api@.booking_rules.specialist_id IS 'Whose; null for the organization''s.';
COMMENT ON COLUMN @api@.booking_rules.minimum_notice IS 'How long before its start a session must be held at the latest.';
COMMENT ON COLUMN @api@.booking_rules.booking_window IS 'How far ahead a session may begin.';
COMMENT ON COLUMN @api@.booking_rules.slot_step IS 'From one offered start to the next; without it the length of the session.';
COMMENT ON COLUMN @api@.booking_rules.require_slot_grid IS 'Whether only offered starts can be held; otherwise any time within working hours.';
COMMENT ON COLUMN @api@.booking_rules.require_working_hours IS 'Whether a specialist without working hours is never available, instead of always.';
COMMENT ON COLUMN @api@.booking_rules.specialist_daily_limit IS 'Most sessions of a specialist on one of their local days.';
COMMENT ON COLUMN @api@.booking_rules.specialist_weekly_limit IS 'Most sessions of a specialist in one of their local weeks, which begin on Monday.';
COMMENT ON COLUMN @api@.booking_rules.client_daily_limit IS 'Most sessions of a client on one local day of the specialist.';
COMMENT ON COLUMN @api@.booking_rules.client_weekly_limit IS 'Most sessions of a client in one local week of the specialist.';
COMMENT ON COLUMN @api@.booking_rules.leave_needs_approval IS 'Whether leave that specialists ask for waits for an admin; otherwise they take it themselves.';
COMMENT ON COLUMN @api@.booking_rules.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.booking_rules.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.booking_rules ENABLE ROW LEVEL SECURITY;
