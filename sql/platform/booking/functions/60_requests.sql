-- Repeated requests: each operation stores its answer under the caller's key and gives it again. One key may serve several
-- operations, as clients use that of a hold for confirming it.

CREATE FUNCTION holdfast_private.request_key(idempotency_key text)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce(idempotency_key, nullif(holdfast.request_header('Idempotency-Key'), ''));
END
$$;
COMMENT ON FUNCTION holdfast_private.request_key(text) IS
'The idempotency key of a request: the argument, else the header Idempotency-Key, else null.';
REVOKE ALL ON FUNCTION holdfast_private.request_key(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.begin_operation(organization_id uuid, operation text, key text, request jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, holdfast.uid(), operation, key, request);
END
$$;
COMMENT ON FUNCTION holdfast_private.begin_operation(uuid, text, text, jsonb) IS
'The stored answer to the same request of the same user under this key; null when the work is to be done, as always without a key. Raises idempotency_mismatch, request_in_progress and invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.begin_operation(uuid, text, text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.finish_operation(organization_id uuid, operation text, key text, response jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, holdfast.uid(), operation, key, response);
    RETURN response;
END
$$;
COMMENT ON FUNCTION holdfast_private.finish_operation(uuid, text, text, jsonb) IS
'Stores the answer under the key, if there is one, and returns it.';
REVOKE ALL ON FUNCTION holdfast_private.finish_operation(uuid, text, text, jsonb) FROM PUBLIC;
