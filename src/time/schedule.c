/*
 * schedule.c
 *		When resources work: shifts, breaks and exceptions of the wall clock as windows of instants. working_windows() and
 *		offered_slots() have the same from here.
 *
 * Two relations of the caller's are read, each by one kept query: one with a row for each resource, one with a row for each
 * rule of their schedules. Days are taken two on either side of the time asked about, because zones and shifts over midnight
 * reach across its bounds; so where a window begins is right for everything within them.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "spi.h"
#include "time/schedule.h"
#include "time/slots.h"
#include "time/spans.h"
#include "time/zone.h"

#define REACH	 2 /* days */
#define MAX_DAYS 10000

static const HfQuery read_resources = {
	"SELECT r.resource_id::pg_catalog.uuid, r.time_zone::pg_catalog.text, r.is_offered::pg_catalog.bool, "
	"r.is_always::pg_catalog.bool, r.capacity::pg_catalog.int4, r.buffer_before::pg_catalog.interval, "
	"r.buffer_after::pg_catalog.interval, r.slot_step::pg_catalog.interval, r.minimum_notice::pg_catalog.interval, "
	"r.booking_window::pg_catalog.interval FROM %s AS r "
	"WHERE r.organization_id" HF_EQ "$1 AND r.resource_id" HF_EQ "ANY ($2)",
	2,
	{UUIDOID, UUIDARRAYOID},
	true,
};

enum
{
	RESOURCE_ID,
	RESOURCE_ZONE,
	RESOURCE_OFFERED,
	RESOURCE_ALWAYS,
	RESOURCE_CAPACITY,
	RESOURCE_BEFORE,
	RESOURCE_AFTER,
	RESOURCE_STEP,
	RESOURCE_NOTICE,
	RESOURCE_WINDOW
};

static const HfQuery read_rules = {
	"SELECT s.resource_id::pg_catalog.uuid, s.kind::pg_catalog.text, s.time_zone::pg_catalog.text, "
	"s.day_of_week::pg_catalog.int4, s.start_time::pg_catalog.time, s.end_time::pg_catalog.time, "
	"s.effective_from::pg_catalog.date, s.effective_to::pg_catalog.date, s.exception_dates::pg_catalog.date[], "
	"s.starts_at::pg_catalog.timestamptz, s.ends_at::pg_catalog.timestamptz FROM %s AS s "
	"WHERE s.organization_id" HF_EQ "$1 AND s.resource_id" HF_EQ "ANY ($2) "
	"AND s.last_day" HF_GE "$3 AND s.first_day" HF_LE "$4 AND s.ends_at" HF_GT
	"$5 AND s.starts_at" HF_LT "$6",
	6,
	{UUIDOID, UUIDARRAYOID, DATEOID, DATEOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	true,
};

enum
{
	RULE_RESOURCE,
	RULE_KIND,
	RULE_ZONE,
	RULE_DAY,
	RULE_START,
	RULE_END,
	RULE_FROM,
	RULE_TO,
	RULE_EXCEPT,
	RULE_STARTS_AT,
	RULE_ENDS_AT
};

/* Reading is one pass over the rows of a relation. */
typedef struct Reading
{
	HfSchedule *schedule;
	DateADT first;
	DateADT last;
	pg_tz *zone;	 /* of the row before, for most rows have the same */
	char *zone_name; /* its name, as in the row */
	HfZoneMemo memo;
	MemoryContext context;
	int room;			  /* for resources */
	HfResource *resource; /* of the row before */
	HfSpans *into;		  /* where the spans of the row at hand go */
	HfSpans *starts;	  /* and their starts, or NULL */
} Reading;

/* DayOf is the local day of a time. */
static DateADT
DayOf(Timestamp local)
{
	int64 day = local / USECS_PER_DAY;

	return (DateADT) (local % USECS_PER_DAY < 0 ? day - 1 : day);
}

/* Add puts a span at the end. */
static void
Add(HfSpans *spans, MemoryContext context, TimestampTz start, TimestampTz end)
{
	if (spans->count == spans->room)
	{
		spans->room = Max(8, spans->room * 2);
		spans->spans = spans->spans == NULL
						   ? MemoryContextAlloc(context, sizeof(HfSlotSpan) * spans->room)
						   : repalloc_huge(spans->spans, sizeof(HfSlotSpan) * spans->room);
	}
	spans->spans[spans->count++] = (HfSlotSpan){start, end};
}

/* Zone finds the zone that a row names. */
static pg_tz *
Zone(Reading *reading, Datum name)
{
	const text *value = DatumGetTextPP(name);
	int length = VARSIZE_ANY_EXHDR(value);

	if (reading->zone == NULL || strlen(reading->zone_name) != length ||
		memcmp(reading->zone_name, VARDATA_ANY(value), length) != 0)
	{
		reading->zone = hf_zone_argument(value);
		reading->zone_name = MemoryContextStrdup(reading->context, text_to_cstring(value));
	}
	return reading->zone;
}

/* Length reads an interval of a row; 0 where it is null. */
static int64
Length(const Datum *values, const bool *nulls, int column, const char *name)
{
	return nulls[column] ? 0 : hf_interval_length(DatumGetIntervalP(values[column]), name, 0);
}

/* After is the time an interval after another; infinity where the row has none. */
static TimestampTz
After(TimestampTz time, const Datum *values, const bool *nulls, int column)
{
	if (nulls[column])
		return PG_INT64_MAX / 2;
	return DatumGetTimestampTz(
		DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(time), values[column]));
}

