-- The root key: the file outside the database that everything sealed depends on.

CREATE FUNCTION generate_root_key(file text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_generate_root_key'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION generate_root_key(text) IS
'Makes a root key, 32 random bytes, in a new file with mode 0600 at holdfast.root_key_file, or at another absolute path (for a change of the key), and returns the name of the key: 16 digits that tell keys apart and say nothing about them. The key itself is never shown. Keep a copy of the file apart from the database''s backups: without it nothing sealed can ever be read again. Superusers only. An existing file is never overwritten; the directory must be safe and outside of the data directory.';
REVOKE ALL ON FUNCTION generate_root_key(text) FROM PUBLIC;

CREATE FUNCTION keys_available()
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_keys_available'
LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION keys_available() IS
'Whether there is a root key that can be used: a body that can do without one asks here instead of meeting keys_unavailable.';
REVOKE ALL ON FUNCTION keys_available() FROM PUBLIC;

CREATE FUNCTION root_key_problem(file text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_root_key_problem'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION root_key_problem(text) IS
'Why the root key, or the previous one while it is set, or the key in another file, cannot be used; NULL when all is well. Superusers only. The server log has the same.';
REVOKE ALL ON FUNCTION root_key_problem(text) FROM PUBLIC;
