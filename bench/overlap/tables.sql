-- The same table twice: under the constraint that a team would write, and under prevent_overlap.
CREATE TABLE bench.bare (
    organization_id uuid NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, room_id uuid NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    EXCLUDE USING gist (organization_id WITH =, room_id WITH =, tstzrange(starts_at, ends_at) WITH &&));
CREATE TABLE bench.guarded (
    organization_id uuid NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, room_id uuid NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id));
SELECT holdfast.prevent_overlap('bench.guarded', '{organization_id,room_id}', 'starts_at', 'ends_at');
INSERT INTO bench.bare (organization_id, room_id, starts_at, ends_at)
SELECT '0a000000-0000-4000-8000-000000000001', lpad((p % 4096)::text, 32, '0')::uuid, t, t + interval '30 minutes'
FROM generate_series(1, :blocks) n,
     LATERAL (SELECT n * 7368787::bigint % 16777216 AS p) permuted,
     LATERAL (SELECT to_timestamp(:base + p / 4096 * 3600 + 1800) AS t) placed;
INSERT INTO bench.guarded (organization_id, room_id, starts_at, ends_at)
SELECT organization_id, room_id, starts_at, ends_at FROM bench.bare ORDER BY organization_id, room_id;
