-- A calendar with :blocks bookings, and as many holds of an hour, numbered so that pgbench can pick one.
\i hold/calendar.sql
CREATE TABLE bench.held (number bigint PRIMARY KEY, hold_key uuid);
INSERT INTO bench.held
SELECT row_number() OVER (), h.hold_key
FROM (SELECT organization_id, resource_id, starts_at - interval '30 minutes' AS t FROM bench.calendar OFFSET 0) free,
     LATERAL holdfast.hold('bench.calendar', organization_id, ARRAY[resource_id],
                           ARRAY[tstzrange(t, t + interval '30 minutes')],
                           '0b000000-0000-4000-8000-000000000001', '1 hour') h;
