-- Errors: one contract, raised in one place (src/errors.c).

CREATE FUNCTION raise_error(word text, details jsonb DEFAULT NULL, hint text DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_raise_error'
LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION raise_error(text, jsonb, text) IS
'Raises the error of the contract: SQLSTATE PTnnn, MESSAGE the word, DETAIL the details, HINT the hint or the word''s own. Where details has retry_after_seconds, PostgREST also sends the header Retry-After. Words are listed by error_contract(); any word that ends in _not_found is a 404.';
REVOKE ALL ON FUNCTION raise_error(text, jsonb, text) FROM PUBLIC;

CREATE FUNCTION error_contract(
    OUT word text, OUT status int, OUT sqlstate text, OUT details text, OUT hint text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_error_contract'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION error_contract() IS
'Lists every error word with its HTTP status, its SQLSTATE, the keys of its DETAIL object and its default hint.';
REVOKE ALL ON FUNCTION error_contract() FROM PUBLIC;
