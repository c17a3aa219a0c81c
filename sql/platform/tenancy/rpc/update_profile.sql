CREATE FUNCTION holdfast_private.update_profile(
    organization_id uuid, display_name text DEFAULT NULL, phone text DEFAULT NULL, locale text DEFAULT NULL,
    time_zone text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_profile @api@.profiles;
    v_constraint text;
    v_column text;
BEGIN
    v_user := holdfast_private.require_actor(organization_id);
    IF v_user IS NULL THEN
        PERFORM holdfast.raise_error('not_authenticated');
    END IF;
    INSERT INTO @api@.profiles AS p (organization_id, user_id, display_name, phone, locale, time_zone)
    VALUES (update_profile.organization_id, v_user,
            holdfast_private.normal_text('display_name', update_profile.display_name),
            holdfast_private.normal_text('phone', update_profile.phone),
            holdfast_private.normal_text('locale', update_profile.locale),
            holdfast_private.normal_text('time_zone', update_profile.time_zone))
    ON CONFLICT ON CONSTRAINT profiles_pkey DO UPDATE
    SET display_name = CASE WHEN update_profile.display_name IS NULL THEN p.display_name ELSE excluded.display_name END,
        phone = CASE WHEN update_profile.phone IS NULL THEN p.phone ELSE excluded.phone END,
        locale = CASE WHEN update_profile.locale IS NULL THEN p.locale ELSE excluded.locale END,
        time_zone = CASE WHEN update_profile.time_zone IS NULL THEN p.time_zone ELSE excluded.time_zone END
    RETURNING p.* INTO v_profile;
    RETURN jsonb_build_object('profile', to_jsonb(v_profile));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_profile(uuid, text, text, text, text) IS
'Changes the caller''s own profile, or makes it: {"profile"}. Null leaves a field as it is, the empty text empties it. Errors: not_authenticated, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.update_profile(uuid, text, text, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_profile(uuid, text, text, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
