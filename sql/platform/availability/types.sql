CREATE TYPE holdfast_private.slot_search AS (specialist_ids uuid[], client_id uuid, duration interval, time_zone text);
COMMENT ON TYPE holdfast_private.slot_search IS 'What available_slots looks for, checked.';
