-- Time and keys.

CREATE FUNCTION clock()
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'hf_clock'
LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clock() IS
'The time that holdfast decides by: the wall clock (which moves during a transaction), or the setting holdfast.now, which only a superuser can set, for tests.';
REVOKE ALL ON FUNCTION clock() FROM PUBLIC;

CREATE FUNCTION uuid_v7()
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_uuid_v7'
LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION uuid_v7() IS
'A new UUID of version 7 (RFC 9562): it sorts by creation, and ascends strictly within one connection. Always on the wall clock.';
REVOKE ALL ON FUNCTION uuid_v7() FROM PUBLIC;
