CREATE FUNCTION holdfast_private.set_booking_rules(
    organization_id uuid,
    specialist_id uuid DEFAULT NULL,
    minimum_notice interval DEFAULT NULL,
    booking_window interval DEFAULT NULL,
    slot_step interval DEFAULT NULL,
    require_slot_grid boolean DEFAULT NULL,
    require_working_hours boolean DEFAULT NULL,
    specialist_daily_limit int DEFAULT NULL,
    specialist_weekly_limit int DEFAULT NULL,
    client_daily_limit int DEFAULT NULL,
    client_weekly_limit int DEFAULT NULL,
    leave_needs_approval boolean DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET intervalstyle = 'postgres'
AS $$
DECLARE
    v_rules @api@.booking_rules;
    v_constraint text;
    v_column text;
BEGIN
    IF specialist_id IS NULL THEN
        PERFORM holdfast_private.require_permission(organization_id, 'manage_specialists');
    ELSE
        PERFORM holdfast_private.manage_availability(organization_id, specialist_id);
    END IF;
    IF NOT holdfast_private.can('manage_specialists') THEN
        IF leave_needs_approval IS NOT NULL THEN
            PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin decides whether leave needs approval.');
        END IF;
        SELECT r.leave_needs_approval INTO leave_needs_approval FROM @api@.booking_rules AS r
        WHERE r.organization_id = set_booking_rules.organization_id AND r.specialist_id = set_booking_rules.specialist_id;
    END IF;
    INSERT INTO @api@.booking_rules AS r (
        organization_id, specialist_id, minimum_notice, booking_window, slot_step, require_slot_grid, require_working_hours,
        specialist_daily_limit, specialist_weekly_limit, client_daily_limit, client_weekly_limit, leave_needs_approval)
    VALUES (
        set_booking_rules.organization_id, set_booking_rules.specialist_id, set_booking_rules.minimum_notice,
        set_booking_rules.booking_window, set_booking_rules.slot_step, set_booking_rules.require_slot_grid,
        set_booking_rules.require_working_hours, set_booking_rules.specialist_daily_limit,
        set_booking_rules.specialist_weekly_limit, set_booking_rules.client_daily_limit,
        set_booking_rules.client_weekly_limit, set_booking_rules.leave_needs_approval)
    ON CONFLICT ON CONSTRAINT booking_rules_organization_id_specialist_id_key DO UPDATE
    SET minimum_notice = excluded.minimum_notice,
        booking_window = excluded.booking_window,
        slot_step = excluded.slot_step,
        require_slot_grid = excluded.require_slot_grid,
        require_working_hours = excluded.require_working_hours,
        specialist_daily_limit = excluded.specialist_daily_limit,
        specialist_weekly_limit = excluded.specialist_weekly_limit,
        client_daily_limit = excluded.client_daily_limit,
        client_weekly_limit = excluded.client_weekly_limit,
        leave_needs_approval = excluded.leave_needs_approval
    RETURNING r.* INTO v_rules;
    RETURN jsonb_build_object('rules', to_jsonb(v_rules) - 'organization_id');
EXCEPTION WHEN check_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.set_booking_rules(uuid, uuid, interval, interval, interval, boolean, boolean, int, int, int, int, boolean) IS
'Replaces the rules that a specialist is booked by, or without specialist_id the organization''s, which hold where a specialist has none: {"rules"}. Every rule is set, also to null: no rule of their own. minimum_notice (0 to 366 days), booking_window (at most 3660 days), slot_step (1 minute to 1 day), require_slot_grid, require_working_hours, specialist_daily_limit, specialist_weekly_limit, client_daily_limit, client_weekly_limit; leave_needs_approval only by admins. Specialists set their own, admins anybody''s and the organization''s. Errors: invalid_input, specialist_not_found, forbidden, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.set_booking_rules(uuid, uuid, interval, interval, interval, boolean, boolean, int, int, int, int, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_booking_rules(uuid, uuid, interval, interval, interval, boolean, boolean, int, int, int, int, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
