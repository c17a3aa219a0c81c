-- Schedules: when resources work, and which slots of theirs can be held.

CREATE FUNCTION working_windows(
    resources regclass, schedule regclass, organization_id uuid, resource_ids uuid[], from_time timestamptz, to_time timestamptz,
    OUT resource_id uuid, OUT windows tstzmultirange, OUT grid tstzmultirange)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_working_windows'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION working_windows(regclass, regclass, uuid, uuid[], timestamptz, timestamptz) IS
'When each resource works around the time between two instants, one row each in the order of resource_ids: shifts and what is open, without breaks and what is closed. grid has, as instants, the starts from which offered slots are counted anew: those of shifts, of what is open or, without shifts, of local days. resources is a table or view with organization_id, resource_id, time_zone, is_offered, is_always (available at all times unless the schedule has shifts), capacity, and as intervals buffer_before, buffer_after, slot_step, minimum_notice, booking_window; null means none. schedule has organization_id, resource_id, kind (shift, pause, open, break, closed, away), for all but away the wall clock (time_zone, day_of_week 0 to 6 or null for every day, start_time and end_time or null for the whole day, effective_from, effective_to, exception_dates), for away starts_at and ends_at; and, for the rows that matter to be found, first_day, last_day, starts_at and ends_at, infinite where they do not bound it. A pause is a shift that is no time. Errors: invalid_input.';
REVOKE ALL ON FUNCTION working_windows(regclass, regclass, uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION offered_slots(
    calendar regclass, resources regclass, schedule regclass, organization_id uuid, resource_ids uuid[], duration interval,
    from_time timestamptz, to_time timestamptz, attendee uuid DEFAULT NULL, max_count int DEFAULT NULL,
    after_start timestamptz DEFAULT NULL, after_id uuid DEFAULT NULL,
    OUT resource_id uuid, OUT starts_at timestamptz, OUT ends_at timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_offered_slots'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION offered_slots(regclass, regclass, regclass, uuid, uuid[], interval, timestamptz, timestamptz, uuid, int, timestamptz, uuid) IS
'The slots of a length that begin from from_time on and before to_time, can be held now by notice, booking window, working windows and calendar, and touch no time that somebody is away or that is taken of attendee; by start, then resource. resources and schedule are as for working_windows(). max_count asks for the first ones only, and makes them cheaper; after_start and after_id for those after one. It reads on the caller''s snapshot and promises nothing: hold() decides. Errors: invalid_input.';
REVOKE ALL ON FUNCTION offered_slots(regclass, regclass, regclass, uuid, uuid[], interval, timestamptz, timestamptz, uuid, int, timestamptz, uuid) FROM PUBLIC;

CREATE FUNCTION offered_page(
    calendar regclass, resources regclass, schedule regclass, organization_id uuid, resource_ids uuid[], duration interval,
    from_time timestamptz, to_time timestamptz, attendee uuid, page_size int, after_start timestamptz, after_id uuid,
    time_zone text, id_key text DEFAULT 'resource_id')
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_offered_page'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION offered_page(regclass, regclass, regclass, uuid, uuid[], interval, timestamptz, timestamptz, uuid, int, timestamptz, uuid, text, text) IS
'The first page_size of offered_slots() as slot_page() writes them. Errors: invalid_input.';
REVOKE ALL ON FUNCTION offered_page(regclass, regclass, regclass, uuid, uuid[], interval, timestamptz, timestamptz, uuid, int, timestamptz, uuid, text, text) FROM PUBLIC;

CREATE FUNCTION slot_page(
    resource_ids uuid[], starts timestamptz[], duration interval, time_zone text, page_size int, id_key text DEFAULT 'resource_id')
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_slot_page'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION slot_page(uuid[], timestamptz[], interval, text, int, text) IS
'A page of slots as JSON: {"slots": [{id_key, "start_time", "end_time", "local_date", "local_time"}], "time_zone", "duration_minutes", "next_cursor"}. Times are UTC, local ones of time_zone (an IANA name). resource_ids and starts are parallel; one more than page_size says that there is a next page, and next_cursor is then the start of the last slot that is shown, ~ and its resource, else null. Errors: invalid_input.';
REVOKE ALL ON FUNCTION slot_page(uuid[], timestamptz[], interval, text, int, text) FROM PUBLIC;
