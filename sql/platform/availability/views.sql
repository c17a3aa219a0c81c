-- What the engine reads: whom there is to book, and when they work. See holdfast.working_windows().

CREATE VIEW holdfast_private.bookable_specialists WITH (security_invoker = true) AS
SELECT s.organization_id, s.id AS resource_id, s.time_zone, s.status = 'active' AS is_offered,
    -- as rules_of(), for all of them at once
    NOT coalesce(own.require_working_hours, everybody.require_working_hours, false) AS is_always,
    s.concurrent_session_limit AS capacity, s.buffer_before, s.buffer_after,
    coalesce(own.slot_step, everybody.slot_step) AS slot_step,
    coalesce(own.minimum_notice, everybody.minimum_notice) AS minimum_notice,
    coalesce(own.booking_window, everybody.booking_window) AS booking_window
FROM @api@.specialists AS s
LEFT JOIN @api@.booking_rules AS own ON own.organization_id = s.organization_id AND own.specialist_id = s.id
LEFT JOIN @api@.booking_rules AS everybody ON everybody.organization_id = s.organization_id AND everybody.specialist_id IS NULL;
COMMENT ON VIEW holdfast_private.bookable_specialists IS 'Specialists and the rules they are offered by, in the form that holdfast.offered_slots() reads.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.resource_id IS 'The specialist.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.time_zone IS 'Their IANA zone.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.is_offered IS 'Whether they take bookings.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.is_always IS 'Whether they are available at all times as long as they have no hours.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.capacity IS 'Sessions at the same time.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.buffer_before IS 'What must be free before a session.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.buffer_after IS 'The same after it.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.slot_step IS 'From one offered start to the next; null for the length of the session.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.minimum_notice IS 'How long before its start a session must be held at the latest.';
COMMENT ON COLUMN holdfast_private.bookable_specialists.booking_window IS 'How far ahead a session may begin; null for any time.';

CREATE VIEW holdfast_private.specialist_schedules WITH (security_invoker = true) AS
-- Shifts are found whenever they count, for somebody whose hours are over has hours all the same.
SELECT h.organization_id, h.specialist_id AS resource_id, CASE WHEN h.is_working THEN 'shift' ELSE 'pause' END AS kind,
    h.working_hours_timezone AS time_zone, h.day_of_week, h.start_time, h.end_time, h.effective_from, h.effective_to,
    NULL::date[] AS exception_dates, date '-infinity' AS first_day, date 'infinity' AS last_day,
    timestamptz '-infinity' AS starts_at, timestamptz 'infinity' AS ends_at
FROM @api@.specialist_working_hours AS h
UNION ALL
SELECT b.organization_id, b.specialist_id, 'break', b.time_zone, b.day_of_week, b.start_time, b.end_time, b.effective_from, b.effective_to,
    b.exception_dates, '-infinity', 'infinity', '-infinity', 'infinity'
FROM @api@.specialist_breaks AS b
UNION ALL
SELECT e.organization_id, e.specialist_id, CASE WHEN e.is_available THEN 'open' ELSE 'closed' END, e.time_zone, NULL, e.start_time, e.end_time,
    e.exception_date, e.exception_date, NULL, e.exception_date, e.exception_date, '-infinity', 'infinity'
FROM @api@.specialist_availability_exceptions AS e
UNION ALL
-- These are blocks in the calendar as well, but for what was booked before they were.
SELECT v.organization_id, v.specialist_id, 'away', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '-infinity', 'infinity', v.starts_at, v.ends_at
FROM @api@.specialist_vacation AS v
WHERE v.status = 'approved'
UNION ALL
SELECT b.organization_id, b.specialist_id, 'away', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '-infinity', 'infinity', b.starts_at, b.ends_at
FROM @api@.external_busy_times AS b;
COMMENT ON VIEW holdfast_private.specialist_schedules IS 'Hours, breaks, exceptions, approved leave and busy times of other calendars, in the form that holdfast.working_windows() reads.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.resource_id IS 'The specialist.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.kind IS 'shift, pause (a shift that is suspended), open, break, closed or away.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.time_zone IS 'IANA zone of the wall-clock times.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.day_of_week IS '0 Sunday to 6 Saturday; null for every day.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.start_time IS 'Wall-clock time it begins; null, with end_time, for the whole day.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.end_time IS 'Wall-clock time it ends; at or before start_time means on the next day.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.effective_from IS 'First local day on which it counts.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.effective_to IS 'Last local day on which it counts.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.exception_dates IS 'Local days on which it does not.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.first_day IS 'No search before this day need see the row.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.last_day IS 'No search after this day need see the row.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.starts_at IS 'When somebody is away from.';
COMMENT ON COLUMN holdfast_private.specialist_schedules.ends_at IS 'And until when.';
