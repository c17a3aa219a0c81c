-- What a careful team writes by hand: an advisory lock for the resource, a check that an expired hold does not stand
-- in the way, the insert under the same constraint.
CREATE FUNCTION bench.hold(
    organization_id uuid, resource_id uuid, during tstzrange, holder uuid, ttl interval,
    OUT hold_key uuid, OUT expires_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_block record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(hold.resource_id::text, 0));
    FOR v_block IN
        SELECT c.hold_key, c.expires_at <= clock_timestamp() AS expired
        FROM bench.calendar c
        WHERE c.organization_id = hold.organization_id AND c.resource_id = hold.resource_id AND c.lane = 0
          AND c.during && hold.during
    LOOP
        IF v_block.expired THEN
            DELETE FROM bench.calendar c
            WHERE c.organization_id = hold.organization_id AND c.hold_key = v_block.hold_key;
        ELSE
            RAISE EXCEPTION 'slot_conflict' USING ERRCODE = 'PT409';
        END IF;
    END LOOP;
    hold_key := holdfast.uuid_v7();
    expires_at := clock_timestamp() + hold.ttl;
    INSERT INTO bench.calendar (organization_id, resource_id, lane, during, starts_at, ends_at, kind,
                                hold_key, batch_key, reference, holder, expires_at)
    VALUES (hold.organization_id, hold.resource_id, 0, hold.during, lower(hold.during), upper(hold.during),
            'busy-tentative', hold_key, hold_key, hold_key, hold.holder, expires_at);
END
$$;
