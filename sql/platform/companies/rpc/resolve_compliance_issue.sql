CREATE FUNCTION holdfast_private.resolve_compliance_issue(
    organization_id uuid, issue_id uuid, resolution text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_issue @api@.company_compliance_issues;
BEGIN
    v_user := holdfast_private.require_permission(organization_id, 'manage_companies');
    SELECT i.* INTO v_issue FROM @api@.company_compliance_issues AS i
    WHERE i.organization_id = resolve_compliance_issue.organization_id AND i.id = resolve_compliance_issue.issue_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('issue_not_found');
    ELSIF v_issue.resolved_at IS NOT NULL THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "resolved", "to": "resolved"}', 'It is resolved already.');
    END IF;
    UPDATE @api@.company_compliance_issues AS i
    SET resolved_by = v_user, resolved_at = holdfast.clock(),
        resolution = holdfast_private.required_text('resolution', resolve_compliance_issue.resolution, 2000)
    WHERE i.organization_id = v_issue.organization_id AND i.id = v_issue.id
    RETURNING i.* INTO v_issue;
    RETURN jsonb_build_object('issue', to_jsonb(v_issue));
END
$$;
COMMENT ON FUNCTION holdfast_private.resolve_compliance_issue(uuid, uuid, text) IS
'Notes how an issue of a company was put right: {"issue"}. For admins. Errors: issue_not_found, invalid_transition (it is resolved already), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.resolve_compliance_issue(uuid, uuid, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.resolve_compliance_issue(uuid, uuid, text)'::regprocedure, '@api@', '{authenticated,service_role}');
