CREATE FUNCTION holdfast_private.session_balance(
    organization_id uuid, client_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_client record;
    v_limit int;
    v_own int;
    v_own_ends_at timestamptz;
    v_company int;
    v_ends_at timestamptz;
    v_refusal jsonb;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT c.company_id, c.employee_id INTO v_client FROM @api@.clients AS c
    WHERE c.organization_id = session_balance.organization_id AND c.id = session_balance.client_id;
    IF NOT FOUND OR holdfast_private.booking_party(organization_id, NULL, client_id) IS NULL THEN
        PERFORM holdfast.raise_error('client_not_found');
    END IF;
    -- First: it writes down what has become due.
    v_refusal := holdfast_private.entitlement_refusal(organization_id, client_id, NULL, 1);
    v_limit := CASE WHEN v_client.employee_id IS NOT NULL
        THEN holdfast_private.employee_limit(organization_id, v_client.company_id, v_client.employee_id) END;
    IF v_limit IS NOT NULL THEN
        PERFORM holdfast_private.employee_refusal(organization_id, v_client.company_id, v_client.employee_id, 1);
        SELECT s.balance, s.period_ends_at INTO v_own, v_own_ends_at
        FROM holdfast.quota_status('holdfast_private.employee_quota', organization_id, v_client.employee_id) AS s;
    END IF;
    IF v_client.company_id IS NOT NULL THEN
        SELECT s.balance, s.period_ends_at INTO v_company, v_ends_at
        FROM holdfast.quota_status('holdfast_private.company_quota', organization_id, v_client.company_id) AS s
        WHERE s.allocation < 500000000;
    END IF;
    RETURN jsonb_build_object(
        'client_id', client_id,
        'sessions_left', least(v_own, v_company),
        'own_limit', v_limit,
        'own_left', v_own,
        'period_ends_at', coalesce(v_own_ends_at, v_ends_at),
        'refusal', v_refusal);
END
$$;
COMMENT ON FUNCTION holdfast_private.session_balance(uuid, uuid) IS
'How many sessions a client can book with their company in the running month: {"client_id", "sessions_left", "own_limit", "own_left", "period_ends_at", "refusal"}; null where nothing limits them. refusal: what a request would be refused with now, {"error", "details"}, or null. For the client, and who may manage bookings. Errors: client_not_found (unknown or not yours).';
REVOKE ALL ON FUNCTION holdfast_private.session_balance(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.session_balance(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');
