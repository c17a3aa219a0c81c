CREATE FUNCTION holdfast_private.review_company_verification(
    organization_id uuid, company_id uuid, decision text, rejection_reason text DEFAULT NULL, 
    registration_verified boolean DEFAULT true, tax_id_verified boolean DEFAULT true, business_license_verified boolean DEFAULT true, 
    insurance_verified boolean DEFAULT true)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_reason text;
    v_verification @api@.company_verification;
BEGIN
    v_user := holdfast_private.require_permission(organization_id, 'manage_companies');
    IF decision IS NULL OR decision NOT IN ('in_review', 'verified', 'rejected') THEN
        PERFORM holdfast_private.raise_invalid('decision', 'must be in_review, verified or rejected');
    ELSIF decision = 'rejected' THEN
        v_reason := holdfast_private.required_text('rejection_reason', rejection_reason, 1000);
    END IF;
    SELECT v.* INTO v_verification FROM @api@.company_verification AS v
    WHERE v.organization_id = review_company_verification.organization_id
      AND v.company_id = review_company_verification.company_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('verification_not_found');
    ELSIF (v_verification.status, decision) NOT IN (('pending', 'in_review'), ('in_review', 'verified'), ('in_review', 'rejected')) THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_verification.status, 'to', decision));
    ELSIF decision = 'verified' AND NOT coalesce(review_company_verification.registration_verified, false) THEN
        PERFORM holdfast_private.raise_invalid('registration_verified', 'must be true for a company that is verified');
    END IF;
    UPDATE @api@.company_verification AS v
    SET status = decision,
        registration_verified = decision = 'verified',
        tax_id_verified = decision = 'verified' AND v.tax_id IS NOT NULL
            AND coalesce(review_company_verification.tax_id_verified, false),
        business_license_verified = decision = 'verified' AND v.business_license IS NOT NULL
            AND coalesce(review_company_verification.business_license_verified, false),
        insurance_verified = decision = 'verified' AND v.insurance IS NOT NULL
            AND coalesce(review_company_verification.insurance_verified, false),
        verified_by = CASE WHEN decision <> 'in_review' THEN v_user END,
        verified_at = CASE WHEN decision <> 'in_review' THEN holdfast.clock() END,
        rejection_reason = v_reason
    WHERE v.organization_id = v_verification.organization_id AND v.company_id = v_verification.company_id
    RETURNING v.* INTO v_verification;
    RETURN jsonb_build_object('verification', to_jsonb(v_verification));
END
$$;
COMMENT ON FUNCTION holdfast_private.review_company_verification(uuid, uuid, text, text, boolean, boolean, boolean, boolean) IS
'Takes the papers of a company into review (decision in_review), and then verifies or rejects them: {"verification"}. Which of them were checked is said by the four flags, of those that were handed in; the registration has to be. For admins. Errors: verification_not_found, invalid_transition (from, to), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.review_company_verification(uuid, uuid, text, text, boolean, boolean, boolean, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.review_company_verification(uuid, uuid, text, text, boolean, boolean, boolean, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
