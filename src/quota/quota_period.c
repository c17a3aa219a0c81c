/*
 * quota_period.c
 *		Periods of a quota: local midnights of an IANA zone.
 *
 * A period begins with the first instant of its first local day: where midnight does not exist, that is the end of the
 * gap; where it occurs twice, the first. A period is never empty, even when its day is missing from the calendar of the
 * zone; and when the zone or the kind of period has changed, the next end is the first that is at least half a period
 * away, so that nobody gets two allocations within hours by moving to another zone.
 */
#include "compat.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "quota/quota.h"
#include "time/zone.h"

const char *const hf_period_names[HF_PERIOD_KINDS] = {"none", "day", "week", "month"};

static const int64 shortest[HF_PERIOD_KINDS] = {0, 12 * USECS_PER_HOUR, 84 * USECS_PER_HOUR,
												14 * USECS_PER_DAY};

/* hf_period_kind finds a kind by its name; HF_PERIOD_KINDS when there is none. */
HfPeriodKind
hf_period_kind(const char *name)
{
	HfPeriodKind kind = 0;

	while (kind < HF_PERIOD_KINDS && strcmp(name, hf_period_names[kind]) != 0)
		kind++;
	return kind;
}

/* Zone looks up the zone of an account. */
static pg_tz *
Zone(const char *time_zone)
{
	pg_tz *zone = hf_zone_find(time_zone);

	if (zone == NULL)
		hf_raise_invalid("time_zone", "must be the name of an IANA time zone");
	return zone;
}

/* LocalDay is the Julian day of an instant. */
static int
LocalDay(pg_tz *zone, TimestampTz instant)
{
	int64 local = instant + hf_zone_offset(zone, instant) * USECS_PER_SEC;
	int64 day = local / USECS_PER_DAY;

	if (local % USECS_PER_DAY < 0)
		day--;
	return (int) day + POSTGRES_EPOCH_JDATE;
}

/* Midnight is the first instant of a Julian day. */
static TimestampTz
Midnight(pg_tz *zone, int day)
{
	return hf_zone_instant(zone, (int64) (day - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY);
}

/* FirstDay is the first day of the period that a day lies in, a number of periods later. */
static int
FirstDay(HfPeriodKind kind, int day, int later)
{
	int year;
	int month;
	int day_of_month;

	switch (kind)
	{
		case HF_PERIOD_MONTH:
			j2date(day, &year, &month, &day_of_month);
			month += later - 1;
			return date2j(year + month / 12, month % 12 + 1, 1);
		case HF_PERIOD_WEEK:
			return day - (j2day(day) + 6) % 7 + 7 * later;
		default:
			return day + later;
	}
}

/* hf_period_start is the start of the period that an instant lies in. */
TimestampTz
hf_period_start(HfPeriodKind kind, const char *time_zone, TimestampTz instant)
{
	pg_tz *zone = Zone(time_zone);

	if (kind == HF_PERIOD_NONE)
		return instant;
	return Midnight(zone, FirstDay(kind, LocalDay(zone, instant), 0));
}

/* hf_period_end is the end of the period that begins with start. */
TimestampTz
hf_period_end(HfPeriodKind kind, const char *time_zone, TimestampTz start)
{
	pg_tz *zone = Zone(time_zone);
	TimestampTz end = start;

	if (kind == HF_PERIOD_NONE)
		return DT_NOEND;
	for (int later = 1; end < start + shortest[kind]; later++)
		end = Midnight(zone, FirstDay(kind, LocalDay(zone, start), later));
	return end;
}
