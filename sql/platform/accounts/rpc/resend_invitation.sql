CREATE FUNCTION holdfast_private.resend_invitation(organization_id uuid, invitation_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_invitation record;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_members');
    SELECT i.* INTO v_invitation FROM @api@.invitations AS i
    WHERE i.organization_id = resend_invitation.organization_id AND i.id = resend_invitation.invitation_id;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invitation_not_found');
    ELSIF v_invitation.accepted_at IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "accepted", "to": "invited"}');
    END IF;
    RETURN holdfast_private.invite_member(organization_id, v_invitation.email, v_invitation.role);
END
$$;
COMMENT ON FUNCTION holdfast_private.resend_invitation(uuid, uuid) IS
'Invites again whom an invitation was for that was not accepted, whatever became of it: {"invitation"}, another one; the old one is void. For admins. Errors: forbidden, invitation_not_found, invalid_transition (accepted), rate_limited.';
REVOKE ALL ON FUNCTION holdfast_private.resend_invitation(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.resend_invitation(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
