CREATE FUNCTION holdfast_private.explain_slot(
    organization_id uuid, specialist_id uuid, start_time timestamptz, end_time timestamptz, client_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_specialist @api@.specialists;
    v_search holdfast_private.slot_search;
    v_slot tstzrange;
    v_reasons jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF specialist_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('specialist_id', 'is required');
    END IF;
    SELECT s.* INTO v_specialist FROM @api@.specialists AS s
    WHERE s.organization_id = explain_slot.organization_id AND s.id = explain_slot.specialist_id
      AND (s.status = 'active' OR s.id = holdfast_private.own_specialist_id() OR holdfast_private.can('manage_specialists'));
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('specialist_not_found');
    END IF;
    v_search := holdfast_private.slot_search(
        organization_id, '{}', NULL, NULL, NULL, NULL, client_id, v_specialist.time_zone, NULL);
    v_slot := holdfast_private.check_span(start_time, end_time);
    SELECT coalesce(jsonb_agg(r.reason), '[]') INTO v_reasons
    FROM (
        SELECT holdfast_private.rule_reasons(v_specialist, v_slot)
        UNION ALL
        SELECT holdfast_private.limit_reasons(v_specialist, v_search.client_id, v_slot, false)
        UNION ALL
        SELECT holdfast_private.calendar_reasons(v_specialist, v_search.client_id, v_slot)) AS r (reason);
    RETURN jsonb_build_object('available', v_reasons = '[]', 'reasons',
        coalesce(holdfast_private.tell_reasons(v_reasons, specialist_id), '[]'));
END
$$;
COMMENT ON FUNCTION holdfast_private.explain_slot(uuid, uuid, timestamptz, timestamptz, uuid) IS
'Why a time with a specialist can or cannot be booked now: {"available", "reasons": [{"reason", "start_time", "end_time", …}]} with every reason. Rules: specialist_inactive, minimum_notice (earliest), beyond_booking_window (latest), outside_working_hours, on_break, closed_day, on_leave, external_busy, off_grid, specialist_daily_limit, specialist_weekly_limit, client_daily_limit, client_weekly_limit (limit). Calendar: booked, held (free_at), buffer, client_busy. Clients read not_working for breaks, leave, closed days, other calendars and hours. client_id (default the caller, if a client) adds their own bookings and limits. Errors: invalid_input, specialist_not_found, client_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.explain_slot(uuid, uuid, timestamptz, timestamptz, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.explain_slot(uuid, uuid, timestamptz, timestamptz, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
