-- Calendar: holds, bookings and everything else that occupies time (src/calendar*.c).

CREATE FUNCTION create_calendar(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_calendar'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_calendar(text) IS
'Makes a calendar, a table of blocks under the given name (with or without a schema), and returns it. Everything that occupies time is one row in it, and one exclusion constraint over organization, resource, lane and time makes a double booking impossible. Row security is on and the table belongs to the caller; the functions that work on it do so with their caller''s rights.';
REVOKE ALL ON FUNCTION create_calendar(text) FROM PUBLIC;

CREATE FUNCTION hold(
    calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange[], holder uuid,
    ttl interval DEFAULT '5 minutes', capacities int[] DEFAULT NULL, before interval[] DEFAULT NULL,
    after interval[] DEFAULT NULL, replaces uuid DEFAULT NULL)
RETURNS TABLE (hold_key uuid, during tstzrange, expires_at timestamptz)
AS 'MODULE_PATHNAME', 'hf_hold'
LANGUAGE C VOLATILE ROWS 1;
COMMENT ON FUNCTION hold(regclass, uuid, uuid[], tstzrange[], uuid, interval, int[], interval[], interval[], uuid) IS
'Holds every named resource for every range, all or nothing, and returns one row per range, in the order given. At most 100 resources, 1,000 ranges [start, end) of at most 366 days, 10,000 blocks; times in the past are the caller''s affair. ttl is at most holdfast.max_hold_life. capacities (default 1), before and after (buffers of hours and less, default none) run parallel to resource_ids; buffers never overlap, and the range returned is the one asked for. replaces: the reference of a booking that this one is to take the place of; its own time does not count as taken, and confirm() swaps both. Raises slot_conflict (details: conflicts [{index from 0, start_time, end_time}], retry_after_seconds until the holds in the way have expired or null, alternatives [{start_time, end_time}] for a single range), invalid_input. Never 40001, 40P01 or 23P01.';
REVOKE ALL ON FUNCTION hold(regclass, uuid, uuid[], tstzrange[], uuid, interval, int[], interval[], interval[], uuid) FROM PUBLIC;

CREATE FUNCTION try_hold(
    calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange[], holder uuid,
    ttl interval DEFAULT '5 minutes', capacities int[] DEFAULT NULL, before interval[] DEFAULT NULL,
    after interval[] DEFAULT NULL, replaces uuid DEFAULT NULL)
RETURNS TABLE (hold_key uuid, during tstzrange, expires_at timestamptz, conflict jsonb)
AS 'MODULE_PATHNAME', 'hf_try_hold'
LANGUAGE C VOLATILE ROWS 1;
COMMENT ON FUNCTION try_hold(regclass, uuid, uuid[], tstzrange[], uuid, interval, int[], interval[], interval[], uuid) IS
'The same as hold(), for callers that have to go on when the time is taken: then nothing is held, hold_key and expires_at are null, and conflict is, in every row, the details of the slot_conflict that hold() would raise. conflict is null when the time is held. Raises invalid_input; slot_conflict only when a lock could not be had.';
REVOKE ALL ON FUNCTION try_hold(regclass, uuid, uuid[], tstzrange[], uuid, interval, int[], interval[], interval[], uuid) FROM PUBLIC;

CREATE FUNCTION confirm(calendar regclass, organization_id uuid, hold_key uuid, "references" uuid[] DEFAULT NULL)
RETURNS TABLE (hold_key uuid, during tstzrange, reference uuid)
AS 'MODULE_PATHNAME', 'hf_confirm_hold'
LANGUAGE C VOLATILE ROWS 1;
COMMENT ON FUNCTION confirm(regclass, uuid, uuid, uuid[]) IS
'Makes bookings (busy) of all holds of the batch that the key belongs to, or of none, and returns one row per range, in the order in which hold() was given them. references: what the bookings are to be known by, one per range in that order; by default each range''s hold key. A booking that the hold replaces goes at the same moment. Raises hold_not_found (also when a lapsed hold was removed), hold_expired (details: expired_at), invalid_transition (it is confirmed already; from, to), invalid_input, request_in_progress (another transaction is in the way).';
REVOKE ALL ON FUNCTION confirm(regclass, uuid, uuid, uuid[]) FROM PUBLIC;

CREATE FUNCTION release(calendar regclass, organization_id uuid, hold_key uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_release_hold'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION release(regclass, uuid, uuid) IS
'Frees all holds of the batch that the key belongs to and returns how many ranges that were; 0 when there is no such hold (any more), so it can be repeated. Raises invalid_transition when the batch is confirmed, request_in_progress.';
REVOKE ALL ON FUNCTION release(regclass, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION extend(calendar regclass, organization_id uuid, hold_key uuid, ttl interval)
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'hf_extend_hold'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION extend(regclass, uuid, uuid, interval) IS
'Lets all holds of the batch that the key belongs to expire ttl from now (a longer one than holdfast.max_hold_life counts as that), but never earlier than before and never later than holdfast.max_hold_life after they were made; returns the expiry. Raises hold_not_found, hold_expired (expired_at), invalid_transition when the batch is confirmed, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION extend(regclass, uuid, uuid, interval) FROM PUBLIC;

CREATE FUNCTION block(
    calendar regclass, organization_id uuid, resource_id uuid, during tstzrange,
    kind text DEFAULT 'busy-unavailable', reference uuid DEFAULT NULL, capacity int DEFAULT 1)
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_block'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION block(regclass, uuid, uuid, tstzrange, text, uuid, int) IS
'Occupies a resource for a range [start, end) of at most 366 days, as busy or busy-unavailable (time off, a busy time of another calendar), in all of its lanes: name its capacity. Returns the reference, a new key when none is given; several blocks may have the same. Raises slot_conflict like hold(), invalid_input.';
REVOKE ALL ON FUNCTION block(regclass, uuid, uuid, tstzrange, text, uuid, int) FROM PUBLIC;

CREATE FUNCTION try_block(
    calendar regclass, organization_id uuid, resource_id uuid, during tstzrange,
    kind text DEFAULT 'busy-unavailable', reference uuid DEFAULT NULL, capacity int DEFAULT 1)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_try_block'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION try_block(regclass, uuid, uuid, tstzrange, text, uuid, int) IS
'The same as block(), for callers that have to go on when the time is taken: then nothing is blocked, and the details of the slot_conflict that block() would raise are returned; null when it is blocked. Raises invalid_input; slot_conflict only when a lock could not be had.';
REVOKE ALL ON FUNCTION try_block(regclass, uuid, uuid, tstzrange, text, uuid, int) FROM PUBLIC;

CREATE FUNCTION unblock(calendar regclass, organization_id uuid, reference uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_unblock'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION unblock(regclass, uuid, uuid) IS
'Removes the bookings and blocks that go by a reference and returns how many rows that were, 0 when there are none. Holds are not touched, they have release(). Raises request_in_progress.';
REVOKE ALL ON FUNCTION unblock(regclass, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION expire(calendar regclass, batch int DEFAULT 1000)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_expire'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION expire(regclass, int) IS
'Removes holds that have lapsed, at most batch rows, oldest first, and returns how many rows that were. Only tidies: a lapsed hold is in nobody''s way. Does not read the history, may run several times at once, and skips rows that others are working on.';
REVOKE ALL ON FUNCTION expire(regclass, int) FROM PUBLIC;

CREATE FUNCTION next_free(
    calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange, capacities int[] DEFAULT NULL,
    before interval[] DEFAULT NULL, after interval[] DEFAULT NULL, max_count int DEFAULT 3)
RETURNS SETOF tstzrange
AS 'MODULE_PATHNAME', 'hf_next_free_slots'
LANGUAGE C VOLATILE ROWS 3;
COMMENT ON FUNCTION next_free(regclass, uuid, uuid[], tstzrange, int[], interval[], interval[], int) IS
'The first times of the same length as the given range, from its start on and within 31 days of its end, for which hold() would find all resources free now; they do not overlap each other. Reads whatever row security hides, and tells times only.';
REVOKE ALL ON FUNCTION next_free(regclass, uuid, uuid[], tstzrange, int[], interval[], interval[], int) FROM PUBLIC;

CREATE FUNCTION conflicts(calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange[])
RETURNS TABLE (
    index int, resource_id uuid, lane smallint, during tstzrange, starts_at timestamptz, ends_at timestamptz,
    kind text, hold_key uuid, reference uuid, holder uuid, expires_at timestamptz)
AS 'MODULE_PATHNAME', 'hf_conflicts'
LANGUAGE C STABLE;
COMMENT ON FUNCTION conflicts(regclass, uuid, uuid[], tstzrange[]) IS
'What stands in the way of the ranges: the blocks of the resources that overlap them, buffers included, without holds that have lapsed. index says which range, from 0. Reads as the caller: row security applies.';
REVOKE ALL ON FUNCTION conflicts(regclass, uuid, uuid[], tstzrange[]) FROM PUBLIC;

CREATE FUNCTION verify_calendar(calendar regclass)
RETURNS TABLE (
    organization_id uuid, resource_id uuid, lane smallint, first_hold_key uuid, second_hold_key uuid, overlap tstzrange)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET row_security = off
AS $$
BEGIN
    IF verify_calendar.calendar IS NULL THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "calendar", "reason": "is null"}');
    END IF;
    -- Row by row, in order of time and without an index: a block overlaps an earlier one exactly when it starts before
    -- the latest end so far. Pairs are made of such blocks only, so a sound calendar costs one sort.
    RETURN QUERY EXECUTE format($sql$
        WITH blocks AS MATERIALIZED (
            SELECT b.organization_id, b.resource_id, b.lane, b.hold_key, b.batch_key, b.reference, b.replaces, b.expires_at,
                   lower(b.during) AS starts, upper(b.during) AS ends
            FROM %1$s AS b
        ), suspects AS MATERIALIZED (
            SELECT * FROM (
                SELECT b.*, max(b.ends) OVER (
                           PARTITION BY b.organization_id, b.resource_id, b.lane ORDER BY b.starts, b.ends, b.hold_key
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
                FROM blocks AS b) AS w
            WHERE w.starts < w.latest
        )
        SELECT s.organization_id, s.resource_id, s.lane, b.hold_key, s.hold_key,
               tstzrange(greatest(b.starts, s.starts), least(b.ends, s.ends))
        FROM suspects AS s
        JOIN blocks AS b ON b.organization_id = s.organization_id AND b.resource_id = s.resource_id
            AND b.lane = s.lane AND b.starts < s.ends AND s.starts < b.ends
            AND (b.starts, b.ends, b.hold_key) < (s.starts, s.ends, s.hold_key)
        UNION ALL
        -- A live hold that waits in a shadow overlaps, in the lane it will move to, what it replaces and nothing else.
        SELECT s.organization_id, s.resource_id, (-1 - s.lane)::smallint, b.hold_key, s.hold_key,
               tstzrange(greatest(b.starts, s.starts), least(b.ends, s.ends))
        FROM blocks AS s
        JOIN blocks AS b ON b.organization_id = s.organization_id AND b.resource_id = s.resource_id
            AND b.lane = -1 - s.lane AND b.starts < s.ends AND s.starts < b.ends
            AND b.reference <> s.replaces AND b.batch_key <> s.batch_key
        WHERE s.lane < 0 AND s.expires_at > $1
        ORDER BY 1, 2, 3
    $sql$, verify_calendar.calendar)
    USING holdfast.clock();
EXCEPTION WHEN undefined_column OR undefined_function OR wrong_object_type THEN
    PERFORM holdfast.raise_error('invalid_input',
        '{"field": "calendar", "reason": "is not a table made by create_calendar()"}');
END
$$;
COMMENT ON FUNCTION verify_calendar(regclass) IS
'Every pair of blocks that occupy the same lane of a resource at the same time, found row by row without the exclusion constraint and its index. No row is the proof that the calendar has no double booking. The caller must be above the table''s row security.';
REVOKE ALL ON FUNCTION verify_calendar(regclass) FROM PUBLIC;
