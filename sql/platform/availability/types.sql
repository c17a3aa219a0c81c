CREATE TYPE holdfast_private.slot_search AS (specialist_ids uuid[], client_id uuid, duration interval, time_zone text);
COMMENT ON TYPE holdfast_private.slot_search IS 'What available_slots looks for, checked.';

CREATE TYPE holdfast_private.week_row AS (
    day_of_week int, start_time time, end_time time, is_working boolean, effective_from date, effective_to date,
    exception_dates date[]);
COMMENT ON TYPE holdfast_private.week_row IS 'A shift or a break as it is read from JSON, checked.';
