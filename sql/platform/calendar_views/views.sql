CREATE VIEW @api@.specialist_calendar WITH (security_invoker = true) AS
SELECT b.organization_id, b.specialist_id, b.id AS booking_id, b.client_id, b.session_type_id, b.status, b.start_time, b.end_time,
       b.time_zone, b.created_at
FROM @api@.bookings AS b
WHERE b.status <> 'cancelled';
COMMENT ON VIEW @api@.specialist_calendar IS 'The bookings of specialists that are not cancelled, without their content: to filter by status and to sort by time, client or type. It shows what the policies of bookings show. For days, weeks and months: calendar_view().';
COMMENT ON COLUMN @api@.specialist_calendar.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_calendar.specialist_id IS 'The specialist.';
COMMENT ON COLUMN @api@.specialist_calendar.booking_id IS 'The booking.';
COMMENT ON COLUMN @api@.specialist_calendar.client_id IS 'The client.';
COMMENT ON COLUMN @api@.specialist_calendar.session_type_id IS 'What kind of session it is, if that was said.';
COMMENT ON COLUMN @api@.specialist_calendar.status IS 'pending, confirmed, completed or no_show.';
COMMENT ON COLUMN @api@.specialist_calendar.start_time IS 'When it starts.';
COMMENT ON COLUMN @api@.specialist_calendar.end_time IS 'When it ends.';
COMMENT ON COLUMN @api@.specialist_calendar.time_zone IS 'The IANA zone it was booked in.';
COMMENT ON COLUMN @api@.specialist_calendar.created_at IS 'When it was made.';
