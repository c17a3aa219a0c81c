-- Idempotency: requests that a client may repeat.

CREATE FUNCTION create_idempotency(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_idempotency'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_idempotency(text) IS
'Makes a table of stored responses under the given name (with or without a schema) and returns it. Row security is on and the table belongs to the caller; the functions that work on it do so with their caller''s rights, so an RPC that uses them is SECURITY DEFINER and belongs to the table''s owner.';
REVOKE ALL ON FUNCTION create_idempotency(text) FROM PUBLIC;

CREATE FUNCTION begin_request(
    store regclass, organization_id uuid, actor uuid, operation text, key text, request jsonb)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_begin_request'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION begin_request(regclass, uuid, uuid, text, text, jsonb) IS
'Begins a request that may be a repetition. NULL: it is not, so do the work and call finish_request in the same transaction (a row is only written there; work that fails leaves none, and may be repeated). Otherwise: the response stored within the last 24 hours, to be returned as it is. The key is (organization_id, actor, operation, key); a NULL organization or actor is a scope of its own, shared by all who have none; a NULL key asks for nothing to be kept and returns NULL. Two requests are the same when their jsonb is equal by value. Errors: invalid_input (operation or idempotency_key empty or longer than 255 characters), idempotency_mismatch (the key was used for another request), request_in_progress (another transaction works on it; at once, never a wait).';
REVOKE ALL ON FUNCTION begin_request(regclass, uuid, uuid, text, text, jsonb) FROM PUBLIC;

CREATE FUNCTION finish_request(
    store regclass, organization_id uuid, actor uuid, operation text, key text, response jsonb)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_finish_request'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION finish_request(regclass, uuid, uuid, text, text, jsonb) IS
'Stores the response of a request that begin_request let through in the same transaction; it commits with the work itself. A NULL response is kept as JSON null; with a NULL key nothing happens. Errors: invalid_input.';
REVOKE ALL ON FUNCTION finish_request(regclass, uuid, uuid, text, text, jsonb) FROM PUBLIC;

CREATE FUNCTION reap_requests(store regclass, batch int DEFAULT 1000)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_reap_requests'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION reap_requests(regclass, int) IS
'Deletes at most a batch of responses older than 24 hours, oldest first, and returns how many. It tidies only: begin_request takes no notice of them anyway. Errors: invalid_input.';
REVOKE ALL ON FUNCTION reap_requests(regclass, int) FROM PUBLIC;
