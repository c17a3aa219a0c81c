CREATE TABLE @api@.recurring_bookings (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    session_type_id uuid,
    rule text NOT NULL,
    frequency text NOT NULL,
    starts_local timestamp NOT NULL,
    time_zone text NOT NULL,
    duration interval NOT NULL,
    start_date date NOT NULL,
    end_date date,
    is_active boolean NOT NULL DEFAULT true,
    continues_id uuid,
    sequence int NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.recurring_bookings IS 'Series of bookings by a rule. The rule is kept on the wall clock, so a series keeps its local time across changes of the clock.';
COMMENT ON COLUMN @api@.recurring_bookings.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.recurring_bookings.id IS 'The series.';
COMMENT ON COLUMN @api@.recurring_bookings.specialist_id IS 'The specialist.';
COMMENT ON COLUMN @api@.recurring_bookings.client_id IS 'The client.';
COMMENT ON COLUMN @api@.recurring_bookings.session_type_id IS 'What kind of sessions they are, if that was said.';
COMMENT ON COLUMN @api@.recurring_bookings.rule IS 'The recurrence rule (RFC 5545), as given when it was first booked; the occurrences say what became of it.';
COMMENT ON COLUMN @api@.recurring_bookings.frequency IS 'daily, weekly, biweekly, monthly, yearly or custom: the rule in a word.';
COMMENT ON COLUMN @api@.recurring_bookings.starts_local IS 'Wall-clock time the rule counts from.';
COMMENT ON COLUMN @api@.recurring_bookings.time_zone IS 'IANA zone of the wall clock.';
COMMENT ON COLUMN @api@.recurring_bookings.duration IS 'How long each is.';
COMMENT ON COLUMN @api@.recurring_bookings.start_date IS 'Local day of its first occurrence.';
COMMENT ON COLUMN @api@.recurring_bookings.end_date IS 'Local day of its last occurrence when it was made.';
COMMENT ON COLUMN @api@.recurring_bookings.is_active IS 'False once it was cancelled or another series continues it.';
COMMENT ON COLUMN @api@.recurring_bookings.continues_id IS 'The series that this one continues after a change of it and what follows.';
COMMENT ON COLUMN @api@.recurring_bookings.sequence IS 'How often it was changed; goes into calendar files.';
COMMENT ON COLUMN @api@.recurring_bookings.created_by IS 'User who made it.';
COMMENT ON COLUMN @api@.recurring_bookings.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.recurring_bookings.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.recurring_bookings ENABLE ROW LEVEL SECURITY;
