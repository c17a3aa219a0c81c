-- Failed requests: what was refused by raising, for the audit log.

CREATE FUNCTION take_failures(
    max int DEFAULT 1000,
    OUT at timestamptz, OUT database name, OUT word text, OUT user_id uuid, OUT actor_id uuid, OUT organization_id uuid,
    OUT role text, OUT ip inet, OUT path text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_take_failures'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION take_failures(int) IS
'Returns the oldest requests of this database that PostgREST sent and that ended in an error of the contract, and removes them: what was raised rolled back, so it left no row of its own. The error''s word, who asked as far as that is known (uid(), actor_id(), org_id(), jwt_role(), request_ip()), and the path; never a value that was sent. They are in shared memory (holdfast.failure_slots): when it is full, the oldest is dropped and counted in holdfast.stats; a crash or restart loses them. They are gone once returned, even when the transaction rolls back. Errors: invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION take_failures(int) FROM PUBLIC;
