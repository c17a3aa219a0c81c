CREATE INDEX ON @api@.bookings (organization_id, specialist_id, start_time);
CREATE INDEX ON @api@.bookings (organization_id, client_id, start_time);
CREATE INDEX ON @api@.bookings (organization_id, start_time);
CREATE INDEX ON @api@.bookings (organization_id, series_key);
CREATE INDEX ON @api@.bookings (organization_id, company_id, start_time);
CREATE INDEX ON @api@.bookings (organization_id, session_type_id);
CREATE UNIQUE INDEX ON @api@.bookings (organization_id, source, external_id) WHERE external_id IS NOT NULL;

CREATE INDEX ON @api@.booking_status_history (organization_id, booking_id, created_at DESC);
CREATE INDEX ON @api@.booking_cancellations (organization_id, client_id, cancelled_at);
CREATE INDEX ON @api@.booking_cancellations (organization_id, specialist_id, cancelled_at);
CREATE INDEX ON @api@.rescheduling_history (organization_id, booking_id);

CREATE INDEX ON holdfast_private.booking_holds (organization_id, batch_key);
CREATE INDEX ON holdfast_private.booking_holds (created_at);
