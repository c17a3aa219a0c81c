/*
 * spans.c
 *		local_span(), local_spans() and starts_of(): shifts and breaks of the wall clock as ranges of instants.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "errors.h"
#include "time/spans.h"
#include "time/zone.h"

#define MAX_DAYS 10000
#define MAX_DAY	 106650000 /* in the year 294000; beyond it is no timestamp */

PG_FUNCTION_INFO_V1(hf_local_span);
PG_FUNCTION_INFO_V1(hf_local_spans);
PG_FUNCTION_INFO_V1(hf_starts_of);

/* hf_stretch_set begins a stretch; see spans.h. */
void
hf_stretch_set(HfStretch *stretch, pg_tz *zone, HfZoneMemo *memo, const Datum *start,
			   const Datum *end)
{
	if ((start == NULL) != (end == NULL))
		hf_raise_invalid("end_time", "goes with start_time");
	memset(stretch, 0, sizeof(HfStretch));
	stretch->zone = zone;
	stretch->memo = memo;
	stretch->start = start == NULL ? 0 : DatumGetTimeADT(*start);
	stretch->end = end == NULL ? 0 : DatumGetTimeADT(*end);
	if (stretch->end <= stretch->start)
		stretch->end += USECS_PER_DAY;
	stretch->day_of_week = -1;
	stretch->effective_from = DATEVAL_NOBEGIN;
	stretch->effective_to = DATEVAL_NOEND;
}

/* hf_stretch_weekly makes it one of a day of the week. */
void
hf_stretch_weekly(HfStretch *stretch, int day_of_week)
{
	if (day_of_week < 0 || day_of_week > 6)
		hf_raise_invalid("day_of_week", "must be from 0, Sunday, to 6, Saturday");
	stretch->day_of_week = day_of_week;
}

/* hf_stretch_except takes it away from some days; see spans.h. */
void
hf_stretch_except(HfStretch *stretch, ArrayType *days)
{
	bool *nulls;
	int count;

	deconstruct_array(days, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &stretch->except, &nulls,
					  &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			stretch->except[stretch->except_count++] = stretch->except[i];
	}
}

/* IsExcepted tells whether a day is one it is not on. */
static bool
IsExcepted(const HfStretch *stretch, DateADT day)
{
	for (int i = 0; i < stretch->except_count; i++)
	{
		if (DatumGetDateADT(stretch->except[i]) == day)
			return true;
	}
	return false;
}

/* PutSpan finds the span of one local day; empty where the clock jumps so that its start is moved past its end. */
static void
PutSpan(const HfStretch *stretch, DateADT day, HfSpanSink sink, void *arg)
{
	Timestamp midnight = (int64) day * USECS_PER_DAY;
	TimestampTz start =
		hf_zone_instant_near(stretch->memo, stretch->zone, midnight + stretch->start);
	TimestampTz end = hf_zone_instant_near(stretch->memo, stretch->zone, midnight + stretch->end);

	sink(arg, start, Max(start, end));
}

/* hf_stretch_spans finds the spans; see spans.h. */
void
hf_stretch_spans(const HfStretch *stretch, DateADT first, DateADT last, HfSpanSink sink, void *arg)
{
	int step = 1;

	/* What an effective date may be, infinity included, is ordered as dates are. */
	first = Max(first, stretch->effective_from);
	last = Min(last, stretch->effective_to);
	if (first > last)
		return;
	if (stretch->day_of_week >= 0)
	{
		step = 7;
		first += (stretch->day_of_week + 7 - j2day(first + POSTGRES_EPOCH_JDATE)) % 7;
	}
	for (DateADT day = first; day <= last; day += step)
	{
		if (!IsExcepted(stretch, day))
			PutSpan(stretch, day, sink, arg);
	}
}

/* ReadStretch reads start_time, end_time and time_zone, which follow each other in the arguments. */
static void
ReadStretch(FunctionCallInfo fcinfo, int first, HfStretch *stretch, HfZoneMemo *memo)
{
	pg_tz *zone = hf_zone_argument(PG_GETARG_TEXT_PP(first + 2));

	hf_stretch_set(stretch, zone, memo, PG_ARGISNULL(first) ? NULL : &fcinfo->args[first].value,
				   PG_ARGISNULL(first + 1) ? NULL : &fcinfo->args[first + 1].value);
}

