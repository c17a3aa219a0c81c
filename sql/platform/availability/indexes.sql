CREATE INDEX ON @api@.specialist_working_hours (organization_id, specialist_id);
CREATE INDEX ON @api@.specialist_breaks (organization_id, specialist_id);
CREATE INDEX ON @api@.specialist_availability_exceptions (organization_id, specialist_id, exception_date);
CREATE INDEX ON @api@.specialist_vacation (organization_id, specialist_id, starts_at);
CREATE INDEX ON @api@.external_busy_times (organization_id, specialist_id, ends_at);
