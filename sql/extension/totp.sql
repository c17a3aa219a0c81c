-- Second factor: one-time passwords and backup codes (src/auth/totp.c).

CREATE FUNCTION totp_secret()
RETURNS text
AS 'MODULE_PATHNAME', 'hf_totp_secret'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION totp_secret() IS
'A new secret for an authenticator: 160 random bits in base32, 32 characters. Keep it sealed; show it once.';
REVOKE ALL ON FUNCTION totp_secret() FROM PUBLIC;

CREATE FUNCTION totp_uri(secret text, account text, issuer text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_totp_uri'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION totp_uri(text, text, text) IS
'The otpauth:// address of a secret, to be shown as a QR code: SHA-1, six digits, 30 seconds, which every authenticator knows. It holds the secret. Raises invalid_input for a secret that is not base32, and for an account or issuer that is empty, longer than 255 bytes or has a colon.';
REVOKE ALL ON FUNCTION totp_uri(text, text, text) FROM PUBLIC;

CREATE FUNCTION totp_verify(
    secret text, code text, last_step bigint DEFAULT NULL, drift int DEFAULT 1, digits int DEFAULT 6,
    algorithm text DEFAULT 'sha1', period int DEFAULT 30)
RETURNS bigint
AS 'MODULE_PATHNAME', 'hf_verify_totp'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION totp_verify(text, text, bigint, int, int, text, int) IS
'The step (periods since 1970) whose one-time password (RFC 6238) is code, or NULL. Store the step where nobody else can at the same time (UPDATE … WHERE last_step IS NULL OR last_step < step), and give it as last_step the next time: a code of that step or an earlier one is never accepted again. drift: how many periods the clock of the device may be off, 0 to 2. All steps are computed and compared in constant time; a NULL secret takes as long, and matches nothing. Spaces in code and secret do not count. It does not count failures: record_failure does. Raises invalid_input for a secret that is not base32 of 10 to 128 bytes, drift, digits (6 to 8), algorithm (sha1, sha256, sha512), period (15 to 120 seconds).';
REVOKE ALL ON FUNCTION totp_verify(text, text, bigint, int, int, text, int) FROM PUBLIC;

CREATE FUNCTION totp_code(
    secret text, step bigint DEFAULT NULL, digits int DEFAULT 6, algorithm text DEFAULT 'sha1')
RETURNS text
AS 'MODULE_PATHNAME', 'hf_compute_totp'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION totp_code(text, bigint, int, text) IS
'The one-time password of a step (RFC 4226: of a counter); NULL: of the current 30 seconds. For tests and for clients without an authenticator. NULL for a NULL secret. Raises invalid_input as totp_verify does, and for a negative step.';
REVOKE ALL ON FUNCTION totp_code(text, bigint, int, text) FROM PUBLIC;

CREATE FUNCTION backup_codes(n int DEFAULT 10)
RETURNS text[]
AS 'MODULE_PATHNAME', 'hf_backup_codes'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION backup_codes(int) IS
'New backup codes of 50 random bits each, as xxxxx-xxxxx without the letters i, l, o, u. Show them once and store backup_code_hash of each. Raises invalid_input when n is not from 1 to 50.';
REVOKE ALL ON FUNCTION backup_codes(int) FROM PUBLIC;

CREATE FUNCTION backup_code_hash(code text, salt bytea)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_hash_backup_code'
LANGUAGE C VOLATILE COST 1000000;
COMMENT ON FUNCTION backup_code_hash(text, bytea) IS
'What is stored of a backup code: 32 bytes of Argon2id (19 MiB, 2 passes, always) under a salt of 16 random bytes. One salt for all codes of one user, new with each set: then a code that was typed is hashed once and looked up among them, and 50 bits hashed so are out of reach for whoever has the table. Case, spaces and hyphens do not count; i and l are read as 1, o as 0. NULL, after the same work, for what cannot be a code. Raises invalid_input for a salt that is not 16 bytes.';
REVOKE ALL ON FUNCTION backup_code_hash(text, bytea) FROM PUBLIC;
