CREATE TABLE @api@.specialist_working_hours (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    day_of_week int NOT NULL,
    start_time time NOT NULL,
    end_time time NOT NULL,
    is_working boolean NOT NULL DEFAULT true,
    effective_from date,
    effective_to date,
    working_hours_timezone text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_working_hours IS 'When a specialist works, week by week; several rows a day are several shifts. A specialist without any row can be booked at all times, unless booking_rules.require_working_hours.';
COMMENT ON COLUMN @api@.specialist_working_hours.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_working_hours.id IS 'The shift.';
COMMENT ON COLUMN @api@.specialist_working_hours.specialist_id IS 'Who works.';
COMMENT ON COLUMN @api@.specialist_working_hours.day_of_week IS 'The day it begins on: 0 Sunday to 6 Saturday.';
COMMENT ON COLUMN @api@.specialist_working_hours.start_time IS 'Wall-clock time it begins.';
COMMENT ON COLUMN @api@.specialist_working_hours.end_time IS 'Wall-clock time it ends; at or before start_time means on the next day.';
COMMENT ON COLUMN @api@.specialist_working_hours.is_working IS 'False suspends the shift without deleting it.';
COMMENT ON COLUMN @api@.specialist_working_hours.effective_from IS 'First local day on which it counts; null means always.';
COMMENT ON COLUMN @api@.specialist_working_hours.effective_to IS 'Last local day on which it counts; null means for good.';
COMMENT ON COLUMN @api@.specialist_working_hours.working_hours_timezone IS 'IANA zone of the wall-clock times; the specialist''s own when the shift was saved.';
COMMENT ON COLUMN @api@.specialist_working_hours.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.specialist_working_hours.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialist_working_hours ENABLE ROW LEVEL SECURITY;
