CREATE FUNCTION holdfast_private.prove_audit_log(
    organization_id uuid, audit_id uuid, head_batch bigint DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_proof jsonb;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'read_audit');
    IF audit_id IS NULL THEN
        PERFORM holdfast_private.raise_invalid('audit_id', 'is required');
    END IF;
    v_proof := holdfast.audit_proof('holdfast_private.audit_log', audit_id, head_batch, organization_id => organization_id);
    -- A proof shows the row.
    PERFORM holdfast_private.record_read_event(organization_id, 'audit_logs', audit_id::text, (v_proof -> 'row' ->> 'subject_id')::uuid, NULL);
    RETURN v_proof;
END
$$;
COMMENT ON FUNCTION holdfast_private.prove_audit_log(uuid, uuid, bigint) IS
'What proves a row of the audit log against the head of the chain, to somebody without the database: see audit_proof() and examples/verify-audit. It leads to the newest head, or to that of head_batch, the batch of a head that was kept. Is itself recorded, because it shows the row. For who may read the audit log. Errors: forbidden, invalid_input, audit_row_not_found, not_sealed_yet.';
REVOKE ALL ON FUNCTION holdfast_private.prove_audit_log(uuid, uuid, bigint) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.prove_audit_log(uuid, uuid, bigint)'::regprocedure, '@api@', '{authenticated,service_role}');
