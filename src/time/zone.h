/*
 * zone.h
 *		Wall-clock time in IANA zones. Nothing here depends on the session's TimeZone.
 */
#ifndef HOLDFAST_ZONE_H
#define HOLDFAST_ZONE_H

#include "c.h"
#include "datatype/timestamp.h"
#include "pgtime.h"

/* The zone of an IANA name, or NULL. POSIX rules such as EST5EDT,M3.2.0 and abbreviations are no names. */
extern pg_tz *hf_zone_find(const char *name);

/* The same of an argument time_zone; invalid_input where it is none. */
extern pg_tz *hf_zone_argument(const text *value);

/* The instant of a wall-clock time: past a gap it moves forward by the gap, of two it is the first. */
extern TimestampTz hf_zone_instant(pg_tz *zone, Timestamp local);

/* What a conversion finds out about its zone, for the next one near it. */
typedef struct HfZoneMemo
{
	pg_tz *zone;
	pg_time_t from;
	pg_time_t boundary; /* of the offset: the first after from */
	long before;
	long after;
} HfZoneMemo;

/* hf_zone_instant, for many times of much the same days; memo begins zeroed. */
extern TimestampTz hf_zone_instant_near(HfZoneMemo *memo, pg_tz *zone, Timestamp local);

/* The offset of a zone at an instant, in seconds east of UTC. */
extern int hf_zone_offset(pg_tz *zone, TimestampTz instant);

#endif