/* TakeResource reads the row of a resource. */
static void
TakeResource(Reading *reading, const Datum *values, const bool *nulls, HfResource *resource)
{
	TimestampTz now = reading->schedule->now;

	if (nulls[RESOURCE_ID] || nulls[RESOURCE_ZONE])
		hf_raise_invalid("resources", "must have an id and a time zone in each row");
	memset(resource, 0, sizeof(HfResource));
	resource->id = *DatumGetUUIDP(values[RESOURCE_ID]);
	resource->zone = Zone(reading, values[RESOURCE_ZONE]);
	resource->is_offered = !nulls[RESOURCE_OFFERED] && DatumGetBool(values[RESOURCE_OFFERED]);
	resource->is_always = !nulls[RESOURCE_ALWAYS] && DatumGetBool(values[RESOURCE_ALWAYS]);
	resource->capacity = nulls[RESOURCE_CAPACITY] ? 1 : DatumGetInt32(values[RESOURCE_CAPACITY]);
	if (resource->capacity < 1 || resource->capacity > HF_MAX_CAPACITY)
		hf_raise_invalid("resources", "must have a capacity from 1 to 1000");
	resource->query.before = Length(values, nulls, RESOURCE_BEFORE, "buffer_before");
	resource->query.after = Length(values, nulls, RESOURCE_AFTER, "buffer_after");
	resource->query.step = Length(values, nulls, RESOURCE_STEP, "slot_step");
	resource->query.not_before =
		nulls[RESOURCE_NOTICE] ? now : After(now, values, nulls, RESOURCE_NOTICE);
	resource->query.not_after = After(now, values, nulls, RESOURCE_WINDOW);
}

/* CompareResources orders by id. */
static int
CompareResources(const void *a, const void *b)
{
	return memcmp(&((const HfResource *) a)->id, &((const HfResource *) b)->id, UUID_LEN);
}

/* hf_schedule_find finds a resource; see schedule.h. */
HfResource *
hf_schedule_find(const HfSchedule *schedule, const pg_uuid_t *id)
{
	return bsearch(id, schedule->found, schedule->count, sizeof(HfResource), CompareResources);
}

/* TakeResourceRow takes a row of a resource. */
static void
TakeResourceRow(void *arg, const Datum *values, const bool *nulls)
{
	Reading *reading = arg;
	HfSchedule *schedule = reading->schedule;

	if (schedule->count == reading->room)
	{
		reading->room *= 2;
		schedule->found = repalloc_huge(schedule->found, sizeof(HfResource) * reading->room);
	}
	TakeResource(reading, values, nulls, &schedule->found[schedule->count++]);
}

