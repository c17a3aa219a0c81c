CREATE INDEX ON @api@.notifications (organization_id, user_id, created_at);
CREATE INDEX ON @api@.notifications (organization_id, booking_id);
CREATE INDEX ON @api@.communication_logs (organization_id, user_id, created_at);
CREATE INDEX ON @api@.communication_logs (organization_id, booking_id);
-- Workers and mail servers name a message by its id alone.
CREATE INDEX ON @api@.communication_logs (id);
CREATE INDEX ON @api@.booking_reminders (scheduled_for) WHERE status = 'pending';
