-- iCalendar text.

CREATE FUNCTION ics(events jsonb, method text DEFAULT 'PUBLISH', name text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_ics'
LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION ics(jsonb, text, text) IS
'Writes an iCalendar file (RFC 5545, RFC 5546). events is an array of up to 5,000 objects: uid, starts_at, ends_at (timestamps with offset) and, where wanted, sequence, summary, description, location, url, status (CONFIRMED, TENTATIVE, CANCELLED), time_zone (IANA; the event then keeps its wall-clock time), rrule, exdates (timestamps), recurrence_id, organizer {name, email} (without an email: invalid:nomail), attendees [{name, email}]. method is PUBLISH, REQUEST or CANCEL; a cancellation repeats the uid with a higher sequence. name is the title of a feed. Errors: invalid_input.';
REVOKE ALL ON FUNCTION ics(jsonb, text, text) FROM PUBLIC;
