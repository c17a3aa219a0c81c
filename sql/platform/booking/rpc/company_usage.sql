CREATE FUNCTION holdfast_private.company_usage(
    organization_id uuid, company_id uuid, "from" timestamptz DEFAULT NULL, "to" timestamptz DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_first CONSTANT timestamptz := timestamptz '2000-01-01 00:00:00+00';
    c_last CONSTANT timestamptz := timestamptz '2200-01-01 00:00:00+00';
    v_zone text;
    v_from timestamptz;
    v_to timestamptz;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF company_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('company_id', 'is required');
    END IF;
    SELECT c.time_zone INTO v_zone
    FROM @api@.companies c
    WHERE c.organization_id = company_usage.organization_id AND c.id = company_usage.company_id;
    IF NOT FOUND OR NOT (
        holdfast_private.can('view_all_usage')
        OR holdfast_private.can('view_usage') AND company_id IS NOT DISTINCT FROM holdfast_private.own_company_id())
    THEN
        PERFORM holdfast.raise_error('company_not_found');
    END IF;
    IF "from" NOT BETWEEN c_first AND c_last THEN
        PERFORM holdfast_private.raise_invalid('from', 'must be between the years 2000 and 2200');
    END IF;
    v_from := coalesce("from", date_trunc('month', holdfast.clock() AT TIME ZONE v_zone) AT TIME ZONE v_zone);
    v_to := coalesce("to", (date_trunc('month', v_from AT TIME ZONE v_zone) + interval '1 month') AT TIME ZONE v_zone);
    IF v_to <= v_from OR v_to > c_last THEN
        PERFORM holdfast_private.raise_invalid('to', 'must be after from, and before the year 2200');
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'company_id', company_usage.company_id,
            'from', v_from,
            'to', v_to,
            'total', coalesce(sum(u.bookings), 0),
            'by_status', jsonb_object_agg(s.status, coalesce(u.bookings, 0)))
        FROM unnest('{pending,confirmed,completed,cancelled,no_show}'::text[]) AS s (status)
        LEFT JOIN (
            SELECT b.status, count(*) AS bookings
            FROM @api@.bookings b
            WHERE b.organization_id = company_usage.organization_id AND b.company_id = company_usage.company_id
                AND b.start_time >= v_from AND b.start_time < v_to
            GROUP BY b.status) AS u ON u.status = s.status);
END
$$;
COMMENT ON FUNCTION holdfast_private.company_usage(uuid, uuid, timestamptz, timestamptz) IS
'How many sessions of a company''s people start from "from" (the beginning of this month in the company''s zone) until before "to" (the end of that month): {"company_id", "from", "to", "total", "by_status": {"pending", "confirmed", "completed", "cancelled", "no_show"}}. Counts only, so that HR learns nothing of anybody''s sessions. For who has the permission view_usage (company_hr of that company) or view_all_usage (admins). Errors: company_not_found (unknown or not yours), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.company_usage(uuid, uuid, timestamptz, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.company_usage(uuid, uuid, timestamptz, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
