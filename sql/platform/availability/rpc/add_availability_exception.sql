CREATE FUNCTION holdfast_private.add_availability_exception(
    organization_id uuid, specialist_id uuid, exception_date date, is_available boolean, start_time time DEFAULT NULL,
    end_time time DEFAULT NULL, reason text DEFAULT NULL, time_zone text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_specialist @api@.specialists := holdfast_private.manage_availability(organization_id, specialist_id);
    v_zone text := holdfast_private.zone_for(v_specialist, time_zone);
    v_now timestamptz := holdfast.clock();
    v_span tstzrange;
    v_exception @api@.specialist_availability_exceptions;
BEGIN
    IF exception_date IS NULL OR exception_date NOT BETWEEN '1970-01-01' AND (v_now AT TIME ZONE v_zone)::date + 3660 THEN
        PERFORM holdfast_private.raise_invalid('exception_date', 'must be a date within the next 10 years');
    ELSIF is_available IS NULL THEN
        PERFORM holdfast_private.raise_invalid('is_available', 'is required');
    ELSIF (start_time IS NULL) <> (end_time IS NULL) THEN
        PERFORM holdfast_private.raise_invalid('end_time', 'goes with start_time; without both it is the whole day');
    ELSIF start_time = '24:00' THEN
        PERFORM holdfast_private.raise_invalid('start_time', 'must be before 24:00');
    END IF;
    v_span := holdfast.local_span(exception_date, start_time, end_time, v_zone);
    IF upper(v_span) <= v_now THEN
        PERFORM holdfast_private.raise_invalid('exception_date', 'is in the past');
    ELSIF EXISTS (
        SELECT FROM @api@.specialist_availability_exceptions AS e
        WHERE e.organization_id = add_availability_exception.organization_id
          AND e.specialist_id = add_availability_exception.specialist_id
          AND e.is_available = add_availability_exception.is_available
          AND e.exception_date BETWEEN add_availability_exception.exception_date - 2
                                   AND add_availability_exception.exception_date + 2
          AND holdfast.local_span(e.exception_date, e.start_time, e.end_time, e.time_zone) && v_span)
    THEN
        PERFORM holdfast_private.raise_invalid('exception_date', 'overlaps another exception of the same kind');
    END IF;
    INSERT INTO @api@.specialist_availability_exceptions AS e (
        organization_id, specialist_id, exception_date, start_time, end_time, is_available, reason, time_zone)
    VALUES (
        add_availability_exception.organization_id, add_availability_exception.specialist_id,
        add_availability_exception.exception_date, add_availability_exception.start_time,
        add_availability_exception.end_time, add_availability_exception.is_available,
        holdfast_private.normal_text('reason', add_availability_exception.reason, 2000), v_zone)
    RETURNING e.* INTO v_exception;
    RETURN jsonb_build_object('exception', to_jsonb(v_exception) - 'organization_id',
        'affected_bookings', holdfast_private.affected_bookings(v_specialist));
END
$$;
COMMENT ON FUNCTION holdfast_private.add_availability_exception(uuid, uuid, date, boolean, time, time, text, text) IS
'Opens (is_available) or closes a local day of a specialist, or a part of it, once: {"exception", "affected_bookings"} as set_working_hours. start_time and end_time are wall clock (an end at or before the start is on the next day), in time_zone (an IANA name, default the specialist''s); without them it is the whole day. Closed wins over open. Clients never see the reason. Specialists add their own, admins anybody''s. Errors: invalid_input (also what is over, or overlaps another of the same kind), specialist_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.add_availability_exception(uuid, uuid, date, boolean, time, time, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.add_availability_exception(uuid, uuid, date, boolean, time, time, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
