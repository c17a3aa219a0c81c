CREATE FUNCTION holdfast_private.job_offer_waitlist()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_batch CONSTANT int := 1000;
    c_keep CONSTANT interval := interval '30 days';
    v_now timestamptz := holdfast.clock();
    v_rows int := 0;
    v_organization uuid;
BEGIN
    WITH lapsed AS (
        UPDATE @api@.waitlist_offers AS o SET outcome = 'lapsed', ended_at = v_now
        FROM (SELECT l.organization_id, l.id FROM @api@.waitlist_offers AS l
              WHERE l.outcome IS NULL AND l.expires_at <= v_now
              LIMIT c_batch FOR UPDATE SKIP LOCKED) AS l
        WHERE o.organization_id = l.organization_id AND o.id = l.id
        RETURNING o.organization_id, o.waitlist_entry_id)
    UPDATE @api@.waitlist_entries AS e SET status = 'lapsed', updated_at = v_now
    FROM lapsed AS l
    WHERE e.organization_id = l.organization_id AND e.id = l.waitlist_entry_id AND e.status = 'offered';
    UPDATE @api@.waitlist_entries AS e SET status = 'lapsed', updated_at = v_now
    WHERE e.status = 'waiting' AND e.latest <= v_now;

    -- Holds lapse by themselves; the keys of holds are in order of creation, and none outlives the longest life by much.
    PERFORM holdfast_private.free_for_waitlist(
        bh.organization_id, bh.specialist_id, 'hold', bh.start_time, bh.end_time, bh.hold_key)
    FROM holdfast_private.booking_holds AS bh
    WHERE bh.created_at > v_now - current_setting('holdfast.max_hold_life')::interval - interval '1 hour'
      AND bh.outcome IS NULL AND bh.expires_at <= v_now;

    FOR v_organization IN
        SELECT DISTINCT f.organization_id FROM holdfast_private.waitlist_freed AS f WHERE f.decided_at IS NULL
    LOOP
        v_rows := v_rows + holdfast_private.offer_freed_slots(v_organization, c_batch);
    END LOOP;
    DELETE FROM holdfast_private.waitlist_freed AS f WHERE f.freed_at < v_now - c_keep;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_offer_waitlist() IS
'Lets offers and entries lapse whose time is over, and offers what was freed since to the next in line; returns how many offers it made.';
REVOKE ALL ON FUNCTION holdfast_private.job_offer_waitlist() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_offer_waitlist', '* * * * *', 'offers freed time to those who wait for it');
