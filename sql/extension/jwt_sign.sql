-- Signed tokens: JSON Web Tokens that the database signs and checks (src/auth/jwt_sign.c).

CREATE FUNCTION jwt_sign(claims jsonb, key bytea, expires_in interval DEFAULT '1 hour')
RETURNS text
AS 'MODULE_PATHNAME', 'hf_sign_jwt'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION jwt_sign(jsonb, bytea, interval) IS
'Signs claims as a JSON Web Token (RFC 7519) with HS256, for another service such as a meeting room. Adds iat and exp. A secret that is text is given as convert_to(secret, ''UTF8''). Raises invalid_input for claims that are no object, have iat or exp, or make the token longer than 64 kB; a key of less than 32 bytes (RFC 7518); expires_in that is not positive, longer than 366 days, or has months.';
REVOKE ALL ON FUNCTION jwt_sign(jsonb, bytea, interval) FROM PUBLIC;

CREATE FUNCTION jwt_issue(claims jsonb, expires_in interval)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_issue_jwt'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION jwt_issue(jsonb, interval) IS
'Signs claims as jwt_sign does, with the secret in the file that holdfast.jwt_secret_file names, which is PostgREST''s: whoever may call this may be anybody. For the body of a sign-in alone. The secret is in no argument, so in no log. Raises keys_unavailable when the setting is empty, invalid_input as jwt_sign does; expires_in is at most 24 hours.';
REVOKE ALL ON FUNCTION jwt_issue(jsonb, interval) FROM PUBLIC;

CREATE FUNCTION jwt_verify(
    token text, key bytea, audience text DEFAULT NULL, issuer text DEFAULT NULL,
    leeway interval DEFAULT '30 seconds')
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_verify_jwt'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION jwt_verify(text, bytea, text, text, interval) IS
'The claims of a JSON Web Token that somebody else signed with this key. HS256 is computed and compared in constant time, whatever the header says. Raises token_invalid for any other alg or typ, crit, a wrong signature, a token longer than 64 kB, a claim given twice, nbf or iat in the future, no exp; an audience that the token does not name, or one that it names and the caller does not (RFC 7519); another issuer than the one asked for. token_expired when exp has passed. leeway: how far the clocks may be apart, up to 5 minutes. Raises invalid_input for a key of less than 32 bytes and for leeway.';
REVOKE ALL ON FUNCTION jwt_verify(text, bytea, text, text, interval) FROM PUBLIC;
