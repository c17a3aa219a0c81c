-- How teams write it without a lock, with the arguments of holdfast.hold: the checker must catch what these do.
\set QUIET on

-- Look, then insert. Between the two, somebody else does the same.
CREATE FUNCTION race.naive_hold(
    calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange[], holder uuid, ttl interval,
    capacities int[], before interval[], after interval[], replaces uuid)
RETURNS TABLE (hold_key uuid, expires_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_taken boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE organization_id = $1 AND resource_id = $2 AND during && $3)',
                   naive_hold.calendar)
    INTO v_taken
    USING naive_hold.organization_id, resource_ids[1], naive_hold.during[1];
    IF v_taken THEN
        RAISE EXCEPTION 'slot_conflict' USING ERRCODE = 'PT409', 
            DETAIL = '{"conflicts": [{"index": 0}], "alternatives": [], "retry_after_seconds": null}';
    END IF;
    RETURN QUERY SELECT * FROM race.plain_hold(
        naive_hold.calendar, naive_hold.organization_id, resource_ids, naive_hold.during, naive_hold.holder, ttl,
        capacities, before, after, replaces);
END
$$;

-- Insert, and trust the exclusion constraint.
CREATE FUNCTION race.plain_hold(
    calendar regclass, organization_id uuid, resource_ids uuid[], during tstzrange[], holder uuid, ttl interval,
    capacities int[], before interval[], after interval[], replaces uuid)
RETURNS TABLE (hold_key uuid, expires_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'INSERT INTO %s (organization_id, resource_id, lane, during, starts_at, ends_at, kind,
                         hold_key, batch_key, reference, holder, expires_at)
         SELECT $1, $2, 0, $3, lower($3), upper($3), ''busy-tentative'', k, k, k, $4, now() + interval ''1 hour''
         FROM holdfast.uuid_v7() k
         RETURNING hold_key, expires_at', plain_hold.calendar)
    USING plain_hold.organization_id, resource_ids[1], plain_hold.during[1], plain_hold.holder;
END
$$;

CREATE FUNCTION race.plain_release(calendar regclass, organization_id uuid, hold_key uuid) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    v_count int;
BEGIN
    EXECUTE format('DELETE FROM %s WHERE organization_id = $1 AND hold_key = $2', plain_release.calendar)
    USING plain_release.organization_id, plain_release.hold_key;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
