-- Passwords: hashing, verifying, strength, and the list of breached ones (src/password.c, src/strength.c, src/breach.c).

CREATE FUNCTION password_hash(password text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_hash_password'
LANGUAGE C VOLATILE COST 1000000;
COMMENT ON FUNCTION password_hash(text) IS
'Hashes a password for storage: Argon2id (RFC 9106), one lane, a random salt, as a text $argon2id$…. Memory and passes are the settings holdfast.argon2_memory and holdfast.argon2_time, by default 64 MiB and 2; the least allowed is 19 MiB and 2, which is what the OWASP Password Storage Cheat Sheet asks for. Each call takes that memory for itself, and cannot be interrupted while it runs. The password is brought into the Unicode normal form NFKC first. Raises invalid_input when it is NULL, empty or longer than 1024 bytes.';
REVOKE ALL ON FUNCTION password_hash(text) FROM PUBLIC;

CREATE FUNCTION password_verify(password text, hash text, OUT matches boolean, OUT needs_rehash boolean)
RETURNS record
AS 'MODULE_PATHNAME', 'hf_verify_password'
LANGUAGE C VOLATILE COST 1000000;
COMMENT ON FUNCTION password_verify(text, text) IS
'Says whether a password is that of a stored hash; never raises for what a client sent. Argon2id ($argon2id$v=19$, up to 1 GiB, 10 passes, 16 lanes) and bcrypt ($2a$, $2b$, $2y$, up to cost 16; through pgcrypto). needs_rehash: it matches, and the hash is bcrypt, or was made with other settings than the current ones; store password_hash(password) now. That also ends the cut of bcrypt, which reads 72 bytes of a password and no more. A NULL hash, one of another kind, and a password that is NULL, empty or longer than 1024 bytes are no match after the work of the current settings, so that the time does not tell who has an account; a bcrypt hash takes its own time until it is replaced.';
REVOKE ALL ON FUNCTION password_verify(text, text) FROM PUBLIC;
