CREATE FUNCTION holdfast_private.review_quota_increase(
    organization_id uuid, request_id uuid, decision text, granted int DEFAULT NULL, comment text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid;
    v_request @api@.quota_increase_requests;
    v_balance int;
BEGIN
    v_user := holdfast_private.require_permission(organization_id, 'manage_companies');
    SELECT r.* INTO v_request FROM @api@.quota_increase_requests AS r
    WHERE r.organization_id = review_quota_increase.organization_id AND r.id = review_quota_increase.request_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('request_not_found');
    ELSIF decision IS NULL OR decision NOT IN ('approved', 'rejected') THEN
        PERFORM holdfast_private.raise_invalid('decision', 'must be approved or rejected');
    ELSIF v_request.status <> 'pending' THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_request.status, 'to', decision));
    ELSIF granted NOT BETWEEN 1 AND 1000000 OR granted IS NOT NULL AND decision = 'rejected' THEN
        PERFORM holdfast_private.raise_invalid('granted', 'must be from 1 to 1000000, and goes with an approval');
    END IF;
    UPDATE @api@.quota_increase_requests AS r
    SET status = decision, granted = CASE decision WHEN 'approved' THEN coalesce(review_quota_increase.granted, r.sessions) END,
        reviewed_by = v_user, reviewed_at = holdfast.clock(),
        comment = holdfast_private.normal_text('comment', review_quota_increase.comment, 1000)
    WHERE r.organization_id = v_request.organization_id AND r.id = v_request.id
    RETURNING r.* INTO v_request;
    IF decision = 'approved' THEN
        PERFORM holdfast_private.require_subscription(organization_id, v_request.company_id);
        v_balance := holdfast.adjust('holdfast_private.company_quota', organization_id, v_request.company_id, v_request.granted,
            coalesce(v_request.comment, v_request.reason, 'an increase was granted'));
    END IF;
    RETURN jsonb_build_object('request', to_jsonb(v_request), 'sessions_remaining', v_balance);
END
$$;
COMMENT ON FUNCTION holdfast_private.review_quota_increase(uuid, uuid, text, int, text) IS
'Grants a company the sessions that it asked for, or as many as granted says, in the running month, or rejects it: {"request", "sessions_remaining"}. decision: approved or rejected. What is not used of them goes over into the next month as the plan says. For admins. Errors: request_not_found, subscription_not_found, invalid_transition (it was decided), forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.review_quota_increase(uuid, uuid, text, int, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.review_quota_increase(uuid, uuid, text, int, text)'::regprocedure, '@api@', '{authenticated,service_role}');
