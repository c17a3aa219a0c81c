-- Guards: limits of rates and locks after failures, in shared memory.

CREATE FUNCTION guards_available()
RETURNS bool
AS 'MODULE_PATHNAME', 'hf_guards_available'
LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION guards_available() IS
'Whether there is shared memory for guards: holdfast is in shared_preload_libraries, or the server is PostgreSQL 17 or later. Where it is not, every other function of the guards raises guards_unavailable.';
REVOKE ALL ON FUNCTION guards_available() FROM PUBLIC;

CREATE FUNCTION rate_limit(
    bucket text, subject text, max_calls int, per interval,
    OUT allowed bool, OUT remaining int, OUT retry_after interval)
AS 'MODULE_PATHNAME', 'hf_rate_limit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION rate_limit(text, text, int, interval) IS
'Counts a call of a subject (a user, an address, an e-mail) against a bucket, at once and for good: a rollback does not take it back. Answers whether it is allowed, how many more would be now, and, when it is not, after which time the next one is (else zero). A refused call does not count. The algorithm is GCRA: max_calls at once, then one each per / max_calls; so in any time t at most max_calls + max_calls * t / per, and from a standing start exactly max_calls. per: up to 36 years, a day being 24 hours and a month 30 days; at most one call a microsecond. A null subject is one of its own, shared by all of whom nothing is known. Subjects are told apart byte by byte and within the database; only a keyed hash of them is kept. Memory is bounded (holdfast.guard_slots): when it is full, the counter that would be forgotten first goes. Counters are lost when the server stops or crashes. Errors: invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION rate_limit(text, text, int, interval) FROM PUBLIC;

CREATE FUNCTION enforce_rate_limit(bucket text, subject text, max_calls int, per interval)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_enforce_rate_limit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION enforce_rate_limit(text, text, int, interval) IS
'The same as rate_limit(), but a call that is not allowed raises rate_limited (429) with retry_after_seconds. Errors: rate_limited, invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION enforce_rate_limit(text, text, int, interval) FROM PUBLIC;

CREATE FUNCTION record_failure(
    scope text, subject text, max_failures int, lock_for interval,
    OUT failures int, OUT locked_until timestamptz)
AS 'MODULE_PATHNAME', 'hf_record_failure'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION record_failure(text, text, int, interval) IS
'Counts a failure of a subject (a wrong password, a wrong code), at once and for good: a rollback does not take it back. The max_failures-th locks the subject for lock_for; locked_until is null before. Failures are forgotten lock_for after the last one. While the lock holds, more failures are counted but do not prolong it; when it has ended, counting starts again. A lock survives a restart and a crash of the server: it is on disk before the transaction that made it ends. Failures that have not led to a lock do not survive it. Names as in rate_limit(). Errors: invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION record_failure(text, text, int, interval) FROM PUBLIC;

CREATE FUNCTION clear_failures(scope text, subject text)
RETURNS bool
AS 'MODULE_PATHNAME', 'hf_clear_failures'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION clear_failures(text, text) IS
'Forgets the failures of a subject, and its lock: after a success, or by an administrator. Takes effect at once, whatever becomes of the transaction. True when a lock was lifted that still held. Errors: invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION clear_failures(text, text) FROM PUBLIC;

CREATE FUNCTION is_locked(scope text, subject text)
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'hf_is_locked'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION is_locked(text, text) IS
'When the lock of a subject ends, or null when it is not locked. Errors: invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION is_locked(text, text) FROM PUBLIC;

CREATE FUNCTION enforce_unlocked(scope text, subject text)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_enforce_unlocked'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION enforce_unlocked(text, text) IS
'Raises locked (423) with retry_after_seconds while a subject is locked. Errors: locked, invalid_input, guards_unavailable.';
REVOKE ALL ON FUNCTION enforce_unlocked(text, text) FROM PUBLIC;
