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

CREATE FUNCTION local_span(day date, start_time time, end_time time, time_zone text)
RETURNS tstzrange
AS 'MODULE_PATHNAME', 'hf_local_span'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION local_span(date, time, time, text) IS
'A stretch of a local day in an IANA zone as instants, by the same rule: an end at or before the start is on the next day, and without times it is the whole day, midnight to midnight, which may last 23 or 25 hours. Empty where the clock skips the start past the end. Errors: invalid_input.';
REVOKE ALL ON FUNCTION local_span(date, time, time, text) FROM PUBLIC;

CREATE FUNCTION local_spans(
    from_day date, to_day date, day_of_week int, start_time time, end_time time, time_zone text,
    effective_from date DEFAULT NULL, effective_to date DEFAULT NULL, exception_dates date[] DEFAULT '{}')
RETURNS tstzmultirange
AS 'MODULE_PATHNAME', 'hf_local_spans'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION local_spans(date, date, int, time, time, text, date, date, date[]) IS
'The local_span of every day from from_day to to_day, fewer than 10,000 days, that is a day_of_week (0 = Sunday; null means every day), not before effective_from, not after effective_to, and none of exception_dates: what a weekly shift or a daily break is as instants. Errors: invalid_input.';
REVOKE ALL ON FUNCTION local_spans(date, date, int, time, time, text, date, date, date[]) FROM PUBLIC;

CREATE FUNCTION starts_of(spans tstzmultirange)
RETURNS tstzmultirange
AS 'MODULE_PATHNAME', 'hf_starts_of'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION starts_of(tstzmultirange) IS
'The instants, [t,t], at which the ranges of a multirange begin: the grid of free_slots, taken before shifts that run together are one range. Errors: invalid_input (a range without a start).';
REVOKE ALL ON FUNCTION starts_of(tstzmultirange) FROM PUBLIC;
