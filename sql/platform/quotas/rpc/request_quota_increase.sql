CREATE FUNCTION holdfast_private.request_quota_increase(
    organization_id uuid, company_id uuid, sessions int, reason text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_request @api@.quota_increase_requests;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    INSERT INTO @api@.quota_increase_requests AS r (organization_id, company_id, sessions, reason, requested_by)
    VALUES (
        request_quota_increase.organization_id, request_quota_increase.company_id, request_quota_increase.sessions,
        holdfast_private.normal_text('reason', request_quota_increase.reason, 1000), holdfast.uid())
    RETURNING r.* INTO v_request;
    RETURN jsonb_build_object('request', to_jsonb(v_request));
EXCEPTION
    WHEN unique_violation THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "pending", "to": "pending"}', 'A request is waiting already.');
        RETURN NULL;
    WHEN integrity_constraint_violation THEN
        GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
        RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.request_quota_increase(uuid, uuid, int, text) IS
'Asks for more sessions for a company, for the month in which they are granted: {"request"}. One request of a company waits at a time. For its own HR, and for admins. Errors: forbidden, company_not_found, invalid_transition (one is waiting), invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.request_quota_increase(uuid, uuid, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.request_quota_increase(uuid, uuid, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
