-- Why a time cannot be booked. The same reasons refuse a hold, explain a slot, and keep a slot from being offered.
--
-- Rules that look at the request alone are checked before the hold; limits count what is in the calendar and are checked after
-- it, under its lock, so that two requests cannot both be the last one.

CREATE FUNCTION holdfast_private.reason(word text, slot tstzrange, details jsonb DEFAULT '{}')
RETURNS jsonb
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
BEGIN ATOMIC
    SELECT jsonb_build_object('reason', word, 'start_time', lower(slot), 'end_time', upper(slot)) || details;
END;
COMMENT ON FUNCTION holdfast_private.reason(text, tstzrange, jsonb) IS 'One reason as clients get it.';
REVOKE ALL ON FUNCTION holdfast_private.reason(text, tstzrange, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.hours_reason(specialist @api@.specialists, slot tstzrange)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM @api@.specialist_availability_exceptions AS e
        WHERE e.organization_id = specialist.organization_id AND e.specialist_id = specialist.id AND NOT e.is_available
          AND e.exception_date BETWEEN lower(slot)::date - 2 AND upper(slot)::date + 2
          AND holdfast.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone) && slot)
    THEN
        RETURN 'closed_day';
    ELSIF EXISTS (
        SELECT FROM @api@.specialist_breaks AS b
        CROSS JOIN generate_series(lower(slot)::date - 2, upper(slot)::date + 2, interval '1 day') AS d (day)
        WHERE b.organization_id = specialist.organization_id AND b.specialist_id = specialist.id
          AND (b.day_of_week IS NULL OR b.day_of_week = extract(dow FROM d.day))
          AND d.day::date <> ALL (b.exception_dates)
          AND d.day::date >= coalesce(b.effective_from, d.day::date) AND d.day::date <= coalesce(b.effective_to, d.day::date)
          AND holdfast.local_span(d.day::date, b.start_time, b.end_time, b.time_zone) && slot)
    THEN
        RETURN 'on_break';
    END IF;
    RETURN 'outside_working_hours';
