-- Signatures of webhooks: comparing an HMAC in constant time (src/auth/hmac.c).

CREATE FUNCTION hmac_matches(payload bytea, signature bytea, key bytea, algorithm text DEFAULT 'sha256')
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_match_hmac'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hmac_matches(bytea, bytea, bytea, text) IS
'Says whether signature, as raw bytes, is the HMAC (RFC 2104) of the payload, in constant time. payload is the body exactly as it came, before anything parses it. False for a NULL, and for a signature of another length. algorithm: sha256, sha512, or sha1 for services that offer nothing better. Raises invalid_input for another algorithm and for an empty key. To compute one: hmac() of pgcrypto.';
REVOKE ALL ON FUNCTION hmac_matches(bytea, bytea, bytea, text) FROM PUBLIC;

CREATE FUNCTION hmac_matches_text(
    payload bytea, signature text, key bytea, encoding text, algorithm text DEFAULT 'sha256')
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_match_hmac_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION hmac_matches_text(bytea, text, bytea, text, text) IS
'As hmac_matches, for a signature as services send it in a header. encoding is named, never guessed: hex (either case), base64 (with its padding) or base64url (without). A signature that is not well-formed is no match. Raises invalid_input for another encoding or algorithm and for an empty key.';
REVOKE ALL ON FUNCTION hmac_matches_text(bytea, text, bytea, text, text) FROM PUBLIC;
