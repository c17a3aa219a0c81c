-- A calendar with :blocks bookings, and as many holds of an hour, numbered so that pgbench can pick one.
\i hold/calendar.sql
CREATE TABLE bench.held (number bigint PRIMARY KEY, hold_key uuid);
WITH made AS (
    INSERT INTO bench.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind,
                                hold_key, batch_key, reference, holder, expires_at)
    SELECT organization_id, resource_id, 0, tstzrange(t, t + interval '30 minutes'), t, t + interval '30 minutes',
           'busy-tentative', k, k, k, '0b000000-0000-4000-8000-000000000001', now() + interval '1 hour'
    FROM bench.calendar,
         LATERAL (SELECT starts_at - interval '30 minutes' AS t, holdfast.uuid_v7() AS k, hold_key) free
    RETURNING hold_key)
INSERT INTO bench.held SELECT row_number() OVER (), hold_key FROM made;
