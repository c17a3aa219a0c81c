-- Whether somebody may come in, and who decides.

CREATE FUNCTION holdfast_private.require_account(organization_id uuid, user_id uuid)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_actor uuid := holdfast_private.require_permission(organization_id, 'manage_members');
    v_role text;
BEGIN
    IF user_id = v_actor THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Nobody does this to their own account.');
    ELSIF NOT EXISTS (SELECT FROM @api@.profiles AS p
                      WHERE p.organization_id = require_account.organization_id AND p.user_id = require_account.user_id)
    THEN
        PERFORM holdfast.raise_error('account_not_found');
    END IF;
    FOR v_role IN
        SELECT u.role FROM @api@.user_roles AS u
        WHERE u.organization_id IN (require_account.organization_id, '00000000-0000-0000-0000-000000000000')
          AND u.user_id = require_account.user_id
    LOOP
        IF NOT holdfast_private.may_give_role(organization_id, v_role) THEN
            PERFORM holdfast.raise_error('forbidden', NULL, 'They may do more than you may yourself.');
        END IF;
    END LOOP;
    RETURN v_actor;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_account(uuid, uuid) IS
'Checks that the caller may do something to somebody''s account: one of this organization, not their own, and not of somebody who may do more. Returns the caller''s user id. Errors: not_authenticated, forbidden, account_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.require_account(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.set_account_status(organization_id uuid, user_id uuid, status text, reason text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_actor uuid := holdfast_private.require_account(organization_id, user_id);
    v_account @api@.accounts;
BEGIN
    INSERT INTO @api@.accounts AS a (organization_id, user_id, status, reason, changed_by, changed_at)
    VALUES (set_account_status.organization_id, set_account_status.user_id, set_account_status.status,
            holdfast_private.normal_text('reason', set_account_status.reason, 1000), v_actor, holdfast.clock())
    ON CONFLICT ON CONSTRAINT accounts_pkey DO UPDATE
    SET status = excluded.status, reason = excluded.reason, changed_by = excluded.changed_by, changed_at = excluded.changed_at
    RETURNING a.* INTO v_account;
    PERFORM holdfast_private.security_event(organization_id, user_id, 'account_' || status,
        jsonb_build_object('reason', v_account.reason), 'success');
    RETURN jsonb_build_object('account', to_jsonb(v_account));
END
$$;
COMMENT ON FUNCTION holdfast_private.set_account_status(uuid, uuid, text, text) IS
'Changes whether somebody may come in; what they hold ends by triggers of the modules that gave it. Errors: forbidden, account_not_found, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.set_account_status(uuid, uuid, text, text) FROM PUBLIC;
