CREATE FUNCTION holdfast_private.accept_dpa(
    organization_id uuid, company_id uuid, dpa_version text, signed_document_url text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_version text;
    v_acceptance @api@.company_dpa_acceptance;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    v_version := holdfast_private.required_text('dpa_version', dpa_version, 50);
    -- Who accepted it first, and when, stays.
    INSERT INTO @api@.company_dpa_acceptance AS a (
        organization_id, company_id, dpa_version, accepted_by, ip_address, signed_document_url)
    VALUES (
        accept_dpa.organization_id, accept_dpa.company_id, v_version, holdfast.uid(), holdfast.request_ip(),
        holdfast_private.normal_text('signed_document_url', accept_dpa.signed_document_url, 2000))
    ON CONFLICT ON CONSTRAINT company_dpa_acceptance_pkey DO NOTHING;
    SELECT a.* INTO v_acceptance FROM @api@.company_dpa_acceptance AS a
    WHERE a.organization_id = accept_dpa.organization_id AND a.company_id = accept_dpa.company_id AND a.dpa_version = v_version;
    RETURN jsonb_build_object('acceptance', to_jsonb(v_acceptance));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_dpa(uuid, uuid, text, text) IS
'Accepts a version of the data processing agreement for a company: {"acceptance"}. Who did so first, when, and from where stays, however often it is repeated. For the company''s own HR, and for admins who have it on paper. Errors: company_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.accept_dpa(uuid, uuid, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.accept_dpa(uuid, uuid, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
