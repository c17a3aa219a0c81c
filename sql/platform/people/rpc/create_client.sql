CREATE FUNCTION holdfast_private.create_client(
    organization_id uuid, display_name text, email text DEFAULT NULL, phone text DEFAULT NULL, user_id uuid
    DEFAULT NULL, date_of_birth date DEFAULT NULL, time_zone text DEFAULT NULL, company_id uuid DEFAULT NULL,
    employee_id uuid DEFAULT NULL, specialist_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_client @api@.clients;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_clients');
    INSERT INTO @api@.clients AS c (
        organization_id, display_name, email, phone, user_id, date_of_birth, time_zone, company_id, employee_id, created_by)
    VALUES (
        create_client.organization_id, holdfast_private.required_text('display_name', create_client.display_name),
        holdfast_private.normal_email('email', create_client.email),
        holdfast_private.normal_text('phone', create_client.phone), create_client.user_id, create_client.date_of_birth,
        create_client.time_zone, create_client.company_id, create_client.employee_id, holdfast.actor_id())
    RETURNING c.* INTO v_client;
    IF user_id IS NOT NULL THEN
        PERFORM holdfast_private.add_member(organization_id, user_id, 'client', v_client.email, v_client.display_name,
            'create_client');
    END IF;
    IF specialist_id IS NOT NULL THEN
        PERFORM holdfast_private.assign_client(organization_id, v_client.id, specialist_id);
    END IF;
    RETURN jsonb_build_object('client', (
        SELECT to_jsonb(c) FROM @api@.clients AS c
        WHERE c.organization_id = create_client.organization_id AND c.id = v_client.id));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.create_client(uuid, text, text, text, uuid, date, text, uuid, uuid, uuid) IS
'Adds a client: {"client"}. With a user_id, that user gets the role client and a profile; with a specialist_id, that specialist is assigned. For admins. Errors: forbidden, invalid_input, company_not_found, employee_not_found, specialist_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.create_client(uuid, text, text, text, uuid, date, text, uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.create_client(uuid, text, text, text, uuid, date, text, uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
