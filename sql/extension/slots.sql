-- Free slots: what a calendar leaves free of the times at which its resources work.

CREATE FUNCTION free_slots(
    calendar regclass, organization_id uuid, resource_ids uuid[], windows tstzmultirange[], duration interval,
    step interval DEFAULT NULL, buffer_before interval DEFAULT '0', buffer_after interval DEFAULT '0',
    not_before timestamptz DEFAULT NULL, not_after timestamptz DEFAULT NULL, capacities int[] DEFAULT NULL,
    grid tstzmultirange[] DEFAULT NULL,
    OUT resource_id uuid, OUT starts_at timestamptz, OUT ends_at timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_free_slots'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION free_slots(regclass, uuid, uuid[], tstzmultirange[], interval, interval, interval, interval, timestamptz, timestamptz, int[], tstzmultirange[]) IS
'Lists the free slots of many resources, in the order of resource_ids and ascending within each. windows (parallel to resource_ids) is when each works; slots start every step (default: the duration) from the start of a window, and anew from each time within it at which a range of grid (parallel too; instants, [t,t], will do) begins. The buffers must be free too but may reach out of the window. A slot is free when one of the resource''s lanes (capacities, default 1) is; an expired hold does not count. It reads on the caller''s snapshot and promises nothing: hold() decides. Errors: invalid_input.';
REVOKE ALL ON FUNCTION free_slots(regclass, uuid, uuid[], tstzmultirange[], interval, interval, interval, interval, timestamptz, timestamptz, int[], tstzmultirange[]) FROM PUBLIC;
