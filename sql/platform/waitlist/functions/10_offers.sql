-- Who is next, and holding the time for them. Lock order: a hold's row, its offer, its entry; the job locks what is freed and
-- entries, which it passes over where somebody else has them, and waits for no lock of the calendar longer than a moment.

CREATE FUNCTION holdfast_private.slot_for_entry(
    entry @api@.waitlist_entries, specialist @api@.specialists, source text, freed tstzrange)
RETURNS tstzrange
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_first tstzrange := tstzrange(lower(freed), lower(freed) + entry.duration);
BEGIN
    RETURN (
        SELECT s.slot
        FROM (
            -- What was freed need not begin on the grid of what is offered.
            SELECT v_first AS slot
            WHERE source NOT IN ('leave', 'quota') AND holdfast_private.why_unavailable(specialist, ARRAY[v_first]) IS NULL
              AND NOT EXISTS (SELECT FROM holdfast_private.calendar_reasons(specialist, entry.client_id, v_first))
            UNION ALL
            SELECT tstzrange(o.starts_at, o.ends_at)
            FROM holdfast_private.offered_slots(
                entry.organization_id, ARRAY[specialist.id], entry.client_id, entry.duration,
                greatest(lower(freed), entry.earliest), least(upper(freed), entry.latest)) AS o) AS s
        WHERE lower(s.slot) >= entry.earliest AND upper(s.slot) <= entry.latest AND lower(s.slot) > holdfast.clock()
          AND (entry.days_of_week IS NULL
               OR extract(dow FROM lower(s.slot) AT TIME ZONE entry.time_zone) = ANY (entry.days_of_week))
          AND NOT EXISTS (
            SELECT FROM @api@.waitlist_offers AS o
            WHERE o.organization_id = entry.organization_id AND o.waitlist_entry_id = entry.id
              AND o.specialist_id = specialist.id AND o.start_time = lower(s.slot))
        ORDER BY s.slot
        LIMIT 1);
