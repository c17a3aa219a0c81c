-- A fair choice. Lock order: the pool of the organization, then the calendar's resources of one specialist and the client; so
-- that nothing else may hold a resource when it asks for the pool, request_hold_any is one transaction of its own.
--
-- A turn is a number: the lowest comes first, a session moves it on by one (by one over the weight). Who was busy keeps their
-- turn and is first at the next chance, but never more than c_credit turns behind, so that nobody who comes back from leave
-- gets every session; who is new begins where the others are.

CREATE FUNCTION holdfast_private.lock_pool(organization_id uuid, strategy text)
RETURNS numeric
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_turn numeric;
BEGIN
    BEGIN
        INSERT INTO holdfast_private.assignment_pools AS p (organization_id, strategy)
        SELECT lock_pool.organization_id, s.strategy
        FROM unnest('{least_loaded,round_robin,weighted}'::text[]) AS s (strategy)
        WHERE NOT EXISTS (SELECT FROM holdfast_private.assignment_pools AS e
                          WHERE e.organization_id = lock_pool.organization_id)
        ORDER BY s.strategy
        ON CONFLICT DO NOTHING;
        UPDATE holdfast_private.assignment_pools AS p SET choices = p.choices + 1
        WHERE p.organization_id = lock_pool.organization_id AND p.strategy = 'least_loaded';
    EXCEPTION WHEN serialization_failure THEN
        PERFORM holdfast.raise_error('request_in_progress', '{"retry_after_seconds": 1}');
    END;
    SELECT p.turn INTO v_turn FROM holdfast_private.assignment_pools AS p
    WHERE p.organization_id = lock_pool.organization_id AND p.strategy = lock_pool.strategy;
    RETURN v_turn;
END
$$;
COMMENT ON FUNCTION holdfast_private.lock_pool(uuid, text) IS
'Waits until nobody else chooses among the specialists of an organization; returns where the turns of the strategy stand. request_in_progress where a REPEATABLE READ transaction could not see what was chosen since.';
REVOKE ALL ON FUNCTION holdfast_private.lock_pool(uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.fair_order(
    organization_id uuid, specialist_ids uuid[], strategy text, present_turn numeric, preferred_specialist_id uuid, slot tstzrange)
RETURNS TABLE (specialist_id uuid, turn numeric, step numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_credit CONSTANT numeric := 4;
BEGIN
    RETURN QUERY
    SELECT s.id, own.turn, 1 / own.weight
    FROM @api@.specialists AS s
    LEFT JOIN holdfast_private.assignment_turns AS t
        ON t.organization_id = s.organization_id AND t.strategy = fair_order.strategy AND t.specialist_id = s.id
    LEFT JOIN @api@.specialist_weights AS w ON w.organization_id = s.organization_id AND w.specialist_id = s.id
    CROSS JOIN LATERAL (SELECT
        greatest(coalesce(t.turn, present_turn), present_turn - c_credit) AS turn,
        (CASE fair_order.strategy WHEN 'weighted' THEN coalesce(w.weight, 1) ELSE 1 END)::numeric AS weight) AS own
    CROSS JOIN LATERAL (SELECT date_trunc('week', lower(slot) AT TIME ZONE s.time_zone)::date AS begins) AS week
    WHERE s.organization_id = fair_order.organization_id AND s.id = ANY (specialist_ids)
    ORDER BY s.id = preferred_specialist_id DESC NULLS LAST,
        CASE fair_order.strategy WHEN 'least_loaded' THEN holdfast_private.sessions_within(
            s.organization_id, s.id, tstzrange(
                holdfast.local_instant(week.begins, s.time_zone), holdfast.local_instant(week.begins + 7, s.time_zone))) END,
        own.turn, t.chosen_at NULLS FIRST, s.id;
END
$$;
COMMENT ON FUNCTION holdfast_private.fair_order(uuid, uuid[], text, numeric, uuid, tstzrange) IS
'Specialists in the order they are to be asked: the preferred one, then by turns; least_loaded first counts bookings and live holds in the specialist''s local week of the slot. With the turn of each and how far a session moves it on. Only under lock_pool is it fair.';
REVOKE ALL ON FUNCTION holdfast_private.fair_order(uuid, uuid[], text, numeric, uuid, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.take_turn(
    organization_id uuid, strategy text, specialist_id uuid, turn numeric, step numeric, in_order boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO holdfast_private.assignment_turns AS t (organization_id, strategy, specialist_id, turn, choices, chosen_at)
    VALUES (organization_id, strategy, specialist_id, turn + step, 1, holdfast.clock())
    ON CONFLICT ON CONSTRAINT assignment_turns_pkey DO UPDATE
    SET turn = excluded.turn, choices = t.choices + 1, chosen_at = excluded.chosen_at;
    IF in_order THEN
        UPDATE holdfast_private.assignment_pools AS p SET turn = greatest(p.turn, take_turn.turn)
        WHERE p.organization_id = take_turn.organization_id AND p.strategy = take_turn.strategy;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.take_turn(uuid, text, uuid, numeric, numeric, boolean) IS
'Moves the turn of a specialist who was chosen; in_order says that it was not because a client prefers them.';
REVOKE ALL ON FUNCTION holdfast_private.take_turn(uuid, text, uuid, numeric, numeric, boolean) FROM PUBLIC;
