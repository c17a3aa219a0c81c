-- A calendar with :blocks bookings, spread over 4,096 resources in an order that is no order. They take the second half
-- of every hour; the runs take first halves, so that nothing ever conflicts.
SELECT holdfast.create_calendar('bench.calendar');
INSERT INTO bench.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind,
                            hold_key, batch_key, reference, holder, expires_at)
SELECT '0a000000-0000-4000-8000-000000000001', lpad((p % 4096)::text, 32, '0')::uuid, 0,
       tstzrange(t, t + interval '30 minutes'), t, t + interval '30 minutes', 'busy', k, k, k, NULL, NULL
FROM generate_series(1, :blocks) n,
     LATERAL (SELECT n * 7368787::bigint % 16777216 AS p) permuted,
     LATERAL (SELECT to_timestamp(:base + p / 4096 * 3600 + 1800) AS t) placed,
     LATERAL (SELECT holdfast.uuid_v7() AS k, n) named;
\i hold/plpgsql.sql
