CREATE FUNCTION holdfast_private.import_busy_times(
    organization_id uuid, specialist_id uuid, source text, busy jsonb, from_time timestamptz, to_time timestamptz)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    c_most CONSTANT int := 2000;
    v_specialist @api@.specialists := holdfast_private.manage_availability(organization_id, specialist_id);
    v_source text := holdfast_private.required_text('source', source, 100);
    v_wanted @api@.external_busy_times[];
    v_touched tstzmultirange;
    v_removed int;
BEGIN
    IF from_time IS NULL OR to_time IS NULL OR NOT isfinite(from_time) OR NOT isfinite(to_time) THEN
        PERFORM holdfast_private.raise_invalid(
            CASE WHEN from_time IS NULL OR NOT isfinite(from_time) THEN 'from_time' ELSE 'to_time' END, 'must be a finite time');
    ELSIF to_time <= from_time OR to_time > from_time + interval '366 days' THEN
        PERFORM holdfast_private.raise_invalid('to_time', 'must be after from_time, by at most 366 days');
    ELSIF busy IS NULL OR busy = 'null' THEN
        PERFORM holdfast_private.raise_invalid('busy', 'is required; none is an empty array');
    END IF;
    v_wanted := ARRAY(
        SELECT holdfast_private.read_busy_time(format('busy[%s]', i.place - 1), i.item, tstzrange(from_time, to_time))
        FROM jsonb_array_elements(holdfast_private.json_list('busy', busy, c_most)) WITH ORDINALITY AS i (item, place));
    IF (SELECT count(DISTINCT w.external_id) < count(*) FROM unnest(v_wanted) AS w) THEN
        PERFORM holdfast_private.raise_invalid('busy', 'names an external_id twice');
    END IF;

    -- What is gone or has moved frees its time, what is new takes it, and what was covered by either is blocked anew.
    WITH gone AS (
        DELETE FROM @api@.external_busy_times AS b
        WHERE b.organization_id = import_busy_times.organization_id AND b.specialist_id = import_busy_times.specialist_id
          AND b.source = v_source
          AND (b.starts_at < import_busy_times.to_time AND b.ends_at > import_busy_times.from_time
               OR b.external_id IN (SELECT w.external_id FROM unnest(v_wanted) AS w))
          AND NOT EXISTS (SELECT FROM unnest(v_wanted) AS w
                          WHERE (w.external_id, w.starts_at, w.ends_at) = (b.external_id, b.starts_at, b.ends_at))
        RETURNING b.*)
    SELECT count(holdfast.unblock('holdfast_private.calendar', g.organization_id, g.id)),
        coalesce(range_agg(tstzrange(g.starts_at, g.ends_at)), '{}')
    INTO v_removed, v_touched
    FROM gone AS g;
    WITH put AS (
        INSERT INTO @api@.external_busy_times AS b (
            organization_id, specialist_id, source, external_id, starts_at, ends_at, is_blocked, imported_at)
        SELECT import_busy_times.organization_id, import_busy_times.specialist_id, v_source, w.external_id, w.starts_at, w.ends_at,
            false, holdfast.clock()
        FROM unnest(v_wanted) AS w
        ON CONFLICT ON CONSTRAINT external_busy_times_organization_id_specialist_id_source_ex_key DO UPDATE
        SET imported_at = excluded.imported_at
        RETURNING b.*)
    SELECT v_touched + coalesce(range_agg(tstzrange(p.starts_at, p.ends_at)) FILTER (WHERE NOT p.is_blocked), '{}')
    INTO v_touched
    FROM put AS p;
    PERFORM holdfast_private.reblock_busy_times(v_specialist, v_touched);

    RETURN jsonb_build_object(
        'imported', cardinality(v_wanted),
        'removed', v_removed,
        'conflicts', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'external_id', b.external_id, 'start_time', b.starts_at, 'end_time', b.ends_at,
                       'booking_ids', (
                           SELECT coalesce(jsonb_agg(DISTINCT c.reference), '[]')
                           FROM holdfast.conflicts('holdfast_private.calendar', b.organization_id, ARRAY[b.specialist_id],
                               ARRAY[tstzrange(b.starts_at, b.ends_at)]) AS c
                           WHERE c.kind = 'busy'))
                   ORDER BY b.starts_at, b.external_id), '[]')
            FROM @api@.external_busy_times AS b
            WHERE b.organization_id = import_busy_times.organization_id
              AND b.specialist_id = import_busy_times.specialist_id AND b.source = v_source AND NOT b.is_blocked
              AND b.starts_at < import_busy_times.to_time AND b.ends_at > import_busy_times.from_time));
END
$$;
COMMENT ON FUNCTION holdfast_private.import_busy_times(uuid, uuid, text, jsonb, timestamptz, timestamptz) IS
'Replaces what another calendar (source, such as google) says of a specialist from from_time to to_time (at most 366 days): {"imported", "removed", "conflicts": [{"external_id", "start_time", "end_time", "booking_ids"}]}. busy: [{"start_time", "end_time", "external_id"}], at most 2000, each overlapping the window; without external_id it goes by its times. Each is blocked in the calendar, so nothing can be booked into it. Where something stands already the rest is blocked, and it is a conflict that somebody has to resolve: it never fails half-way. Specialists import their own, admins anybody''s. Errors: invalid_input, specialist_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.import_busy_times(uuid, uuid, text, jsonb, timestamptz, timestamptz) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.import_busy_times(uuid, uuid, text, jsonb, timestamptz, timestamptz)'::regprocedure, '@api@', '{authenticated,service_role}');
