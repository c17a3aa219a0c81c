-- What a run needs in its database: two calendars, the list of resources, and the tables that the history goes to.
-- psql -v constraint=off takes the exclusion constraints away, so that only the lock stands.
\set QUIET on
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA race;

SELECT holdfast.create_calendar('race.calendar_0') \g /dev/null
SELECT holdfast.create_calendar('race.calendar_1') \g /dev/null

-- The same list as in plan.c. A resource's id ends in its number and starts with its epoch.
CREATE TABLE race.resource (
    number int PRIMARY KEY, name text, capacity int, before interval, after interval);
INSERT INTO race.resource VALUES
    (0, 'specialist 0', 1, '0', '15 min'), (1, 'specialist 1', 1, '0', '0'),
    (2, 'client 0', 1, '0', '0'), (3, 'client 1', 1, '0', '0'),
    (4, 'client 2', 1, '15 min', '0'), (5, 'client 3', 1, '0', '0'),
    (6, 'room', 3, '15 min', '15 min');

CREATE FUNCTION race.resource_number(id uuid) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT get_byte(uuid_send(id), 15) $$;

CREATE FUNCTION race.holder(attempt bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$ SELECT ('0b000000-0000-4000-8000-' || lpad(to_hex(attempt), 12, '0'))::uuid $$;

-- One row for each attempt, in the order of history.c.
CREATE UNLOGGED TABLE race.history (
    id bigint, client int, op text, bracket text, calendar int, organization_id uuid,
    holder bigint,              -- the attempt that made the claim this one is about; its own id when it asks for time
    resources uuid[], occurrences tstzrange[], keys uuid[],
    occurrence int,             -- which of the keys it names
    invoked timestamptz, returned timestamptz, outcome text, expires_at timestamptz,
    rows int, busy int,         -- what a look found, or what was found after the answer was lost
    replaces bigint, replaced_occurrence int, -- the booking whose place the claim is to take
    sqlstate text, word text, detail text);

-- When the clients and their helpers had all stopped.
CREATE UNLOGGED TABLE race.stopped (at timestamptz);

CREATE VIEW race.block AS
SELECT 0 AS calendar, c.* FROM race.calendar_0 c
UNION ALL
SELECT 1, c.* FROM race.calendar_1 c;

-- A hold that is to take the place of a booking it overlaps waits in the shadow of the booking's lane, and guards, rows
-- of the same batch with ordinals from 8000 (hex) on, keep the rest of its time in the lane itself.
CREATE FUNCTION race.is_guard(kind text, hold_key uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT kind = 'busy-tentative' AND get_byte(uuid_send(hold_key), 14) >= 128 $$;

-- Overlaps by comparing rows: no constraint, no index semantics, no code of holdfast. A live hold in a shadow must not
-- overlap anything in the lane but the booking it replaces and its own guards.
CREATE VIEW race.overlap AS
SELECT a.calendar, a.organization_id, a.resource_id, a.lane, a.hold_key, b.hold_key AS other_key,
       a.during, b.during AS other_during
FROM race.block a
JOIN race.block b USING (calendar, organization_id, resource_id, lane)
WHERE lower(a.during) < upper(b.during) AND lower(b.during) < upper(a.during)
  AND (a.hold_key, a.resource_id) < (b.hold_key, b.resource_id)
UNION ALL
SELECT a.calendar, a.organization_id, a.resource_id, b.lane, a.hold_key, b.hold_key, a.during, b.during
FROM race.block a
JOIN race.block b USING (calendar, organization_id, resource_id)
WHERE a.lane < 0 AND b.lane = -1 - a.lane AND a.expires_at > clock_timestamp()
  AND lower(a.during) < upper(b.during) AND lower(b.during) < upper(a.during)
  AND b.reference <> a.replaces AND b.batch_key <> a.batch_key;

-- The watcher: overlaps among the blocks of the current epoch, as committed at this moment.
CREATE UNLOGGED TABLE race.watched (at timestamptz DEFAULT clock_timestamp(), found bigint);
CREATE FUNCTION race.watch(epoch int) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO race.watched (found)
    SELECT count(*)
    FROM generate_series(greatest(watch.epoch - 1, 0), watch.epoch) e, race.resource r,
         LATERAL (SELECT (lpad(to_hex(e), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(r.number), 12, '0'))::uuid AS id) i,
         race.overlap o
    WHERE o.resource_id = i.id
    RETURNING found
$$;

-- The sweeper: what cron would do, only much more often.
CREATE FUNCTION race.sweep(epoch int) RETURNS int
LANGUAGE sql AS $$
    SELECT holdfast.expire('race.calendar_0', 50) + holdfast.expire('race.calendar_1', 50)
$$;

\if :{?constraint}
DO $$
DECLARE
    v_constraint record;
BEGIN
    FOR v_constraint IN
        SELECT conrelid::regclass AS calendar, conname FROM pg_constraint
        WHERE contype = 'x' AND conrelid IN ('race.calendar_0'::regclass, 'race.calendar_1'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', v_constraint.calendar, v_constraint.conname);
        -- Overlaps are still looked up by range, as a team without the constraint would.
        EXECUTE format('CREATE INDEX ON %s USING gist (organization_id, resource_id, lane, during)', v_constraint.calendar);
    END LOOP;
END
$$;
\endif