/* ReadResources reads the resources that are asked about. */
static void
ReadResources(Reading *reading)
{
	HfSchedule *schedule = reading->schedule;
	Datum values[] = {schedule->organization, schedule->ids};

	reading->room = 64;
	schedule->found = MemoryContextAlloc(reading->context, sizeof(HfResource) * reading->room);
	hf_spi_each(&read_resources, schedule->resources, values, TakeResourceRow, reading);
	qsort(schedule->found, schedule->count, sizeof(HfResource), CompareResources);
	for (int i = 1; i < schedule->count; i++)
	{
		if (CompareResources(&schedule->found[i - 1], &schedule->found[i]) == 0)
			hf_raise_invalid("resources", "must have one row for each resource");
	}
}

/* TakeSpan notes a span of the row at hand. */
static void
TakeSpan(void *arg, TimestampTz start, TimestampTz end)
{
	Reading *reading = arg;

	if (start >= end)
		return;
	Add(reading->into, reading->context, start, end);
	if (reading->starts != NULL)
		Add(reading->starts, reading->context, start, start);
}

/* Direct says what the kind of a row means: where its spans go. False: they are no time. */
static bool
Direct(Reading *reading, HfResource *resource, char kind)
{
	reading->starts = NULL;
	switch (kind)
	{
		case 's': /* shift */
			resource->has_shifts = true;
			/* fall through */
		case 'o': /* open */
			reading->into = &resource->open;
			reading->starts = &resource->starts;
			return true;
		case 'p': /* pause: a shift that is suspended */
			resource->has_shifts = true;
			return false;
		case 'b': /* break */
		case 'c': /* closed */
			reading->into = &resource->closed;
			return true;
		case 'a': /* away */
			reading->into = &resource->away;
			return true;
		default:
			hf_raise_invalid("schedule",
							 "must have rows of kind shift, pause, open, break, closed or away");
	}
}

/* Find finds the resource of a row, which mostly is that of the row before. */
static HfResource *
Find(Reading *reading, const pg_uuid_t *id)
{
	if (reading->resource == NULL || memcmp(&reading->resource->id, id, UUID_LEN) != 0)
		reading->resource = hf_schedule_find(reading->schedule, id);
	return reading->resource;
}

/* TakeRule reads one row of a schedule. */
static void
TakeRule(void *arg, const Datum *values, const bool *nulls)
{
	Reading *reading = arg;
	HfResource *resource;
	HfStretch stretch;

	if (nulls[RULE_RESOURCE] || nulls[RULE_KIND] ||
		VARSIZE_ANY_EXHDR(DatumGetTextPP(values[RULE_KIND])) == 0)
		hf_raise_invalid("schedule", "must have a resource and a kind in each row");
	resource = Find(reading, DatumGetUUIDP(values[RULE_RESOURCE]));
	if (resource == NULL ||
		!Direct(reading, resource, *VARDATA_ANY(DatumGetTextPP(values[RULE_KIND]))))
		return;
	if (reading->into == &resource->away)
	{
		TakeSpan(reading, DatumGetTimestampTz(values[RULE_STARTS_AT]),
				 DatumGetTimestampTz(values[RULE_ENDS_AT]));
		return;
	}
	if (nulls[RULE_ZONE])
		hf_raise_invalid("schedule", "must have the time zone of each time of day");
	hf_stretch_set(&stretch, Zone(reading, values[RULE_ZONE]), &reading->memo,
				   nulls[RULE_START] ? NULL : &values[RULE_START],
				   nulls[RULE_END] ? NULL : &values[RULE_END]);
	if (!nulls[RULE_DAY])
		hf_stretch_weekly(&stretch, DatumGetInt32(values[RULE_DAY]));
	if (!nulls[RULE_FROM])
		stretch.effective_from = DatumGetDateADT(values[RULE_FROM]);
	if (!nulls[RULE_TO])
		stretch.effective_to = DatumGetDateADT(values[RULE_TO]);
	if (!nulls[RULE_EXCEPT])
		hf_stretch_except(&stretch, DatumGetArrayTypeP(values[RULE_EXCEPT]));
	hf_stretch_spans(&stretch, reading->first, reading->last, TakeSpan, reading);
}

