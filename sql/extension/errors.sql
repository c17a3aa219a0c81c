-- Errors: one contract, raised in one place (src/errors.c).

CREATE FUNCTION raise_error(word text, details jsonb DEFAULT NULL, hint text DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_raise_error'
LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION raise_error(text, jsonb, text) IS
'Raises the error of the contract: SQLSTATE PTnnn, MESSAGE the word, DETAIL the details, HINT the hint or the word''s own. Where details has retry_after_seconds, PostgREST also sends the header Retry-After. Words are listed by error_contract(); any word that ends in _not_found is a 404.';
REVOKE ALL ON FUNCTION raise_error(text, jsonb, text) FROM PUBLIC;

CREATE FUNCTION answer_error(
    word text, details jsonb DEFAULT NULL, hint text DEFAULT NULL, retry_after_seconds int DEFAULT NULL)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_answer_error'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION answer_error(text, jsonb, text, int) IS
'Returns the error instead of raising it, so that the transaction commits and what it wrote about the attempt stays: {"code", "message", "details", "hint"}, the very body that raise_error() would lead to, details being a string of JSON. In a PostgREST request it also sets response.status, and in response.headers Retry-After, so the client gets the status of the word. For an RPC to return as its result: RETURN holdfast.answer_error(…). retry_after_seconds is added to details; null or negative takes the one that details has.';
REVOKE ALL ON FUNCTION answer_error(text, jsonb, text, int) FROM PUBLIC;

CREATE FUNCTION error_contract(
    OUT word text, OUT status int, OUT sqlstate text, OUT details text, OUT hint text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_error_contract'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION error_contract() IS
'Lists every error word with its HTTP status, its SQLSTATE, the keys of its DETAIL object and its default hint.';
REVOKE ALL ON FUNCTION error_contract() FROM PUBLIC;
