-- Tokens: secrets for links and API keys, of which only the hash is stored.

CREATE FUNCTION token(prefix text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_token'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION token(text) IS
'Makes a token: the prefix, an underscore, 43 digits in base 62 of 256 random bits, and 6 of a CRC-32 of all that, so that a typing error, or a token in the wrong place, is told without a look-up. The prefix (2 to 12 of a-z, 0-9 and _, the last not at its ends) says what it is for. Show it once and store token_hash() of it. Errors: invalid_input.';
REVOKE ALL ON FUNCTION token(text) FROM PUBLIC;

CREATE FUNCTION token_hash(token text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_token_hash'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION token_hash(text) IS
'What is stored of a token and looked for: 32 bytes, BLAKE2b-256 (RFC 7693) of its text under a constant key. A token has 256 random bits, so a fast hash is enough; never use this for a password or a short code. Takes any text and does the same work for it, so look up first and check after.';
REVOKE ALL ON FUNCTION token_hash(text) FROM PUBLIC;

CREATE FUNCTION token_matches(token text, hash bytea)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_token_matches'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION token_matches(text, bytea) IS
'Whether a token is well formed and has this hash, in constant time. False, after the same work, where the hash or the token is NULL: call it also when the look-up found nothing.';
REVOKE ALL ON FUNCTION token_matches(text, bytea) FROM PUBLIC;

CREATE FUNCTION token_prefix(token text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_token_prefix'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION token_prefix(text) IS
'The prefix of a well-formed token, which says what it is for; NULL when its form or its checksum is wrong. No look-up, so it tells nothing about whether the token counts.';
REVOKE ALL ON FUNCTION token_prefix(text) FROM PUBLIC;
