CREATE FUNCTION holdfast_private.update_client(
    organization_id uuid, client_id uuid, display_name text DEFAULT NULL, email text DEFAULT NULL, phone text
    DEFAULT NULL, date_of_birth date DEFAULT NULL, time_zone text DEFAULT NULL, status text DEFAULT NULL,
    company_id uuid DEFAULT NULL, employee_id uuid DEFAULT NULL, user_id uuid DEFAULT NULL)
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
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT holdfast_private.can('manage_clients') THEN
        IF client_id IS DISTINCT FROM holdfast_private.own_client_id() THEN
            PERFORM holdfast.raise_error('client_not_found');
        ELSIF num_nonnulls(status, company_id, employee_id, user_id) > 0 THEN
            PERFORM holdfast.raise_error('forbidden', NULL,
                'Only an admin changes status, company_id, employee_id and user_id.');
        END IF;
    END IF;
    UPDATE @api@.clients AS c
    SET display_name = coalesce(holdfast_private.normal_text('display_name', update_client.display_name), c.display_name),
        email = CASE WHEN update_client.email IS NULL THEN c.email
                     ELSE holdfast_private.normal_email('email', update_client.email) END,
        phone = CASE WHEN update_client.phone IS NULL THEN c.phone
                     ELSE holdfast_private.normal_text('phone', update_client.phone) END,
        date_of_birth = coalesce(update_client.date_of_birth, c.date_of_birth),
        time_zone = coalesce(update_client.time_zone, c.time_zone),
        status = coalesce(update_client.status, c.status),
        company_id = coalesce(update_client.company_id, c.company_id),
        employee_id = coalesce(update_client.employee_id, c.employee_id),
        user_id = coalesce(update_client.user_id, c.user_id)
    WHERE c.organization_id = update_client.organization_id AND c.id = update_client.client_id AND c.deleted_at IS NULL
    RETURNING c.* INTO v_client;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('client_not_found');
    END IF;
    IF user_id IS NOT NULL THEN
        PERFORM holdfast_private.add_member(organization_id, user_id, 'client', v_client.email, v_client.display_name,
            'update_client');
    END IF;
    RETURN jsonb_build_object('client', to_jsonb(v_client));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.update_client(uuid, uuid, text, text, text, date, text, text, uuid, uuid, uuid) IS
'Changes a client: {"client"}. Null leaves a field as it is, the empty text empties e-mail address and phone. Clients change themselves, but not status, company_id, employee_id and user_id; admins change all. Errors: client_not_found, forbidden, invalid_input, company_not_found, employee_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.update_client(uuid, uuid, text, text, text, date, text, text, uuid, uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.update_client(uuid, uuid, text, text, text, date, text, text, uuid, uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
