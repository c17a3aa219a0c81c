-- Recurrence: rules of RFC 5545 on the wall clock of an IANA zone.

CREATE FUNCTION expand_rrule(
    rule text, starts timestamp, time_zone text, duration interval, max_count int DEFAULT 366,
    until timestamptz DEFAULT NULL, exdates timestamp[] DEFAULT '{}')
RETURNS SETOF tstzrange
AS 'MODULE_PATHNAME', 'hf_expand_rrule'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION expand_rrule(text, timestamp, text, interval, int, timestamptz, timestamp[]) IS
'Expands a recurrence rule (RFC 5545, FREQ=DAILY and coarser) into ranges, in the order of the wall clock, at most max_count (up to 10,000) and within 400 years of starts. starts and exdates are wall-clock times in time_zone; a start that the clock skips moves forward by the gap, one that comes twice is the first. The duration''s days follow the wall clock, its hours are exact. until is inclusive. The start is an occurrence only if the rule says so. Errors: invalid_input (field rule, starts, time_zone, duration, max_count or exdates), also for a rule that never matches.';
REVOKE ALL ON FUNCTION expand_rrule(text, timestamp, text, interval, int, timestamptz, timestamp[]) FROM PUBLIC;

CREATE FUNCTION local_instant(local timestamp, time_zone text)
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'hf_local_instant'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION local_instant(timestamp, text) IS
'The instant of a wall-clock time in an IANA zone, by the rule that all of holdfast keeps: a time that the clock skips moves forward by the gap, of one that comes twice the first is meant. (AT TIME ZONE takes the second.) Errors: invalid_input.';
REVOKE ALL ON FUNCTION local_instant(timestamp, text) FROM PUBLIC;
