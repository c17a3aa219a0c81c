-- Repeated requests: each body asks begin_request() first and tells finish_request() last, under its own name as the operation,
-- because clients use the key of a hold for confirming it as well.

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
