-- Passwords: hashing, verifying, strength, and the list of breached ones (src/auth/password.c, src/auth/strength.c, src/auth/breach.c).

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

CREATE FUNCTION password_strength(
    password text, user_inputs text[] DEFAULT '{}',
    OUT score int, OUT guesses_log10 float8, OUT feedback text[], OUT acceptable boolean, OUT reasons text[])
RETURNS record
AS 'MODULE_PATHNAME', 'hf_password_strength'
LANGUAGE C STABLE;
COMMENT ON FUNCTION password_strength(text, text[]) IS
'Estimates a new password with zxcvbn, on this server. user_inputs: what the user is known by, such as name, e-mail address and company; each text and the words in it count as guessable. score is 0 to 4, guesses_log10 the number of guesses as a power of ten. feedback names what is easily guessed: common_word (common passwords, words and names, in English), own_word, repetition, sequence, keyboard_pattern, date. acceptable is true when there is no reason against it; reasons are too_short (less characters than holdfast.password_min_length), too_long (more than 1024 bytes), too_guessable (score less than holdfast.password_min_score), breached (on the list of holdfast.breach_file, if there is one). A NULL password is an empty one. Raises invalid_input for more than 100 user_inputs.';
REVOKE ALL ON FUNCTION password_strength(text, text[]) FROM PUBLIC;

CREATE FUNCTION password_breached(password text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_password_breached'
LANGUAGE C STABLE;
COMMENT ON FUNCTION password_breached(text) IS
'Says whether a password is on the list of breached passwords that holdfast.breach_file names (made by holdfast-breach-import, on this server; nothing is sent anywhere). NULL when there is no list. Of a list of a billion, one password in 280,000 is taken for breached that is not. A list that is named and cannot be used is an error.';
REVOKE ALL ON FUNCTION password_breached(text) FROM PUBLIC;
