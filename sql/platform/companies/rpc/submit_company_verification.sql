CREATE FUNCTION holdfast_private.submit_company_verification(
    organization_id uuid, company_id uuid, registration_number text, tax_id text DEFAULT NULL, business_license text DEFAULT NULL, 
    insurance text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_verification @api@.company_verification;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    INSERT INTO @api@.company_verification AS v (
        organization_id, company_id, registration_number, tax_id, business_license, insurance, submitted_by)
    VALUES (
        submit_company_verification.organization_id, submit_company_verification.company_id,
        holdfast_private.required_text('registration_number', submit_company_verification.registration_number),
        holdfast_private.normal_text('tax_id', submit_company_verification.tax_id),
        holdfast_private.normal_text('business_license', submit_company_verification.business_license),
        holdfast_private.normal_text('insurance', submit_company_verification.insurance), holdfast.uid())
    ON CONFLICT ON CONSTRAINT company_verification_pkey DO UPDATE
    SET status = 'pending', registration_number = excluded.registration_number, tax_id = excluded.tax_id,
        business_license = excluded.business_license, insurance = excluded.insurance, registration_verified = false,
        tax_id_verified = false, business_license_verified = false, insurance_verified = false,
        submitted_by = excluded.submitted_by, submitted_at = holdfast.clock(), verified_by = NULL, verified_at = NULL,
        rejection_reason = NULL
    WHERE v.status <> 'in_review'
    RETURNING v.* INTO v_verification;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invalid_transition', '{"from": "in_review", "to": "pending"}',
            'Wait until the review is over.');
    END IF;
    RETURN jsonb_build_object('verification', to_jsonb(v_verification));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.submit_company_verification(uuid, uuid, text, text, text, text) IS
'Hands in the papers of a company: {"verification"}, pending. Handed in again, also after they were verified, they have to be reviewed again. For admins, and the company''s own HR. Errors: company_not_found, invalid_transition (a review is going on), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.submit_company_verification(uuid, uuid, text, text, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.submit_company_verification(uuid, uuid, text, text, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');