/* ReadRules reads the schedules. */
static void
ReadRules(Reading *reading)
{
	const HfSchedule *schedule = reading->schedule;
	Datum values[] = {
		schedule->organization,
		schedule->ids,
		DateADTGetDatum(reading->first),
		DateADTGetDatum(reading->last),
		TimestampTzGetDatum((int64) reading->first * USECS_PER_DAY),
		TimestampTzGetDatum((int64) reading->last * USECS_PER_DAY),
	};

	hf_spi_each(&read_rules, schedule->schedule, values, TakeRule, reading);
}

/* FirstDay and LastDay bound the local days that matter. */
static DateADT
FirstDay(const HfSchedule *schedule)
{
	return DayOf(schedule->from) - REACH;
}

static DateADT
LastDay(const HfSchedule *schedule)
{
	return DayOf(schedule->to) + REACH;
}

/* hf_schedule_read reads resources and schedules; see schedule.h. */
void
hf_schedule_read(HfSchedule *schedule)
{
	Reading reading = {schedule, FirstDay(schedule), LastDay(schedule)};

	if (TIMESTAMP_NOT_FINITE(schedule->from) || TIMESTAMP_NOT_FINITE(schedule->to))
		hf_raise_invalid("from_time", "must be finite, like to_time");
	if (reading.last - reading.first >= MAX_DAYS)
		hf_raise_invalid("to_time", "must be less than 10000 days after from_time");
	reading.context = CurrentMemoryContext;
	hf_spi_open();
	ReadResources(&reading);
	ReadRules(&reading);
	hf_spi_close();
}

/* OpenAlways opens all days of who has no shifts; starts are counted from each midnight. */
static void
OpenAlways(const HfSchedule *schedule, HfResource *resource)
{
	HfZoneMemo memo = {0};
	DateADT first = FirstDay(schedule);
	DateADT last = LastDay(schedule);
	DateADT today =
		DayOf(schedule->from + hf_zone_offset(resource->zone, schedule->from) * USECS_PER_SEC);

	if (resource->is_always)
		Add(&resource->open, CurrentMemoryContext,
			hf_zone_instant_near(&memo, resource->zone, (int64) today * USECS_PER_DAY),
			hf_zone_instant_near(&memo, resource->zone, (int64) last * USECS_PER_DAY));
	for (DateADT day = first; day <= last; day++)
	{
		TimestampTz midnight =
			hf_zone_instant_near(&memo, resource->zone, (int64) day * USECS_PER_DAY);

		Add(&resource->starts, CurrentMemoryContext, midnight, midnight);
	}
}

/* CompareInstants orders by time. */
static int
CompareInstants(const void *a, const void *b)
{
	int64 left = ((const HfSlotSpan *) a)->start;
	int64 right = ((const HfSlotSpan *) b)->start;

	return left < right ? -1 : left > right;
}

/* hf_resource_windows makes the windows of a resource; see schedule.h. */
void
hf_resource_windows(const HfSchedule *schedule, HfResource *resource)
{
	HfSpans *open = &resource->open;
	HfSpans *closed = &resource->closed;

	if (!resource->has_shifts)
		OpenAlways(schedule, resource);
	open->count = hf_spans_join(open->spans, open->count);
	closed->count = hf_spans_join(closed->spans, closed->count);
	resource->windows = palloc(sizeof(HfSlotSpan) * (open->count + closed->count + 1));
	resource->window_count = hf_spans_subtract(open->spans, open->count, closed->spans,
											   closed->count, resource->windows);
	if (resource->starts.count > 1)
		qsort(resource->starts.spans, resource->starts.count, sizeof(HfSlotSpan), CompareInstants);
}
