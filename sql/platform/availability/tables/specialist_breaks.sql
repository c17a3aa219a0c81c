CREATE TABLE @api@.specialist_breaks (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    day_of_week int,
    start_time time NOT NULL,
    end_time time NOT NULL,
    exception_dates date[] NOT NULL DEFAULT '{}',
    effective_from date,
    effective_to date,
    time_zone text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_breaks IS 'Regular breaks within working hours: daily or weekly.';
COMMENT ON COLUMN @api@.specialist_breaks.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_breaks.id IS 'The break.';
COMMENT ON COLUMN @api@.specialist_breaks.specialist_id IS 'Whose.';
COMMENT ON COLUMN @api@.specialist_breaks.day_of_week IS '0 Sunday to 6 Saturday; null means every day.';
COMMENT ON COLUMN @api@.specialist_breaks.start_time IS 'Wall-clock time it begins.';
COMMENT ON COLUMN @api@.specialist_breaks.end_time IS 'Wall-clock time it ends; at or before start_time means on the next day.';
COMMENT ON COLUMN @api@.specialist_breaks.exception_dates IS 'Local days on which it is not taken.';
COMMENT ON COLUMN @api@.specialist_breaks.effective_from IS 'First local day on which it counts; null means always.';
COMMENT ON COLUMN @api@.specialist_breaks.effective_to IS 'Last local day on which it counts; null means for good.';
COMMENT ON COLUMN @api@.specialist_breaks.time_zone IS 'IANA zone of the wall-clock times.';
COMMENT ON COLUMN @api@.specialist_breaks.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.specialist_breaks.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialist_breaks ENABLE ROW LEVEL SECURITY;
