CREATE TABLE @api@.external_busy_times (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    is_blocked boolean NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.external_busy_times IS 'Busy times of a specialist''s other calendars. Each is a block in the calendar, unless something was booked there first.';
COMMENT ON COLUMN @api@.external_busy_times.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.external_busy_times.id IS 'The busy time; the reference of its block in the calendar.';
COMMENT ON COLUMN @api@.external_busy_times.specialist_id IS 'Whose.';
COMMENT ON COLUMN @api@.external_busy_times.source IS 'The calendar it comes from, such as google or acuity.';
COMMENT ON COLUMN @api@.external_busy_times.external_id IS 'What it is called there.';
COMMENT ON COLUMN @api@.external_busy_times.starts_at IS 'When it begins.';
COMMENT ON COLUMN @api@.external_busy_times.ends_at IS 'When it ends.';
COMMENT ON COLUMN @api@.external_busy_times.is_blocked IS 'False when a booking or hold stood there already: somebody has to resolve that.';
COMMENT ON COLUMN @api@.external_busy_times.imported_at IS 'When it was last imported.';
ALTER TABLE @api@.external_busy_times ENABLE ROW LEVEL SECURITY;