END
$$;
COMMENT ON FUNCTION holdfast_private.hours_reason(@api@.specialists, tstzrange) IS
'Which rule keeps a slot out of the working windows: closed_day, on_break or outside_working_hours.';
REVOKE ALL ON FUNCTION holdfast_private.hours_reason(@api@.specialists, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.rule_reasons(specialist @api@.specialists, slot tstzrange)
RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET timezone = 'UTC'
AS $$
DECLARE
    v_rules @api@.booking_rules := holdfast_private.rules_of(specialist.organization_id, specialist.id);
    v_now timestamptz := holdfast.clock();
    v_is_open boolean;
    v_counted_from timestamptz;
BEGIN
    IF specialist.status <> 'active' THEN
        RETURN NEXT holdfast_private.reason('specialist_inactive', slot);
    END IF;
    IF lower(slot) < v_now + v_rules.minimum_notice THEN
        RETURN NEXT holdfast_private.reason('minimum_notice', slot,
            jsonb_build_object('earliest', v_now + v_rules.minimum_notice));
    END IF;
    IF lower(slot) > v_now + v_rules.booking_window THEN
        RETURN NEXT holdfast_private.reason('beyond_booking_window', slot,
            jsonb_build_object('latest', v_now + v_rules.booking_window));
    END IF;
    SELECT true, greatest(lower(u.span), (
        SELECT max(lower(g.span)) FROM unnest(w.grid) AS g (span) WHERE lower(g.span) <= lower(slot)))
    INTO v_is_open, v_counted_from
    FROM holdfast_private.working_windows(
        specialist.organization_id, ARRAY[specialist.id], lower(slot), upper(slot)) AS w,
        unnest(w.windows) AS u (span)
    WHERE u.span @> slot;
    IF v_is_open IS NULL THEN
        RETURN NEXT holdfast_private.reason(holdfast_private.hours_reason(specialist, slot), slot);
    ELSIF v_rules.require_slot_grid
        AND extract(epoch FROM lower(slot) - v_counted_from)
            % extract(epoch FROM coalesce(v_rules.slot_step, upper(slot) - lower(slot))) <> 0
    THEN
        RETURN NEXT holdfast_private.reason('off_grid', slot);
    END IF;
    IF EXISTS (SELECT FROM @api@.specialist_vacation AS v
               WHERE v.organization_id = specialist.organization_id AND v.specialist_id = specialist.id
                 AND v.status = 'approved' AND v.starts_at < upper(slot) AND v.ends_at > lower(slot))
    THEN
        RETURN NEXT holdfast_private.reason('on_leave', slot);
    END IF;
    IF EXISTS (SELECT FROM @api@.external_busy_times AS b
               WHERE b.organization_id = specialist.organization_id AND b.specialist_id = specialist.id
                 AND b.starts_at < upper(slot) AND b.ends_at > lower(slot))
    THEN
        RETURN NEXT holdfast_private.reason('external_busy', slot);
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.rule_reasons(@api@.specialists, tstzrange) IS
'Every rule that keeps a slot with a specialist from being booked, whoever asks; none when it is available. What is booked already and limits are not looked at.';
REVOKE ALL ON FUNCTION holdfast_private.rule_reasons(@api@.specialists, tstzrange) FROM PUBLIC;

CREATE FUNCTION holdfast_private.sessions_within(
    organization_id uuid, resource_id uuid, during tstzrange, without uuid DEFAULT NULL)
RETURNS int
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT count(DISTINCT c.hold_key)::int
    FROM holdfast_private.calendar AS c
    WHERE c.organization_id = sessions_within.organization_id AND c.resource_id = sessions_within.resource_id
      AND c.during && sessions_within.during
      AND c.starts_at >= lower(sessions_within.during) AND c.starts_at < upper(sessions_within.during)
      AND c.kind <> 'busy-unavailable'
      -- the last 16 bits of a hold's key from 8000 on mean a guard, which keeps time for the hold of a move and is no session
      AND (c.expires_at IS NULL
           OR c.expires_at > holdfast.clock() AND get_byte(uuid_send(c.hold_key), 14) < 128)
      AND c.reference IS DISTINCT FROM sessions_within.without;
END;
COMMENT ON FUNCTION holdfast_private.sessions_within(uuid, uuid, tstzrange, uuid) IS
'How many bookings and live holds of a specialist or client begin within a time; without leaves out a booking that is being moved.';
REVOKE ALL ON FUNCTION holdfast_private.sessions_within(uuid, uuid, tstzrange, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.limit_reasons(
    specialist @api@.specialists, client_id uuid, slot tstzrange, is_held boolean, moving uuid DEFAULT NULL)
RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rules @api@.booking_rules := holdfast_private.rules_of(specialist.organization_id, specialist.id);
    v_day date := (lower(slot) AT TIME ZONE specialist.time_zone)::date;
    v_week date := date_trunc('week', v_day::timestamp)::date;
    v_day_span tstzrange := holdfast.local_span(v_day, NULL, NULL, specialist.time_zone);
    v_week_span tstzrange := tstzrange(
        holdfast.local_instant(v_week, specialist.time_zone), holdfast.local_instant(v_week + 7, specialist.time_zone));
    v_own int := CASE WHEN is_held THEN 0 ELSE 1 END;
    v_rule record;
BEGIN
    FOR v_rule IN
        SELECT * FROM (VALUES
            ('specialist_daily_limit', v_rules.specialist_daily_limit, specialist.id, v_day_span),
            ('specialist_weekly_limit', v_rules.specialist_weekly_limit, specialist.id, v_week_span),
            ('client_daily_limit', v_rules.client_daily_limit, limit_reasons.client_id, v_day_span),
            ('client_weekly_limit', v_rules.client_weekly_limit, limit_reasons.client_id, v_week_span))
            AS r (word, most, resource_id, during)
        WHERE r.most IS NOT NULL AND r.resource_id IS NOT NULL
    LOOP
        IF holdfast_private.sessions_within(
            specialist.organization_id, v_rule.resource_id, v_rule.during, moving) + v_own > v_rule.most
        THEN
            RETURN NEXT holdfast_private.reason(v_rule.word, slot, jsonb_build_object('limit', v_rule.most));
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION holdfast_private.limit_reasons(@api@.specialists, uuid, tstzrange, boolean, uuid) IS
'Every limit of sessions a day or week that a slot exceeds, for the specialist and, when named, the client. is_held says that the slot is in the calendar and counted already; moving is a booking that does not count.';
REVOKE ALL ON FUNCTION holdfast_private.limit_reasons(@api@.specialists, uuid, tstzrange, boolean, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.tell_reasons(reasons jsonb, specialist_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast_private.is_trusted() OR specialist_id = holdfast_private.own_specialist_id()
        OR holdfast_private.can('manage_specialists')
    THEN
        RETURN reasons;
    END IF;
    RETURN (
        SELECT jsonb_agg(DISTINCT CASE
            WHEN r.reason ->> 'reason' IN ('closed_day', 'on_break', 'on_leave', 'external_busy', 'outside_working_hours')
            THEN r.reason || '{"reason": "not_working"}' ELSE r.reason END)
        FROM jsonb_array_elements(reasons) AS r (reason));
END
$$;
COMMENT ON FUNCTION holdfast_private.tell_reasons(jsonb, uuid) IS
'The reasons as the caller may know them: to a client, breaks, leave, closed days and other calendars all are not_working.';
REVOKE ALL ON FUNCTION holdfast_private.tell_reasons(jsonb, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.why_unavailable(specialist @api@.specialists, slots tstzrange[])
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reasons jsonb;
BEGIN
    IF specialist.status = 'active' AND NOT holdfast_private.is_restricted(specialist.organization_id, specialist.id) THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_agg(r.reason || jsonb_build_object('index', s.place - 1) ORDER BY s.place) INTO v_reasons
    FROM unnest(slots) WITH ORDINALITY AS s (slot, place), holdfast_private.rule_reasons(specialist, s.slot) AS r (reason);
    IF v_reasons IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('reasons',
        holdfast_private.tell_reasons(v_reasons, specialist.id));
END
$$;
COMMENT ON FUNCTION holdfast_private.why_unavailable(@api@.specialists, tstzrange[]) IS
'The details of outside_availability, {"reasons"} with the index of the occurrence, or null when every slot can be booked by the rules.';
REVOKE ALL ON FUNCTION holdfast_private.why_unavailable(@api@.specialists, tstzrange[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.why_over_limit(
    specialist @api@.specialists, client_id uuid, slots tstzrange[], moving uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @api@.booking_rules AS r
                   WHERE r.organization_id = specialist.organization_id
                     AND (r.specialist_id = specialist.id OR r.specialist_id IS NULL)) THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object('reasons', jsonb_agg(r.reason || jsonb_build_object('index', s.place - 1) ORDER BY s.place))
        FROM unnest(slots) WITH ORDINALITY AS s (slot, place),
            holdfast_private.limit_reasons(specialist, why_over_limit.client_id, s.slot, true, moving) AS r (reason)
        HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION holdfast_private.why_over_limit(@api@.specialists, uuid, tstzrange[], uuid) IS
'The details of outside_availability when slots, which are held already, are more than a day or week may have; null otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.why_over_limit(@api@.specialists, uuid, tstzrange[], uuid) FROM PUBLIC;
