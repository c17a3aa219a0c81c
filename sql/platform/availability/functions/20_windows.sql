-- The engine: from wall-clock rules to windows of instants. Everything that asks what is free, asks here.

CREATE FUNCTION holdfast_private.working_windows(
    organization_id uuid, specialist_ids uuid[], from_time timestamptz, to_time timestamptz)
RETURNS TABLE (specialist_id uuid, windows tstzmultirange, grid tstzmultirange)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT w.resource_id, w.windows, w.grid
    FROM holdfast.working_windows('holdfast_private.bookable_specialists', 'holdfast_private.specialist_schedules',
        organization_id, specialist_ids, from_time, to_time) AS w;
END
$$;
COMMENT ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) IS
'When each of the specialists works around the time between two instants, one row each in the order asked: shifts and open exceptions, without breaks and closed exceptions. Offered starts are counted from where a window begins, and anew from each start of a shift, an open exception or, for who is always open, a local day within it, which grid has as instants: so they never depend on the time that was asked about. Leave, external busy times and bookings are in the calendar.';
REVOKE ALL ON FUNCTION holdfast_private.working_windows(uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;
