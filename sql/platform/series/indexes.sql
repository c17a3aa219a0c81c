CREATE INDEX ON @api@.recurring_bookings (organization_id, specialist_id);
CREATE INDEX ON @api@.recurring_bookings (organization_id, client_id);
CREATE INDEX ON @api@.recurring_bookings (organization_id, session_type_id);
CREATE INDEX ON @api@.recurring_bookings (organization_id, continues_id);
CREATE INDEX ON @api@.recurring_booking_occurrences (organization_id, recurring_booking_id, specialist_id, client_id);
CREATE INDEX ON @api@.recurring_booking_occurrences (organization_id, booking_id);
