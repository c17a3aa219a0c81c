-- Statistics: what happened since the server started, in the style of pg_stat_*.

CREATE FUNCTION read_stats(
    OUT holds bigint, OUT conflicts bigint,
    OUT rate_calls bigint, OUT rate_refusals bigint, OUT failures bigint, OUT locks bigint, OUT clears bigint,
    OUT evicted_counters bigint, OUT evicted_locks bigint,
    OUT slots_total bigint, OUT slots_used bigint, OUT slots_locked bigint,
    OUT lock_file_writes bigint, OUT lock_file_errors bigint,
    OUT errors_noted bigint, OUT errors_dropped bigint, OUT errors_taken bigint,
    OUT errors_slots bigint, OUT errors_waiting bigint,
    OUT stats_reset timestamptz)
AS 'MODULE_PATHNAME', 'hf_read_stats'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION read_stats() IS
'The row of the view holdfast.stats. Errors: guards_unavailable.';
REVOKE ALL ON FUNCTION read_stats() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_stats() TO pg_read_all_stats;

CREATE VIEW stats WITH (security_invoker = true) AS SELECT * FROM @extschema@.read_stats();
COMMENT ON VIEW stats IS
'What happened on this server, in all databases, since it started, crashed or stats_reset. For pg_read_all_stats, and so pg_monitor. Raises guards_unavailable where there is no shared memory.';
COMMENT ON COLUMN stats.holds IS 'Holds made, a batch counting as one; also those that were rolled back.';
COMMENT ON COLUMN stats.conflicts IS 'Holds and blocks that something stood in the way of.';
COMMENT ON COLUMN stats.rate_calls IS 'Calls of rate_limit() and enforce_rate_limit().';
COMMENT ON COLUMN stats.rate_refusals IS 'Those of them that were not allowed.';
COMMENT ON COLUMN stats.failures IS 'Calls of record_failure().';
COMMENT ON COLUMN stats.locks IS 'Locks that they led to.';
COMMENT ON COLUMN stats.clears IS 'Subjects whose failures or lock clear_failures() forgot.';
COMMENT ON COLUMN stats.evicted_counters IS 'Counters that had to go before their time, because all slots were taken. Many: raise holdfast.guard_slots.';
COMMENT ON COLUMN stats.evicted_locks IS 'Locks that had to go before their time, because locks held 7/8 of the slots.';
COMMENT ON COLUMN stats.slots_total IS 'Slots for counters and locks.';
COMMENT ON COLUMN stats.slots_used IS 'Slots in use, those of the past included, which go first.';
COMMENT ON COLUMN stats.slots_locked IS 'Those of them that are locks.';
COMMENT ON COLUMN stats.lock_file_writes IS 'How often the file of locks was written.';
COMMENT ON COLUMN stats.lock_file_errors IS 'How often that failed; the server log says why.';
COMMENT ON COLUMN stats.errors_noted IS 'Failed requests noted for take_failures().';
COMMENT ON COLUMN stats.errors_dropped IS 'Those of them that were dropped because nobody took them in time.';
COMMENT ON COLUMN stats.errors_taken IS 'Those of them that were taken.';
COMMENT ON COLUMN stats.errors_slots IS 'How many can wait.';
COMMENT ON COLUMN stats.errors_waiting IS 'How many wait now, of all databases.';
COMMENT ON COLUMN stats.stats_reset IS 'Since when all this is counted.';
REVOKE ALL ON stats FROM PUBLIC;
GRANT SELECT ON stats TO pg_read_all_stats;

CREATE FUNCTION reset_stats()
RETURNS void
AS 'MODULE_PATHNAME', 'hf_reset_stats'
LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION reset_stats() IS
'Sets the numbers of holdfast.stats to zero; counters of rates, failures and locks stay. Errors: guards_unavailable.';
REVOKE ALL ON FUNCTION reset_stats() FROM PUBLIC;
