CREATE FUNCTION holdfast_private.create_organization(
    name text, time_zone text DEFAULT 'UTC', admin_user_id uuid DEFAULT NULL, admin_email text DEFAULT NULL, id
    uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_organization @api@.organizations;
    v_constraint text;
    v_column text;
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT holdfast_private.can('manage_platform') THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    INSERT INTO @api@.organizations AS o (id, name, time_zone)
    VALUES (coalesce(create_organization.id, holdfast.uuid_v7()),
            holdfast_private.required_text('name', create_organization.name),
            coalesce(create_organization.time_zone, 'UTC'))
    RETURNING o.* INTO v_organization;
    IF admin_user_id IS NOT NULL THEN
        PERFORM holdfast_private.add_member(v_organization.id, admin_user_id, 'admin',
            holdfast_private.normal_email('admin_email', admin_email), NULL, 'first admin');
    END IF;
    RETURN jsonb_build_object('organization', to_jsonb(v_organization));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_organization(text, text, uuid, text, uuid) IS
'Makes an organization, with its first admin if one is named: {"organization"}. For super admins, the service role and the system. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.create_organization(text, text, uuid, text, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_organization(text, text, uuid, text, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
