-- The rules that apply to one specialist: theirs, and the organization's where they have none.

CREATE FUNCTION holdfast_private.rules_of(organization_id uuid, specialist_id uuid)
RETURNS @api@.booking_rules
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own @api@.booking_rules;
    v_all @api@.booking_rules;
BEGIN
    SELECT r.* INTO v_all FROM @api@.booking_rules AS r
    WHERE r.organization_id = rules_of.organization_id AND r.specialist_id IS NULL;
    SELECT r.* INTO v_own FROM @api@.booking_rules AS r
    WHERE r.organization_id = rules_of.organization_id AND r.specialist_id = rules_of.specialist_id;
    v_own.minimum_notice := coalesce(v_own.minimum_notice, v_all.minimum_notice, '0');
    v_own.booking_window := coalesce(v_own.booking_window, v_all.booking_window);
    v_own.slot_step := coalesce(v_own.slot_step, v_all.slot_step);
    v_own.require_slot_grid := coalesce(v_own.require_slot_grid, v_all.require_slot_grid, false);
    v_own.require_working_hours := coalesce(v_own.require_working_hours, v_all.require_working_hours, false);
    v_own.specialist_daily_limit := coalesce(v_own.specialist_daily_limit, v_all.specialist_daily_limit);
    v_own.specialist_weekly_limit := coalesce(v_own.specialist_weekly_limit, v_all.specialist_weekly_limit);
    v_own.client_daily_limit := coalesce(v_own.client_daily_limit, v_all.client_daily_limit);
    v_own.client_weekly_limit := coalesce(v_own.client_weekly_limit, v_all.client_weekly_limit);
    v_own.leave_needs_approval := coalesce(v_own.leave_needs_approval, v_all.leave_needs_approval, false);
    RETURN v_own;
END
$$;
COMMENT ON FUNCTION holdfast_private.rules_of(uuid, uuid) IS
'The rules that a specialist is booked by, with every default filled in; null where there is no rule.';
REVOKE ALL ON FUNCTION holdfast_private.rules_of(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_restricted(organization_id uuid, specialist_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    RETURN EXISTS (SELECT FROM @api@.specialist_working_hours AS h
                   WHERE h.organization_id = organization_id AND h.specialist_id = specialist_id)
        OR EXISTS (SELECT FROM @api@.booking_rules AS r
                   WHERE r.organization_id = organization_id AND (r.specialist_id = specialist_id OR r.specialist_id IS NULL))
        OR EXISTS (SELECT FROM @api@.specialist_breaks AS b
                   WHERE b.organization_id = organization_id AND b.specialist_id = specialist_id)
        OR EXISTS (SELECT FROM @api@.specialist_availability_exceptions AS e
                   WHERE e.organization_id = organization_id AND e.specialist_id = specialist_id)
        OR EXISTS (SELECT FROM @api@.specialist_vacation AS v
                   WHERE v.organization_id = organization_id AND v.specialist_id = specialist_id)
        OR EXISTS (SELECT FROM @api@.external_busy_times AS b
                   WHERE b.organization_id = organization_id AND b.specialist_id = specialist_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.is_restricted(uuid, uuid) IS
'Whether anything at all says when a specialist can be booked. If nothing does, the rules need not be asked one by one.';
REVOKE ALL ON FUNCTION holdfast_private.is_restricted(uuid, uuid) FROM PUBLIC;
