/*
 * zone.c
 *		Wall-clock time in IANA zones, over PostgreSQL's own time zone library.
 */
#include "compat.h"

#include <ctype.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "time/zone.h"

PG_FUNCTION_INFO_V1(hf_local_instant);

/* IsEtcOffset knows Etc/GMT+5 and its like, which are names as far as they go: 12 hours west, 14 east. */
static bool
IsEtcOffset(const char *name)
{
	const char *digits = name + strlen("Etc/GMT") + 1;
	char sign = digits[-1];
	size_t length = strlen(digits);

	return (sign == '+' || sign == '-') && length >= 1 && length <= 2 &&
		   strspn(digits, "0123456789") == length && atoi(digits) <= (sign == '+' ? 12 : 14);
}

/*
 * LooksLikeIana tells names from POSIX rules, which pg_tzset() takes as well: a region and a place, with digits
 * only in Etc/GMT+5 and its like; or UTC itself.
 */
static bool
LooksLikeIana(const char *name)
{
	if (strcmp(name, "UTC") == 0)
		return true;
	if (strncmp(name, "Etc/GMT", strlen("Etc/GMT")) == 0 && name[strlen("Etc/GMT")] != '\0')
		return IsEtcOffset(name);
	if (strchr(name, '/') == NULL || name[0] == '/')
		return false;
	for (const char *p = name; *p != '\0'; p++)
	{
		if (!isalpha((unsigned char) *p) && strchr("/_-", *p) == NULL)
			return false;
	}
	return true;
}

/* hf_zone_find looks a zone up by its IANA name. */
pg_tz *
hf_zone_find(const char *name)
{
	pg_tz *zone;

	if (strlen(name) > TZ_STRLEN_MAX || !LooksLikeIana(name))
		return NULL;
	zone = pg_tzset(name);
	return zone != NULL && pg_tz_acceptable(zone) ? zone : NULL;
}

/* UnixSeconds rounds a timestamp down to seconds since 1970. */
static pg_time_t
UnixSeconds(int64 timestamp)
{
	int64 seconds = timestamp / USECS_PER_SEC;

	if (timestamp % USECS_PER_SEC < 0)
		seconds--;
	return (pg_time_t) (seconds + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY);
}

/* Look finds the first change of the clock after a time. */
static void
Look(HfZoneMemo *memo, pg_tz *zone, pg_time_t from)
{
	int before_isdst;
	int after_isdst;
	int found;

	memo->zone = zone;
	memo->from = from;
	found = pg_next_dst_boundary(&from, &memo->before, &before_isdst, &memo->boundary, &memo->after,
								 &after_isdst, zone);
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	if (found == 0)
		memo->boundary = PG_INT64_MAX;
}

/*
 * hf_zone_instant_near converts wall clock to instant. The only transition that can matter is the first one after
 * the day before: the wall clock read with the offset before it wins, unless both readings lie behind it. In a
 * gap that moves the time forward, in a repeated hour it is the first.
 */
TimestampTz
hf_zone_instant_near(HfZoneMemo *memo, pg_tz *zone, Timestamp local)
{
	pg_time_t wall = UnixSeconds(local);
	pg_time_t previous = wall - SECS_PER_DAY;
	long offset;

	if (memo->zone != zone || previous < memo->from || previous >= memo->boundary)
		Look(memo, zone, previous);
	offset = memo->before;
	if (wall - memo->before >= memo->boundary && wall - memo->after >= memo->boundary)
		offset = memo->after;
	return local - offset * USECS_PER_SEC;
}

/* hf_zone_instant is the same of one time. */
TimestampTz
hf_zone_instant(pg_tz *zone, Timestamp local)
{
	HfZoneMemo memo = {0};

	return hf_zone_instant_near(&memo, zone, local);
}

/* hf_zone_offset returns the offset in force at an instant. */
int
hf_zone_offset(pg_tz *zone, TimestampTz instant)
{
	pg_time_t when = UnixSeconds(instant);
	struct pg_tm *tm = pg_localtime(&when, zone);

	if (tm == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	return (int) tm->tm_gmtoff;
}

/* hf_zone_argument finds the zone that an argument names; see zone.h. */
pg_tz *
hf_zone_argument(const text *value)
{
	char name[TZ_STRLEN_MAX + 2];
	pg_tz *zone;

	text_to_cstring_buffer(value, name, sizeof(name));
	zone = hf_zone_find(name);
	if (zone == NULL)
		hf_raise_invalid("time_zone", "must be the name of an IANA time zone");
	return zone;
}

/* local_instant(local timestamp, time_zone text) */
Datum
hf_local_instant(PG_FUNCTION_ARGS)
{
	Timestamp local = PG_GETARG_TIMESTAMP(0);
	pg_tz *zone = hf_zone_argument(PG_GETARG_TEXT_PP(1));

	if (TIMESTAMP_NOT_FINITE(local))
		hf_raise_invalid("local", "must be finite");
	PG_RETURN_TIMESTAMPTZ(hf_zone_instant(zone, local));
}
