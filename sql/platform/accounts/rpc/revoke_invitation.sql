CREATE FUNCTION holdfast_private.revoke_invitation(organization_id uuid, invitation_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_token @api@.account_tokens;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    SELECT t.* INTO v_token FROM @api@.account_tokens AS t
    WHERE t.organization_id = revoke_invitation.organization_id AND t.id = revoke_invitation.invitation_id AND t.kind = 'invitation'
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invitation_not_found');
    ELSIF num_nonnulls(v_token.accepted_at, v_token.rejected_at) > 0 THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object(
            'from', CASE WHEN v_token.accepted_at IS NULL THEN 'rejected' ELSE 'accepted' END, 'to', 'revoked'));
    END IF;
    UPDATE @api@.account_tokens AS t SET void_at = holdfast.clock()
    WHERE t.organization_id = v_token.organization_id AND t.id = v_token.id AND t.void_at IS NULL;
    PERFORM holdfast_private.security_event(v_token.organization_id, NULL, 'invitation_revoked',
        jsonb_build_object('token_id', v_token.id), 'success');
    RETURN jsonb_build_object('invitation', (SELECT to_jsonb(i) FROM @api@.invitations AS i
        WHERE i.organization_id = v_token.organization_id AND i.id = v_token.id));
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_invitation(uuid, uuid) IS
'Takes an invitation back that nobody answered yet: {"invitation"}. For admins. Errors: forbidden, invitation_not_found, invalid_transition.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_invitation(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.revoke_invitation(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
