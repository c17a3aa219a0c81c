-- Holding the time of the first in order who can, or saying why nobody can.

CREATE FUNCTION holdfast_private.alternatives_of_any(
    organization_id uuid, specialist_ids uuid[], client_id uuid, slot tstzrange)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 3;
    v_found jsonb;
    v_reach interval;
BEGIN
    FOREACH v_reach IN ARRAY ARRAY[interval '1 day', interval '14 days'] LOOP
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'start_time', o.starts_at, 'end_time', o.ends_at, 'specialist_id', o.specialist_id) ORDER BY o.starts_at), '[]')
        INTO v_found
        FROM (SELECT DISTINCT ON (o.starts_at) o.*
              FROM holdfast_private.offered_slots(
                  organization_id, specialist_ids, alternatives_of_any.client_id, upper(slot) - lower(slot),
                  lower(slot), lower(slot) + v_reach) AS o
              ORDER BY o.starts_at, o.specialist_id
              LIMIT c_most) AS o;
        EXIT WHEN jsonb_array_length(v_found) = c_most;
    END LOOP;
    RETURN v_found;
END
$$;
COMMENT ON FUNCTION holdfast_private.alternatives_of_any(uuid, uuid[], uuid, tstzrange) IS
'The next three times, within 14 days, at which any of the specialists is offered: [{"start_time", "end_time", "specialist_id"}].';
REVOKE ALL ON FUNCTION holdfast_private.alternatives_of_any(uuid, uuid[], uuid, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.place_hold_any(
    organization_id uuid, specialist_ids uuid[], client_id uuid, slot tstzrange, life interval, session_type_id uuid,
    time_zone text, strategy text, preferred_specialist_id uuid, OUT batch_key uuid, OUT chosen_id uuid)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_turn numeric := holdfast_private.lock_pool(organization_id, strategy);
    v_next record;
    v_specialist @api@.specialists;
    v_tried record;
    v_details jsonb;
    v_reasons jsonb := '[]';
    v_busy boolean := false;
    v_free_at timestamptz;
BEGIN
    FOR v_next IN
        SELECT * FROM holdfast_private.fair_order(
            organization_id, specialist_ids, strategy, v_turn, preferred_specialist_id, slot)
    LOOP
        v_specialist := holdfast_private.active_specialist(organization_id, v_next.specialist_id);
        v_details := holdfast_private.why_unavailable(v_specialist, ARRAY[slot]);
        IF v_details IS NULL THEN
            -- Who is busy is not even tried: a refusal finds alternatives of its own, and a lock.
            SELECT jsonb_agg(r.reason) INTO v_details
            FROM holdfast_private.calendar_reasons(v_specialist, place_hold_any.client_id, slot) AS r (reason);
            IF v_details IS NOT NULL THEN
                v_busy := true;
                SELECT least(v_free_at, min((r.reason ->> 'free_at')::timestamptz)) INTO v_free_at
                FROM jsonb_array_elements(v_details) AS r (reason);
                CONTINUE;
            END IF;
            -- A refusal here lost a race. Rolling it back frees its locks, so that never two specialists are locked, in an
            -- order that is not the calendar's.
            BEGIN
                v_tried := holdfast_private.try_place_hold(
                    v_specialist, place_hold_any.client_id, ARRAY[slot], life, session_type_id,
                    coalesce(place_hold_any.time_zone, v_specialist.time_zone), NULL);
                IF v_tried.refusal IS NOT NULL THEN
                    RAISE EXCEPTION USING ERRCODE = 'HF001';
                END IF;
            EXCEPTION WHEN SQLSTATE 'HF001' THEN
                NULL;
            END;
            IF v_tried.refusal IS NULL THEN
                batch_key := v_tried.batch_key;
                chosen_id := v_next.specialist_id;
                PERFORM holdfast_private.take_turn(
                    organization_id, strategy, chosen_id, v_next.turn, v_next.step,
                    chosen_id IS DISTINCT FROM preferred_specialist_id);
                RETURN;
            END IF;
            v_details := v_tried.refusal -> 'details';
            IF v_tried.refusal ->> 'error' NOT IN ('slot_conflict', 'outside_availability') THEN
                PERFORM holdfast.raise_error(v_tried.refusal ->> 'error', v_details); -- the client's, whoever is chosen
            ELSIF v_tried.refusal ->> 'error' = 'slot_conflict' THEN
                v_busy := true;
                CONTINUE;
            END IF;
        END IF;
        SELECT v_reasons || jsonb_agg(r.reason || jsonb_build_object('specialist_id', v_next.specialist_id)) INTO v_reasons
        FROM jsonb_array_elements(v_details -> 'reasons') AS r (reason);
    END LOOP;
    IF v_busy THEN
        PERFORM holdfast.raise_error('slot_conflict', jsonb_build_object(
            'conflicts', jsonb_build_array(jsonb_build_object('index', 0, 'start_time', lower(slot), 'end_time', upper(slot))),
            'retry_after_seconds',
            CASE WHEN v_free_at IS NOT NULL THEN greatest(1, ceil(extract(epoch FROM v_free_at - holdfast.clock()))::int) END,
            'alternatives', holdfast_private.alternatives_of_any(organization_id, specialist_ids, client_id, slot)));
    END IF;
    PERFORM holdfast.raise_error('outside_availability', jsonb_build_object('reasons', v_reasons));
END
$$;
COMMENT ON FUNCTION holdfast_private.place_hold_any(uuid, uuid[], uuid, tstzrange, interval, uuid, text, text, uuid) IS
'Holds the time of the first specialist in fair order who is available and free, and moves their turn. Raises slot_conflict when one would be available but all of those are taken, with the next times of any of them; outside_availability with the reasons of each otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.place_hold_any(uuid, uuid[], uuid, tstzrange, interval, uuid, text, text, uuid) FROM PUBLIC;
