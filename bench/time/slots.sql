-- A calendar of :specialists people who work from 9 to 17 on 14 days and have four half hours booked on each, and so many other
-- blocks that there are :blocks at least. They were booked over the past year, in an order of chance, and are swept since.
SELECT holdfast.create_calendar('bench.calendar');
CREATE FUNCTION bench.org() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT uuid '0a000000-0000-4000-8000-000000000001' $$;
CREATE FUNCTION bench.specialist(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
INSERT INTO bench.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference)
SELECT bench.org(), bench.specialist(p / 56), 0, tstzrange(t, t + interval '30 minutes'), t, t + interval '30 minutes', 'busy', k, k, k
FROM generate_series(0, greatest(:specialists * 56, :blocks) - 1) n,
     LATERAL (SELECT n * 7368787::bigint % greatest(:specialists * 56, :blocks) AS p) permuted,
     LATERAL (SELECT timestamptz '2026-03-02 09:00+00' + p / 4 % 14 * interval '1 day' + p % 4 * interval '2 hours' + p / 56 % 4 * interval '30 minutes' AS t) placed,
     LATERAL (SELECT overlay(overlay(holdfast.uuid_v7()::text
         PLACING lpad(to_hex(made >> 16), 8, '0') FROM 1) PLACING lpad(to_hex(made & 65535), 4, '0') FROM 10)::uuid AS k
              FROM (SELECT (extract(epoch FROM now() - interval '1 year' + n % 360 * interval '1 day') * 1000)::bigint AS made) m) named
ON CONFLICT DO NOTHING;
SELECT holdfast.expire('bench.calendar');

CREATE TABLE bench.specialists AS SELECT bench.specialist(n) AS id FROM generate_series(0, :specialists - 1) n;
CREATE TABLE bench.windows AS
SELECT day + interval '9 hours' AS starts_at, day + interval '17 hours' AS ends_at
FROM generate_series(timestamptz '2026-03-02 00:00+00', '2026-03-15 00:00+00', '1 day') day;

-- Both list the free hours, every half hour, of the first n.
CREATE FUNCTION bench.free_slots(n int) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*)
    FROM (SELECT array_agg(id) AS ids, array_agg(windows) AS windows
          FROM (SELECT id FROM bench.specialists ORDER BY id LIMIT n) s,
               (SELECT range_agg(tstzrange(starts_at, ends_at)) AS windows FROM bench.windows) w) asked,
         holdfast.free_slots('bench.calendar', bench.org(), ids, windows, '1 hour', '30 minutes')
$$;
CREATE FUNCTION bench.anti_join(n int) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*)
    FROM (SELECT id FROM bench.specialists ORDER BY id LIMIT n) s, bench.windows w,
         generate_series(w.starts_at, w.ends_at - interval '1 hour', interval '30 minutes') slot
    WHERE NOT EXISTS (SELECT FROM bench.calendar c
                      WHERE c.organization_id = bench.org() AND c.resource_id = s.id AND c.during && tstzrange(slot, slot + interval '1 hour')
                        AND (c.expires_at IS NULL OR c.expires_at > now()))
$$;
-- milliseconds of one call
CREATE FUNCTION bench.ms(variant text, n int) RETURNS float LANGUAGE plpgsql AS $$
DECLARE
    v_before timestamptz := clock_timestamp();
BEGIN
    EXECUTE format('SELECT bench.%I($1)', variant) USING n;
    RETURN extract(epoch FROM clock_timestamp() - v_before) * 1000;
END
$$;