/* Day reads a date that can be a timestamp. */
static DateADT
Day(FunctionCallInfo fcinfo, int arg, const char *name)
{
	DateADT day = PG_GETARG_DATEADT(arg);

	if (DATE_NOT_FINITE(day) || day > MAX_DAY)
		hf_raise_invalid(name, "must be a day of at most the year 294000");
	return day;
}

/* Collected are the ranges of spans. */
typedef struct Collected
{
	TypeCacheEntry *type;
	RangeType **ranges;
	int count;
} Collected;

/* Collect adds a range. */
static void
Collect(void *arg, TimestampTz start, TimestampTz end)
{
	Collected *collected = arg;
	RangeBound lower = {.val = TimestampTzGetDatum(start), .inclusive = true, .lower = true};
	RangeBound upper = {.val = TimestampTzGetDatum(end), .lower = false};

	collected->ranges[collected->count++] = hf_compat_make_range(collected->type, &lower, &upper);
}

/* local_span(day date, start_time time, end_time time, time_zone text) */
Datum
hf_local_span(PG_FUNCTION_ARGS)
{
	HfZoneMemo memo = {0};
	HfStretch stretch;
	RangeType *range;
	Collected collected = {lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO), &range};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	ReadStretch(fcinfo, 1, &stretch, &memo);
	PutSpan(&stretch, Day(fcinfo, 0, "day"), Collect, &collected);
	PG_RETURN_RANGE_P(range);
}

/*
 * local_spans(from_day date, to_day date, day_of_week int, start_time time, end_time time, time_zone text,
 *			   effective_from date, effective_to date, exception_dates date[])
 */
Datum
hf_local_spans(PG_FUNCTION_ARGS)
{
	TypeCacheEntry *type = lookup_type_cache(TSTZMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	Collected collected = {type->rngtype};
	HfZoneMemo memo = {0};
	HfStretch stretch;
	DateADT first;
	DateADT last;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5))
		PG_RETURN_NULL();
	ReadStretch(fcinfo, 3, &stretch, &memo);
	first = Day(fcinfo, 0, "from_day");
	last = Day(fcinfo, 1, "to_day");
	if (last - first >= MAX_DAYS)
		hf_raise_invalid("to_day", "must be less than 10000 days after from_day");
	if (!PG_ARGISNULL(6))
		stretch.effective_from = PG_GETARG_DATEADT(6);
	if (!PG_ARGISNULL(7))
		stretch.effective_to = PG_GETARG_DATEADT(7);
	if (!PG_ARGISNULL(2))
		hf_stretch_weekly(&stretch, PG_GETARG_INT32(2));
	if (!PG_ARGISNULL(8))
		hf_stretch_except(&stretch, PG_GETARG_ARRAYTYPE_P(8));
	collected.ranges = palloc(sizeof(RangeType *) * Max(last - first + 1, 1));
	hf_stretch_spans(&stretch, first, last, Collect, &collected);
	PG_RETURN_MULTIRANGE_P(
		make_multirange(TSTZMULTIRANGEOID, type->rngtype, collected.count, collected.ranges));
}

/* starts_of(spans tstzmultirange) */
Datum
hf_starts_of(PG_FUNCTION_ARGS)
{
	MultirangeType *spans = PG_GETARG_MULTIRANGE_P(0);
	TypeCacheEntry *type = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	RangeType **ranges;
	int count;

	multirange_deserialize(type, spans, &count, &ranges);
	for (int i = 0; i < count; i++)
	{
		RangeBound lower;
		RangeBound upper;
		bool empty;

		range_deserialize(type, ranges[i], &lower, &upper, &empty);
		if (lower.infinite)
			hf_raise_invalid("spans", "must have bounds");
		upper.val = lower.val;
		upper.infinite = false;
		lower.inclusive = upper.inclusive = true;
		ranges[i] = hf_compat_make_range(type, &lower, &upper);
	}
	PG_RETURN_MULTIRANGE_P(make_multirange(TSTZMULTIRANGEOID, type, count, ranges));
}