END
$$;
COMMENT ON FUNCTION holdfast_private.slot_for_entry(@api@.waitlist_entries, @api@.specialists, text, tstzrange) IS
'The first time within what was freed that suits an entry, can be booked and was not offered to it before; null for none.';
REVOKE ALL ON FUNCTION holdfast_private.slot_for_entry(@api@.waitlist_entries, @api@.specialists, text, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.offer_to_entry(
    entry @api@.waitlist_entries, specialist @api@.specialists, source text, freed tstzrange,
    OUT offer_id uuid, OUT reason text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '100ms'
AS $$
DECLARE
    v_life interval := least(
        make_interval(mins => coalesce((SELECT w.offer_minutes FROM @api@.waitlist_settings AS w
                                        WHERE w.organization_id = entry.organization_id), 30)),
        current_setting('holdfast.max_hold_life')::interval);
    v_slot tstzrange;
    v_tried record;
BEGIN
    IF NOT EXISTS (SELECT FROM @api@.clients AS c
                   WHERE c.organization_id = entry.organization_id AND c.active_id = entry.client_id) THEN
        reason := 'client_inactive';
        RETURN;
    ELSIF NOT holdfast_private.may_book(entry.organization_id, entry.client_id, specialist.id) THEN
        reason := 'not_assigned';
        RETURN;
    END IF;
    v_slot := holdfast_private.slot_for_entry(entry, specialist, source, freed);
    IF v_slot IS NULL THEN
        reason := 'no_time';
        RETURN;
    END IF;
    BEGIN
        v_tried := holdfast_private.try_place_hold(
            specialist, entry.client_id, ARRAY[v_slot], v_life, entry.session_type_id, entry.time_zone, NULL);
        IF v_tried.refusal IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'HF001'; -- frees the locks that it took
        END IF;
    EXCEPTION WHEN SQLSTATE 'HF001' THEN
        reason := v_tried.refusal ->> 'error';
        UPDATE @api@.waitlist_entries AS e SET blocked_by = reason
        WHERE e.organization_id = entry.organization_id AND e.id = entry.id AND e.blocked_by IS DISTINCT FROM reason
            AND reason IN ('quota_exhausted', 'subscription_inactive');
        RETURN;
    END;
    INSERT INTO @api@.waitlist_offers AS o (
        organization_id, waitlist_entry_id, client_id, specialist_id, hold_key, start_time, end_time, expires_at)
    SELECT bh.organization_id, entry.id, bh.client_id, bh.specialist_id, bh.hold_key, bh.start_time, bh.end_time, bh.expires_at
    FROM holdfast_private.booking_holds AS bh
    WHERE bh.organization_id = entry.organization_id AND bh.hold_key = v_tried.batch_key
    RETURNING o.id INTO offer_id;
    UPDATE @api@.waitlist_entries AS e SET status = 'offered', blocked_by = NULL, updated_at = holdfast.clock()
    WHERE e.organization_id = entry.organization_id AND e.id = entry.id;
END
$$;
COMMENT ON FUNCTION holdfast_private.offer_to_entry(@api@.waitlist_entries, @api@.specialists, text, tstzrange) IS
'Holds time for one entry and offers it; or says why not: client_inactive, not_assigned (by the client''s company), no_time (that suits and is free), outside_availability, slot_conflict, or what why_not_entitled() says.';
REVOKE ALL ON FUNCTION holdfast_private.offer_to_entry(@api@.waitlist_entries, @api@.specialists, text, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.offer_freed_slots(organization_id uuid, batch int DEFAULT 100)
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_freed holdfast_private.waitlist_freed;
    v_specialist @api@.specialists;
    v_entry @api@.waitlist_entries;
    v_tried record;
    v_range tstzrange;
    v_made int := 0;
BEGIN
    FOR v_freed IN
        SELECT f.* FROM holdfast_private.waitlist_freed AS f
        WHERE f.organization_id = offer_freed_slots.organization_id AND f.decided_at IS NULL
        ORDER BY f.id
        LIMIT batch
        FOR UPDATE SKIP LOCKED
    LOOP
        SELECT s.* INTO v_specialist FROM @api@.specialists AS s
        WHERE s.organization_id = v_freed.organization_id AND s.id = v_freed.specialist_id;
        v_range := tstzrange(least(greatest(v_freed.start_time, holdfast.clock()), v_freed.end_time), v_freed.end_time);
        BEGIN
            FOR v_entry IN
                SELECT e.* FROM @api@.waitlist_entries AS e
                WHERE e.organization_id = v_freed.organization_id AND e.status = 'waiting' AND e.blocked_by IS NULL
                  AND v_freed.end_time > holdfast.clock() AND v_specialist.status = 'active'
                  AND (e.specialist_id IS NULL OR e.specialist_id = v_freed.specialist_id)
                  AND (e.pillar_id IS NULL OR e.pillar_id = v_specialist.pillar_id)
                  AND e.earliest < v_freed.end_time AND e.latest > v_freed.start_time
                ORDER BY e.priority DESC, e.id
                FOR UPDATE SKIP LOCKED
            LOOP
                v_tried := holdfast_private.offer_to_entry(v_entry, v_specialist, v_freed.source, v_range);
                IF v_tried.offer_id IS NULL THEN
                    v_freed.skipped := v_freed.skipped
                        || jsonb_build_object('entry_id', v_entry.id, 'reason', v_tried.reason);
                ELSE
                    v_freed.offers := v_freed.offers || v_tried.offer_id;
                    EXIT WHEN v_freed.source NOT IN ('leave', 'quota'); -- which have time for more than one
                END IF;
            END LOOP;
            UPDATE holdfast_private.waitlist_freed AS f
            SET decided_at = holdfast.clock(), offers = v_freed.offers, skipped = v_freed.skipped
            WHERE f.organization_id = v_freed.organization_id AND f.id = v_freed.id;
            v_made := v_made + cardinality(v_freed.offers);
        EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PGRST' OR lock_not_available OR deadlock_detected THEN
            NULL; -- somebody is at that time just now: it stays in the queue
        END;
    END LOOP;
    RETURN v_made;
END
$$;
COMMENT ON FUNCTION holdfast_private.offer_freed_slots(uuid, int) IS
'Offers what was freed in an organization to the next in line, as timed holds; returns how many offers it made. What is busy just now stays in the queue.';
REVOKE ALL ON FUNCTION holdfast_private.offer_freed_slots(uuid, int) FROM PUBLIC;
