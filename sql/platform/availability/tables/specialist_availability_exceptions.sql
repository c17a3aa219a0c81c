CREATE TABLE @api@.specialist_availability_exceptions (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    specialist_id uuid NOT NULL,
    exception_date date NOT NULL,
    start_time time,
    end_time time,
    is_available boolean NOT NULL,
    reason text,
    time_zone text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_availability_exceptions IS 'One-off changes of working hours: a day, or part of one, that is open or closed. Closed wins over open.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.id IS 'The exception.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.specialist_id IS 'Whose.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.exception_date IS 'The local day.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.start_time IS 'Wall-clock time it begins; null, with end_time, means the whole day.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.end_time IS 'Wall-clock time it ends; at or before start_time means on the next day.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.is_available IS 'True adds the time to the working hours, false takes it out.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.reason IS 'Why; the specialist and admins see it, clients do not.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.time_zone IS 'IANA zone of the day and the wall-clock times.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.specialist_availability_exceptions.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialist_availability_exceptions ENABLE ROW LEVEL SECURITY;
