CREATE FUNCTION holdfast_private.update_specialist(
    organization_id uuid, specialist_id uuid, display_name text DEFAULT NULL, time_zone text DEFAULT NULL, bio
    text DEFAULT NULL, experience_years int DEFAULT NULL, specialties text[] DEFAULT NULL, languages text[]
    DEFAULT NULL, pillar_id uuid DEFAULT NULL, auto_accept boolean DEFAULT NULL, buffer_before interval DEFAULT
    NULL, buffer_after interval DEFAULT NULL, concurrent_session_limit int DEFAULT NULL, status text DEFAULT
    NULL, user_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET intervalstyle = 'postgres'
AS $$
DECLARE
    v_specialist @api@.specialists;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT holdfast_private.can('manage_specialists') THEN
        IF specialist_id IS DISTINCT FROM holdfast_private.own_specialist_id() THEN
            PERFORM holdfast.raise_error('specialist_not_found');
        ELSIF num_nonnulls(pillar_id, status, user_id) > 0 THEN
            PERFORM holdfast.raise_error('forbidden', NULL, 'Only an admin changes pillar_id, status and user_id.');
        END IF;
    END IF;
    UPDATE @api@.specialists AS s
    SET display_name = coalesce(holdfast_private.normal_text('display_name', update_specialist.display_name), s.display_name),
        time_zone = coalesce(update_specialist.time_zone, s.time_zone),
        bio = CASE WHEN update_specialist.bio IS NULL THEN s.bio
                   ELSE holdfast_private.normal_text('bio', update_specialist.bio, 10000) END,
        experience_years = coalesce(update_specialist.experience_years, s.experience_years),
        specialties = coalesce(update_specialist.specialties, s.specialties),
        languages = coalesce(update_specialist.languages, s.languages),
        pillar_id = coalesce(update_specialist.pillar_id, s.pillar_id),
        auto_accept = coalesce(update_specialist.auto_accept, s.auto_accept),
        buffer_before = coalesce(update_specialist.buffer_before, s.buffer_before),
        buffer_after = coalesce(update_specialist.buffer_after, s.buffer_after),
        concurrent_session_limit = coalesce(update_specialist.concurrent_session_limit, s.concurrent_session_limit),
        status = coalesce(update_specialist.status, s.status),
        user_id = coalesce(update_specialist.user_id, s.user_id)
    WHERE s.organization_id = update_specialist.organization_id AND s.id = update_specialist.specialist_id
    RETURNING s.* INTO v_specialist;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('specialist_not_found');
    END IF;
    IF user_id IS NOT NULL THEN
        PERFORM holdfast_private.add_member(organization_id, user_id, 'specialist', NULL,
            v_specialist.display_name, 'update_specialist');
    END IF;
    RETURN jsonb_build_object('specialist', to_jsonb(v_specialist));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_specialist(uuid, uuid, text, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text, uuid) IS
'Changes a specialist: {"specialist"}. Null leaves a field as it is. Specialists change themselves, but not pillar_id, status and user_id; admins change all. Bookings that exist keep the buffers they were made with. Errors: specialist_not_found, forbidden, invalid_input, pillar_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.update_specialist(uuid, uuid, text, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_specialist(uuid, uuid, text, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
