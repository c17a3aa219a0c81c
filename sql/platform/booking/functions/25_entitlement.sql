-- What the module quotas has to say, where it is installed: whether a client may book at all.

CREATE FUNCTION holdfast_private.why_not_entitled(
    organization_id uuid, client_id uuid, session_type_id uuid, units int)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regproc('holdfast_private.entitlement_refusal') IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN holdfast_private.entitlement_refusal(organization_id, client_id, session_type_id, units);
END
$$;
COMMENT ON FUNCTION holdfast_private.why_not_entitled(uuid, uuid, uuid, int) IS
'Why a client may not book so many sessions now, whatever is free: {"error", "details"}; null when they may, and without the module quotas.';
REVOKE ALL ON FUNCTION holdfast_private.why_not_entitled(uuid, uuid, uuid, int) FROM PUBLIC;

CREATE FUNCTION holdfast_private.refuse_hold(
    organization_id uuid, client_id uuid, specialist_id uuid, session_type_id uuid, slot tstzrange, time_zone text, refusal jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_entry_id uuid;
BEGIN
    IF refusal ->> 'error' = 'quota_exhausted' AND to_regproc('holdfast_private.wait_for_quota') IS NOT NULL THEN
        v_entry_id := holdfast_private.wait_for_quota(
            organization_id, client_id, specialist_id, session_type_id, slot, time_zone);
    END IF;
    IF v_entry_id IS NULL THEN
        PERFORM holdfast.raise_error(refusal ->> 'error', refusal -> 'details');
    END IF;
    RETURN jsonb_build_object('refused', jsonb_set(
        refusal, '{details,waitlist_entry_id}', to_jsonb(v_entry_id)));
END
$$;
COMMENT ON FUNCTION holdfast_private.refuse_hold(uuid, uuid, uuid, uuid, tstzrange, text, jsonb) IS
'Raises a refusal; or, when the client was put on the waitlist instead, which has to stay, returns {"refused": {"error", "details"}} for answer_refused().';
REVOKE ALL ON FUNCTION holdfast_private.refuse_hold(uuid, uuid, uuid, uuid, tstzrange, text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.answer_refused(response jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.answer_error(response #>> '{refused,error}', response #> '{refused,details}',
        'You are on the waitlist, and will be offered time when there are sessions again.');
END
$$;
COMMENT ON FUNCTION holdfast_private.answer_refused(jsonb) IS
'The answer to a request that was refused and did something all the same: the body of the error, with its status, in a transaction that commits.';
REVOKE ALL ON FUNCTION holdfast_private.answer_refused(jsonb) FROM PUBLIC;
