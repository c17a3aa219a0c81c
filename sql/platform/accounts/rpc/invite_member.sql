CREATE FUNCTION holdfast_private.invite_member(organization_id uuid, email text, role text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_email text;
    v_token @api@.account_tokens;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    v_email := holdfast_private.normal_email('email', holdfast_private.required_text('email', email));
    IF role IS NULL OR NOT EXISTS (
        SELECT FROM @api@.roles AS r
        WHERE r.organization_id IN (invite_member.organization_id, '00000000-0000-0000-0000-000000000000')
          AND r.role = invite_member.role AND r.role <> 'super_admin')
    THEN
        PERFORM holdfast.raise_error('role_not_found');
    ELSIF NOT holdfast_private.may_give_role(organization_id, role) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Nobody can give a role that may do more than they may themselves.');
    END IF;
    v_token := holdfast_private.request_token(organization_id, 'invitation', v_email, NULL, false, role);
    RETURN jsonb_build_object('invitation', (SELECT to_jsonb(i) FROM @api@.invitations AS i
        WHERE i.organization_id = v_token.organization_id AND i.id = v_token.id));
END
$$;
COMMENT ON FUNCTION holdfast_private.invite_member(uuid, text, text) IS
'Invites whoever reads an e-mail address into the organization, with a role: {"invitation"}. Good for 24 hours; inviting the same address anew voids what was sent before. For admins, who give no role that may do more than they may themselves; super_admin is not given by mail. Errors: forbidden, role_not_found, invalid_input, rate_limited.';
REVOKE ALL ON FUNCTION holdfast_private.invite_member(uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.invite_member(uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
