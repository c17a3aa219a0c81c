CREATE FUNCTION holdfast_private.prove_audit_log(organization_id uuid, audit_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'read_audit');
    IF audit_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('audit_id', 'is required');
    END IF;
    RETURN holdfast.audit_proof('holdfast_private.audit_log', organization_id, audit_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.prove_audit_log(uuid, uuid) IS
'What proves a row of the audit log against the head of the chain, to somebody without the database: see audit_proof() and examples/verify-audit. For who may read the audit log. Errors: forbidden, invalid_input, audit_row_not_found, not_sealed_yet.';
REVOKE ALL ON FUNCTION holdfast_private.prove_audit_log(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.prove_audit_log(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
