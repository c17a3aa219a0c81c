CREATE TABLE @api@.recurring_booking_occurrences (
    organization_id uuid NOT NULL,
    recurring_booking_id uuid NOT NULL,
    original_start timestamptz NOT NULL,
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    booking_id uuid,
    refusal jsonb,
    is_detached boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE @api@.recurring_booking_occurrences IS 'What became of each occurrence of a series.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.recurring_booking_id IS 'The series.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.original_start IS 'When the rule says it starts (the RECURRENCE-ID of iCalendar).';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.specialist_id IS 'The specialist of the series.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.client_id IS 'The client of the series.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.booking_id IS 'Its booking; null when it could not be booked.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.refusal IS 'Why it could not: {"error", "details"}.';
COMMENT ON COLUMN @api@.recurring_booking_occurrences.is_detached IS 'Whether this one was moved for itself; changes of the whole series leave it alone.';
ALTER TABLE @api@.recurring_booking_occurrences ENABLE ROW LEVEL SECURITY;
