CREATE FUNCTION holdfast_private.create_specialist(
    organization_id uuid, display_name text, time_zone text DEFAULT NULL, user_id uuid DEFAULT NULL, email text
    DEFAULT NULL, bio text DEFAULT NULL, experience_years int DEFAULT NULL, specialties text[] DEFAULT '{}',
    languages text[] DEFAULT '{}', pillar_id uuid DEFAULT NULL, auto_accept boolean DEFAULT true, buffer_before
    interval DEFAULT '0', buffer_after interval DEFAULT '0', concurrent_session_limit int DEFAULT 1, status text
    DEFAULT 'active')
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
    PERFORM holdfast_private.require_permission(organization_id, 'manage_specialists');
    INSERT INTO @api@.specialists AS s (
        organization_id, display_name, time_zone, user_id, bio, experience_years, specialties, languages, pillar_id,
        auto_accept, buffer_before, buffer_after, concurrent_session_limit, status)
    VALUES (
        create_specialist.organization_id, holdfast_private.required_text('display_name', create_specialist.display_name),
        coalesce(create_specialist.time_zone, (
            SELECT o.time_zone FROM @api@.organizations AS o WHERE o.id = create_specialist.organization_id)),
        create_specialist.user_id, holdfast_private.normal_text('bio', create_specialist.bio, 10000),
        create_specialist.experience_years, create_specialist.specialties, create_specialist.languages,
        create_specialist.pillar_id, create_specialist.auto_accept, create_specialist.buffer_before,
        create_specialist.buffer_after, create_specialist.concurrent_session_limit, create_specialist.status)
    RETURNING s.* INTO v_specialist;
    IF user_id IS NOT NULL THEN
        PERFORM holdfast_private.add_member(organization_id, user_id, 'specialist',
            holdfast_private.normal_email('email', email), v_specialist.display_name, 'create_specialist');
    END IF;
    RETURN jsonb_build_object('specialist', to_jsonb(v_specialist));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_specialist(uuid, text, text, uuid, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text) IS
'Adds a specialist: {"specialist"}. With a user_id, that user gets the role specialist, and a profile with the e-mail address. The time zone is the organization''s unless given. For admins. Errors: forbidden, invalid_input, pillar_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.create_specialist(uuid, text, text, uuid, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_specialist(uuid, text, text, uuid, text, text, int, text[], text[], uuid, boolean, interval, interval, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
