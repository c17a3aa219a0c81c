CREATE FUNCTION holdfast_private.set_account_settings(organization_id uuid, settings jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_settings jsonb;
    v_key text;
    v_row @api@.account_settings;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_organization');
    v_settings := coalesce(holdfast_private.json_object('settings', settings), '{}');
    v_row := holdfast_private.account_settings_of(organization_id);
    FOR v_key IN SELECT k FROM jsonb_object_keys(v_settings) AS k LOOP
        IF NOT to_jsonb(v_row) ? v_key OR v_key IN ('organization_id', 'updated_at') THEN
            PERFORM holdfast_private.raise_invalid('settings', 'has a key that is no setting');
        END IF;
    END LOOP;
    BEGIN
        v_row := jsonb_populate_record(v_row, v_settings);
    EXCEPTION WHEN data_exception OR datatype_mismatch THEN
        PERFORM holdfast_private.raise_invalid('settings', 'has a value of another type');
    END;
    v_row.organization_id := organization_id;
    v_row.updated_at := holdfast.clock();
    IF NOT EXISTS (
        SELECT FROM @api@.roles AS r
        WHERE r.organization_id IN (v_row.organization_id, '00000000-0000-0000-0000-000000000000') AND r.role = v_row.sign_up_role)
       OR NOT holdfast_private.may_give_role(organization_id, v_row.sign_up_role)
       OR EXISTS (SELECT FROM unnest(v_row.second_factor_roles) AS w (role)
                  WHERE NOT EXISTS (SELECT FROM @api@.roles AS r
                                    WHERE r.organization_id IN (v_row.organization_id, '00000000-0000-0000-0000-000000000000')
                                      AND r.role = w.role))
    THEN
        PERFORM holdfast.raise_error('role_not_found');
    END IF;
    DELETE FROM @api@.account_settings AS s WHERE s.organization_id = v_row.organization_id;
    INSERT INTO @api@.account_settings SELECT v_row.*;
    PERFORM holdfast_private.security_event(v_row.organization_id, NULL, 'account_settings', v_settings, 'success');
    RETURN jsonb_build_object('account_settings', to_jsonb(v_row));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.set_account_settings(uuid, jsonb) IS
'Changes how the organization lets people in; keys are columns of account_settings, what is not named stays: {"account_settings"}. For admins. Errors: forbidden, role_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.set_account_settings(uuid, jsonb) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_account_settings(uuid, jsonb)'::regprocedure, '@api@', '{authenticated,service_role}');
