-- Overlap protection for any table.

CREATE FUNCTION overlap_guard()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_overlap_guard'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION overlap_guard() IS
'The row trigger of prevent_overlap, which makes it; not to be called or attached by hand. It runs last among the BEFORE triggers (they go by name), and takes no lock for a row that claims no new time. An upsert by a unique key works; ON CONFLICT DO NOTHING does not swallow a slot_conflict. A statement on one resource, or on rows in the order of their resources, cannot deadlock with its like; a transaction that takes resources in another order than a concurrent one may have to wait for deadlock_timeout and then gets slot_conflict with retry_after_seconds 1. Whoever may not write a row by row security is not told whether its time is taken. Errors: slot_conflict (retry_after_seconds null, up to three alternatives), and invalid_input when a row ends before or when it starts.';
REVOKE ALL ON FUNCTION overlap_guard() FROM PUBLIC;

CREATE FUNCTION prevent_overlap(
    rel regclass, resource name[], starts name, ends name, live text DEFAULT NULL, buffer interval DEFAULT '0')
RETURNS void
AS 'MODULE_PATHNAME', 'hf_prevent_overlap'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION prevent_overlap(regclass, name[], name, name, text, interval) IS
'From now on no two live rows of a table with the same resource may overlap in time, by an exclusion constraint and a trigger that queues concurrent writers and answers slot_conflict. resource: one or more columns that together name what is taken, of any type that btree_gist can index. starts, ends: columns of type timestamptz, timestamp or date; the end does not count, so one row may start when another ends. live: an SQL condition on the row, immutable and without subqueries; other rows take no time. buffer: the least time between two rows, in hours, minutes and seconds. A row whose resource or start is NULL takes no time; without an end it takes all time after its start. A row ends after it starts, or is invalid_input. Only the owner of the table may call this (and needs EXECUTE on overlap_guard). Call it once per resource, for example for the specialist and for the room. Errors: slot_conflict (existing rows overlap; details give their count and the keys of the first pairs; nothing is changed), invalid_input.';
REVOKE ALL ON FUNCTION prevent_overlap(regclass, name[], name, name, text, interval) FROM PUBLIC;

CREATE FUNCTION allow_overlap(rel regclass)
RETURNS void
AS 'MODULE_PATHNAME', 'hf_allow_overlap'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION allow_overlap(regclass) IS
'Undoes every prevent_overlap on a table: drops the constraints and the triggers. Only the owner of the table may call this.';
REVOKE ALL ON FUNCTION allow_overlap(regclass) FROM PUBLIC;
