-- What a search for slots asks for.

CREATE FUNCTION holdfast_private.slot_search(
    organization_id uuid, specialist_ids uuid[], pillar_id uuid, session_type_id uuid, language text, specialty text,
    client_id uuid, time_zone text, duration_minutes int)
RETURNS holdfast_private.slot_search
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning it costs more than running it
AS $$
DECLARE
    v_search holdfast_private.slot_search;
    v_type @api@.session_types;
    v_client record;
BEGIN
    v_search.client_id := coalesce(client_id, holdfast_private.own_client_id());
    IF client_id IS NOT NULL THEN
        PERFORM holdfast_private.active_client(organization_id, client_id);
        IF NOT (client_id = holdfast_private.own_client_id() OR holdfast_private.can('manage_clients')
                OR holdfast_private.is_assigned(organization_id, client_id, holdfast_private.own_specialist_id())) IS TRUE
        THEN
            PERFORM holdfast.raise_error('client_not_found');
        END IF;
    END IF;
    IF session_type_id IS NOT NULL THEN
        SELECT t.* INTO v_type FROM @api@.session_types AS t
        WHERE t.organization_id = slot_search.organization_id AND t.id = slot_search.session_type_id AND t.is_active;
        IF NOT FOUND THEN
            PERFORM holdfast.raise_error('session_type_not_found');
        END IF;
    END IF;
    IF duration_minutes NOT BETWEEN 1 AND 1440 THEN
        PERFORM holdfast_private.raise_invalid('duration_minutes', 'must be from 1 to 1440');
    END IF;
    v_search.duration := coalesce(duration_minutes, v_type.default_duration_minutes, 60) * interval '1 minute';
    SELECT c.time_zone, c.company_id INTO v_client FROM @api@.clients AS c
    WHERE c.organization_id = slot_search.organization_id AND c.id = v_search.client_id;
    v_search.time_zone := coalesce(time_zone, v_client.time_zone);
    IF v_search.time_zone IS NULL THEN
        SELECT o.time_zone INTO v_search.time_zone FROM @api@.organizations AS o WHERE o.id = slot_search.organization_id;
    END IF;
    IF NOT holdfast.is_time_zone(v_search.time_zone) THEN
        PERFORM holdfast_private.raise_invalid('time_zone', 'must be the name of an IANA time zone, like Europe/Madrid');
    END IF;
    v_search.specialist_ids := ARRAY(
        SELECT s.id FROM @api@.specialists AS s
        WHERE s.organization_id = slot_search.organization_id AND s.status = 'active'
          AND (cardinality(specialist_ids) = 0 OR s.id = ANY (specialist_ids))
          AND (slot_search.pillar_id IS NULL OR s.pillar_id = slot_search.pillar_id)
          -- a specialist who is named may do what is not of their pillar
          AND (cardinality(specialist_ids) > 0 OR v_type.pillar_id IS NULL OR s.pillar_id = v_type.pillar_id)
          AND (slot_search.language IS NULL OR slot_search.language = ANY (s.languages))
          AND (slot_search.specialty IS NULL OR slot_search.specialty = ANY (s.specialties))
          AND (v_client.company_id IS NULL
               OR holdfast_private.may_book(slot_search.organization_id, v_search.client_id, s.id)));
    IF cardinality(specialist_ids) > 0 AND EXISTS (
        SELECT FROM unnest(specialist_ids) AS i (id)
        WHERE NOT EXISTS (SELECT FROM @api@.specialists AS s
                          WHERE s.organization_id = slot_search.organization_id AND s.id = i.id AND s.status = 'active'))
    THEN
        PERFORM holdfast.raise_error('specialist_not_found');
    END IF;
    RETURN v_search;
END
$$;
COMMENT ON FUNCTION holdfast_private.slot_search(uuid, uuid[], uuid, uuid, text, text, uuid, text, int) IS
'Checks the arguments of a search for slots and finds whom it is about: the specialists that are named, or all that match. Raises invalid_input, specialist_not_found, client_not_found, session_type_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.slot_search(uuid, uuid[], uuid, uuid, text, text, uuid, text, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_cursor(cursor text, OUT starts_at timestamptz, OUT specialist_id uuid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF cursor IS NULL THEN
        RETURN;
    END IF;
    starts_at := holdfast_private.json_time('cursor', to_jsonb(split_part(cursor, '~', 1)));
    specialist_id := holdfast_private.json_uuid('cursor', to_jsonb(split_part(cursor, '~', 2)));
END
$$;
COMMENT ON FUNCTION holdfast_private.read_cursor(text) IS
'Where the last page ended; null at the beginning, invalid_input for what is no cursor.';
REVOKE ALL ON FUNCTION holdfast_private.read_cursor(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.slots_between(
    organization_id uuid, search holdfast_private.slot_search, from_time timestamptz, to_time timestamptz, page_size int,
    after_start timestamptz, after_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT holdfast_private.has_limits(organization_id, search.specialist_ids) THEN
        RETURN holdfast.offered_page('holdfast_private.calendar', 'holdfast_private.bookable_specialists',
            'holdfast_private.specialist_schedules', organization_id, search.specialist_ids, search.duration, from_time, to_time,
            search.client_id, page_size, after_start, after_id, search.time_zone, 'specialist_id');
    END IF;
    RETURN (
        SELECT holdfast.slot_page(coalesce(array_agg(o.specialist_id), '{}'), coalesce(array_agg(o.starts_at), '{}'),
            search.duration, search.time_zone, page_size, 'specialist_id')
        FROM holdfast_private.offered_slots(organization_id, search.specialist_ids, search.client_id, search.duration,
            from_time, to_time, page_size + 1, after_start, after_id) AS o);
END
$$;
COMMENT ON FUNCTION holdfast_private.slots_between(uuid, holdfast_private.slot_search, timestamptz, timestamptz, int, timestamptz, uuid) IS
'The page of available_slots that begins within a time, after a slot if one is named.';
REVOKE ALL ON FUNCTION holdfast_private.slots_between(uuid, holdfast_private.slot_search, timestamptz, timestamptz, int, timestamptz, uuid) FROM PUBLIC;
