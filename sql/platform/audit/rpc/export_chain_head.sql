CREATE FUNCTION holdfast_private.export_chain_head(organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'read_audit');
    RETURN jsonb_build_object('head', holdfast.audit_head('holdfast_private.audit_log'));
END
$$;
COMMENT ON FUNCTION holdfast_private.export_chain_head(uuid) IS
'The head of the chain of seals, which stands for every row that was sealed so far, of all organizations, and tells nothing of them: {"head": {…}}, null when nothing was sealed yet. To be kept where nobody who can change the database can change it. For who may read the audit log. Errors: forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.export_chain_head(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.export_chain_head(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
